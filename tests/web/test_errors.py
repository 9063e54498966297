import json
import re
from pathlib import Path

import pytest
from django.test import RequestFactory
from django.utils import translation

from tanghulu.cli.lan_words import WORDS
from tanghulu.core.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal
from tanghulu.web import errors
from tanghulu.web.sentences import SENTENCES
from tests.architecture.source import modules
from tests.architecture.test_reference import refused_codes


class TestStatusOf:
    @pytest.mark.parametrize(
        ("refusal", "status"),
        [
            (Invalid("text_missing"), 422),
            (NotAllowed("permission_missing"), 403),
            (NotFound("member_not_found"), 404),
            (Conflict("name_taken"), 409),
            (NotAllowed("sign_in_required"), 401),
            (NotAllowed("token_unknown"), 401),
        ],
    )
    def test_is_one_of_five(self, refusal: Refusal, status: int) -> None:
        assert errors.status_of(refusal) == status


class TestSentences:
    def test_say_something_for_each_code_that_is_raised(self) -> None:
        raised = {code for given in modules("src") for code in refused_codes(given)}
        # What only the command line refuses is told there, in both languages at once.
        assert sorted(raised - set(SENTENCES) - set(WORDS)) == []

    def test_stand_in_alphabetical_order(self) -> None:
        assert list(SENTENCES) == sorted(SENTENCES)

    @pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
    def test_are_sentences_in_each_language(self, language: str) -> None:
        with translation.override(language):
            for code, sentence in SENTENCES.items():
                text = str(sentence)
                assert bool(re.search("[一-鿿]", text)) is (language != "en") or code == "text_malformed"

    def test_have_their_line_in_the_reference(self) -> None:
        page = (Path(__file__).resolve().parents[2] / "docs/reference/errors.md").read_text(encoding="utf-8")
        assert [code for code in SENTENCES if f"| `{code}` |" not in page] == []


class TestSentenceOf:
    def test_is_in_the_readers_language(self) -> None:
        refusal = Conflict("equipment_number_taken", number="C3")
        with translation.override("en"):
            assert errors.sentence_of(refusal) == "Another piece of equipment already has the number C3."
        with translation.override("zh-hans"):
            assert errors.sentence_of(refusal) == "编号 C3 已有其他设备使用。"

    def test_shows_the_code_where_it_has_no_words(self) -> None:
        with translation.override("en"):
            assert errors.sentence_of(Invalid("never_heard_of")) == "This is not possible (never_heard_of)."

    def test_does_not_fail_over_a_value_that_was_not_given(self) -> None:
        with translation.override("en"):
            assert "—" in errors.sentence_of(Conflict("equipment_number_taken"))


class TestRespond:
    def test_answers_the_api_in_the_one_shape(self) -> None:
        request = RequestFactory().get("/api/v1/x", headers={"accept-language": "en"})
        answer = errors.respond(request, NotFound("member_not_found", ref="a"))
        assert answer.status_code == 404
        assert json.loads(answer.content) == {
            "code": "member_not_found",
            "message": "There is no such person.",
            "details": {"ref": "a"},
        }

    def test_answers_the_api_in_chinese_when_nothing_else_is_asked_for(self) -> None:
        answer = errors.respond(RequestFactory().get("/api/v1/x"), NotFound("member_not_found"))
        assert json.loads(answer.content)["message"] == "没有这个人。"


class TestNotHere:
    def test_declines_a_method_and_names_those_that_there_are(self) -> None:
        request = RequestFactory().delete("/api/v1/x", headers={"accept-language": "en"})
        answer = errors.not_here(request, "GET, PUT")
        assert (answer.status_code, answer["Allow"]) == (405, "GET, PUT")
        assert json.loads(answer.content) == {
            "code": "method_not_allowed",
            "message": "This cannot be done at this address.",
            "details": {},
        }


class TestBroken:
    def test_says_no_more_than_that_something_failed(self) -> None:
        answer = errors.broken(RequestFactory().get("/people/", headers={"accept-language": "en"}))
        assert answer.status_code == 500
        assert answer.content.decode() == "Something failed inside. It has been noted; please try again."
        answer = errors.broken(RequestFactory().get("/api/v1/x", headers={"accept-language": "en"}))
        assert json.loads(answer.content)["code"] == "server_error"
