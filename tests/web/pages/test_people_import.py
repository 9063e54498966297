import html
import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

from tanghulu.apps.directory import actions, queries
from tanghulu.apps.tenancy import scope
from tanghulu.core.table.roster import HEADERS, Column, folded
from tanghulu.core.table.sheet import read_sheet
from tanghulu.web.components import roster
from tests.support.cast import NOON, Cast

GOOD = "工号,姓名,角色,电话\n0900,丁一,班组长,123\n"
MIXED = GOOD + "0901,丁二,皇帝,\n0902,=cmd|' /C calc'!A0,皇帝,\n"


@pytest.fixture
def office(cast: Cast) -> Client:
    """The administrator's browser."""
    return cast.browser("zheng")


def looked_at(office: Client, text: str) -> dict[str, str]:
    """What the page that shows a list carries on to the next one."""
    answer = office.post("/people/import/", {"file": SimpleUploadedFile("people.csv", text.encode())})
    assert answer.status_code == 200
    return {
        name: html.unescape(value)
        for name, value in re.findall(r'name="(rows|digest)" value="([^"]*)"', answer.content.decode())
    } | {"page": answer.content.decode()}


def people(cast: Cast, search: str) -> int:
    with scope.within("harbour"):
        return queries.members(cast["zheng"], search=search).total


class TestImportPeople:
    def test_shows_what_it_would_do_and_does_nothing(self, cast: Cast, office: Client) -> None:
        page = looked_at(office, MIXED)["page"]
        assert "1 person will be added" in page
        assert "Roles: team leader" in page
        assert "There is no role 皇帝." in page
        assert "电话" in page
        assert people(cast, "090") == 0

    def test_writes_the_good_rows_and_shows_the_others(self, cast: Cast, office: Client) -> None:
        answer = office.post("/people/import/apply/", looked_at(office, MIXED))
        assert answer.status_code == 200
        assert "1 person added. 0 people changed." in answer.content.decode()
        assert "There is no role 皇帝." in answer.content.decode()
        assert people(cast, "090") == 1

    def test_leads_back_when_nothing_is_left_to_mend(self, office: Client) -> None:
        assert office.post("/people/import/apply/", looked_at(office, GOOD))["Location"] == "/people/"

    def test_asks_again_when_something_has_changed_meanwhile(self, cast: Cast, office: Client) -> None:
        carried = looked_at(office, GOOD)
        with scope.within("harbour"):
            actions.add_member(cast["zheng"], name="丁一", number="0900", roles=[], at=NOON)
        answer = office.post("/people/import/apply/", carried)
        assert answer.status_code == 409
        assert "Something has changed here" in answer.content.decode()
        assert "1 person will be changed" in answer.content.decode()

    def test_gives_the_bad_rows_back_to_be_mended(self, cast: Cast, office: Client) -> None:
        answer = office.post("/people/import/problems/", looked_at(office, MIXED))
        assert answer["Content-Disposition"] == 'attachment; filename="people-to-mend.csv"'
        assert b"'=cmd" in answer.content
        rows = read_sheet(answer.content)
        assert [row[0] for row in rows] == ["工号", "0901", "0902"]
        assert rows[1][-1] == "Roles: There is no role 皇帝."
        mended = answer.content.decode("utf-8-sig").replace("皇帝", "worker")
        office.post("/people/import/apply/", looked_at(office, mended))
        assert people(cast, "090") == 2

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ("姓名\n丁一\n", "The list has no column Number."),
            ("\n,\n", "There is nothing in this file."),
            ("a\0b", "This file cannot be read."),
        ],
    )
    def test_says_why_a_file_is_refused(self, office: Client, text: str, sentence: str) -> None:
        answer = office.post("/people/import/", {"file": SimpleUploadedFile("people.csv", text.encode())})
        assert answer.status_code == 422
        assert sentence in answer.content.decode()

    def test_asks_for_a_file(self, office: Client) -> None:
        assert "Download an empty list" in office.get("/people/import/").content.decode()
        assert office.post("/people/import/", {}).status_code == 422

    @pytest.mark.parametrize("rows", ["", "{}", "[[1]]", '[["\\ud800"]]', "[]", '["a"]'])
    def test_trusts_nothing_that_comes_back(self, office: Client, rows: str) -> None:
        for path in ("/people/import/apply/", "/people/import/problems/"):
            assert office.post(path, {"rows": rows, "digest": "x"}).status_code == 422

    def test_shows_no_word_of_a_file_as_markup(self, office: Client) -> None:
        assert "<b>x" not in looked_at(office, "工号,姓名,<b>x\n0900,<b>x,1\n")["page"]


class TestBlank:
    @pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
    def test_can_be_read_in_every_language(self, cast: Cast, language: str) -> None:
        answer = cast.browser("zheng").get("/people/import/blank/", headers={"accept-language": language})
        (top,) = read_sheet(answer.content)
        known = {folded(header): column for column, headers in HEADERS.items() for header in headers}
        assert [known[folded(name)] for name in top] == [column for column in Column if column is not Column.PROBLEM]

    def test_explains_every_column(self) -> None:
        with translation.override("zh-hans"):
            assert io.BytesIO(roster.blank()).getbuffer().nbytes > 0
            assert all(meant for _, meant in roster.guide())
