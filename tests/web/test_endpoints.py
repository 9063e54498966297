import pytest
from django.test import Client, RequestFactory

from tanghulu.apps.directory import actions
from tanghulu.apps.tenancy import scope
from tanghulu.core.access import Actor, Role
from tanghulu.core.errors import NotAllowed
from tanghulu.web import endpoints
from tests.support.cast import NOON, Cast

pytestmark = pytest.mark.django_db


class TestPage:
    def test_sends_a_stranger_to_sign_in(self, client: Client) -> None:
        answer = client.get("/people/?search=x")
        assert answer.status_code == 302
        assert answer["Location"] == "/sign-in/?next=/people/%3Fsearch%3Dx"

    def test_sends_a_strangers_whole_page_there_when_a_part_was_asked_for(self, client: Client) -> None:
        answer = client.get("/people/", headers={"hx-request": "true"})
        assert (answer.status_code, answer["HX-Redirect"]) == (204, "/sign-in/")

    def test_lets_in_who_has_the_permission(self, cast: Cast) -> None:
        assert cast.browser("zheng").get("/people/").status_code == 200

    def test_refuses_who_has_not(self, cast: Cast) -> None:
        answer = cast.browser("wen").get("/people/")
        assert answer.status_code == 403
        assert "Your role does not allow this" in answer.content.decode()

    def test_leaves_no_tenant_behind(self, cast: Cast) -> None:
        cast.browser("zheng").get("/people/")
        with pytest.raises(scope.OutsideTenant):
            scope.current()

    def test_lets_a_member_of_two_companies_choose(self, cast: Cast) -> None:
        with scope.within("quarry"):
            actions.add_member(
                Actor.operator("quarry"), name="郑洁", roles=["administrator"], username="zheng", at=NOON
            )
        browser = cast.browser("zheng")
        assert browser.get("/people/")["Location"] == "/companies/"
        browser.post("/companies/", {"company": "quarry"})
        page = browser.get("/people/").content.decode()
        assert "昆廷" in page
        assert "王维" not in page

    def test_does_not_let_anybody_choose_what_is_not_theirs(self, cast: Cast) -> None:
        browser = cast.browser("zheng")
        assert browser.post("/companies/", {"company": "quarry"}).status_code == 404
        assert "昆廷" not in browser.get("/people/").content.decode()

    def test_turns_out_somebody_who_left(self, cast: Cast) -> None:
        browser = cast.browser("zhou")
        with scope.within("harbour"):
            actions.change_member(
                cast["zheng"], member=cast["zhou"].member, name="周涛", number="", unit=None, active=False
            )
        assert browser.get("/people/")["Location"] == "/companies/"
        assert "No company has you" in browser.get("/companies/").content.decode()


class TestLanguageOfAPage:
    def reads_english(self, cast: Cast) -> Client:
        with scope.within("harbour"):
            actions.change_member(
                cast["zheng"], member=cast["wu"].member, name="吴芳", number="", unit=None, active=True, language="en"
            )
        return cast.browser("wu")

    def test_is_the_one_that_the_person_is_known_to_read(self, cast: Cast) -> None:
        page = self.reads_english(cast).get("/people/", headers={"accept-language": "zh-CN"}).content.decode()
        assert "<h1>People</h1>" in page

    def test_is_that_for_a_refusal_too(self, cast: Cast) -> None:
        page = self.reads_english(cast).get("/people/add/", headers={"accept-language": "zh-CN"}).content.decode()
        assert "Your role does not allow this" in page

    def test_is_what_was_switched_to_all_the_same(self, cast: Cast) -> None:
        browser = self.reads_english(cast)
        browser.post("/language/", {"language": "zh-hans"})
        assert "<h1>人员</h1>" in browser.get("/people/").content.decode()


class TestAnswerInScope:
    def test_knows_the_caller_by_token_and_works_in_that_tenant(self, cast: Cast) -> None:
        phone = cast.phone("wen")
        request = RequestFactory().get("/api/v1/x", headers={"authorization": phone.defaults["HTTP_AUTHORIZATION"]})
        seen = []
        endpoints.answer_in_scope(request, lambda asked: seen.append((asked.actor, scope.current())))  # type: ignore[arg-type,attr-defined,func-returns-value]
        assert seen == [(cast["wen"], "harbour")]

    def test_answers_401_to_a_token_that_is_not_known(self, cast: Cast) -> None:
        answer = Client(headers={"authorization": "Bearer tgh_harbour_" + "A" * 43}).get("/api/v1/x")
        assert (answer.status_code, answer.json()["code"]) == (401, "token_unknown")

    def test_makes_no_session_for_a_token(self, cast: Cast) -> None:
        answer = cast.phone("wen").get("/api/v1/nothing-here")
        assert answer.status_code == 404
        assert not answer.cookies


class TestSignedIn:
    def request(self, method: str, **extra: object) -> object:
        request = RequestFactory(enforce_csrf_checks=True).generic(method, "/api/v1/x", **extra)  # type: ignore[arg-type]
        request.actor = Actor("harbour", "a" * 32, frozenset({Role.WORKER}))  # type: ignore[attr-defined]
        return request

    def test_knows_no_stranger(self) -> None:
        assert endpoints.signed_in(RequestFactory().get("/api/v1/x")) is None

    def test_lets_a_session_read(self) -> None:
        assert endpoints.signed_in(self.request("GET")) is not None  # type: ignore[arg-type]

    def test_asks_a_session_that_changes_something_for_its_token(self) -> None:
        with pytest.raises(NotAllowed, match="form_expired"):
            endpoints.signed_in(self.request("POST"))  # type: ignore[arg-type]

    def test_asks_a_bearer_token_for_nothing_more(self) -> None:
        request = self.request("POST", headers={"authorization": "Bearer x"})
        assert endpoints.signed_in(request) is not None  # type: ignore[arg-type]


class TestActorOf:
    def test_refuses_a_stranger(self) -> None:
        with pytest.raises(NotAllowed, match="sign_in_required"):
            endpoints.actor_of(RequestFactory().get("/api/v1/x"))
