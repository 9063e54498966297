import html
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tanghulu.apps.directory import queries
from tanghulu.apps.tenancy import scope
from tanghulu.core.table.inventory import HEADERS, Column
from tanghulu.core.table.roster import folded
from tanghulu.core.table.sheet import read_sheet
from tests.support.cast import Cast

GOOD = "设备编号,设备名称,类别,地点\nC9,九号皮带机,带式输送机,码头/北侧\n"
MIXED = GOOD + "C8,八号,,\n"


@pytest.fixture
def office(cast: Cast) -> Client:
    """The safety officer's browser."""
    return cast.browser("chen")


def looked_at(office: Client, text: str) -> dict[str, str]:
    """What the page that shows a list carries on to the next one."""
    answer = office.post("/equipment/import/", {"file": SimpleUploadedFile("list.csv", text.encode())})
    assert answer.status_code == 200
    page = answer.content.decode()
    found = re.findall(r'name="(rows|digest)" value="([^"]*)"', page)
    return {name: html.unescape(value) for name, value in found} | {"page": page}


def numbers(cast: Cast) -> set[str]:
    with scope.within("harbour"):
        return {row.number for row in queries.equipment(cast["chen"])}


class TestImportEquipment:
    def test_shows_what_it_would_do_and_does_nothing(self, cast: Cast, office: Client) -> None:
        page = looked_at(office, MIXED)["page"]
        assert "1 machine will be added" in page
        assert "Kind: belt conveyor" in page
        assert "码头 / 北侧" in page
        assert "Please say what kind of equipment it is." in page
        assert "C9" not in numbers(cast)

    def test_writes_the_good_rows_and_shows_the_others(self, cast: Cast, office: Client) -> None:
        answer = office.post("/equipment/import/apply/", looked_at(office, MIXED))
        assert answer.status_code == 200
        assert "1 machine added. 0 machines changed. 2 places added." in answer.content.decode()
        assert {"C9"} == numbers(cast) & {"C8", "C9"}
        assert office.post("/equipment/import/apply/", looked_at(office, GOOD))["Location"] == "/equipment/"

    def test_asks_again_when_something_has_changed_meanwhile(self, office: Client) -> None:
        carried = looked_at(office, GOOD)
        office.post("/equipment/", {"number": "C9", "name": "x", "kind": "crane"})
        answer = office.post("/equipment/import/apply/", carried)
        assert answer.status_code == 409
        assert "1 machine will be changed" in answer.content.decode()

    def test_gives_the_bad_rows_back_to_be_mended(self, cast: Cast, office: Client) -> None:
        answer = office.post("/equipment/import/problems/", looked_at(office, MIXED))
        rows = read_sheet(answer.content)
        assert rows[1][0] == "C8"
        assert rows[1][-1] == "Kind: Please say what kind of equipment it is."
        mended = answer.content.decode("utf-8-sig").replace("八号,", "八号,crane")
        office.post("/equipment/import/apply/", looked_at(office, mended))
        assert "C8" in numbers(cast)

    def test_says_why_a_file_is_refused(self, office: Client) -> None:
        answer = office.post("/equipment/import/", {"file": SimpleUploadedFile("list.csv", "名称\nx\n".encode())})
        assert answer.status_code == 422
        assert "The list has no column Number." in answer.content.decode()
        assert office.post("/equipment/import/", {}).status_code == 422
        assert office.post("/equipment/import/apply/", {"rows": "[[1]]"}).status_code == 422

    def test_is_not_for_those_who_only_read(self, cast: Cast) -> None:
        assert cast.browser("wu").get("/equipment/import/").status_code == 403
        assert "/equipment/import/" not in cast.browser("wu").get("/equipment/").content.decode()


class TestBlank:
    @pytest.mark.parametrize("language", ["en", "zh-hans"])
    def test_can_be_read_in_every_language(self, office: Client, language: str) -> None:
        answer = office.get("/equipment/import/blank/", headers={"accept-language": language})
        (top,) = read_sheet(answer.content)
        known = {folded(header): column for column, headers in HEADERS.items() for header in headers}
        assert [known[folded(name)] for name in top] == [column for column in Column if column is not Column.PROBLEM]
