from django.test import Client

from tanghulu.apps.directory import queries
from tanghulu.apps.tenancy import scope
from tests.support.cast import Cast


def named(cast: Cast) -> dict[str, int]:
    with scope.within("harbour"):
        return {row.name: row.id for row in queries.units(cast["zheng"])}


def page_of(browser: Client, path: str) -> str:
    return browser.get(path).content.decode()


class TestUnits:
    def test_are_not_for_workers(self, cast: Cast) -> None:
        assert cast.browser("wen").get("/units/").status_code == 403
        assert cast.browser("wen").get("/places/").status_code == 200

    def test_say_how_many_people_are_in_each(self, cast: Cast) -> None:
        page = page_of(cast.browser("zheng"), "/units/")
        assert "5 people" in page
        assert "In no unit" not in page


class TestUnit:
    def test_shows_its_people_and_what_is_below(self, cast: Cast) -> None:
        ids = named(cast)
        assert "维修部 / 电气班" in page_of(cast.browser("chen"), f"/units/{ids['维修部']}/")
        page = page_of(cast.browser("chen"), f"/units/{ids['电气班']}/")
        assert "李强" in page
        assert 'name="parent"' not in page
        assert "Nobody is in this unit itself." in page_of(cast.browser("zheng"), f"/units/{ids['维修部']}/")

    def test_is_renamed_and_moved(self, cast: Cast) -> None:
        ids, browser = named(cast), cast.browser("zheng")
        path = f"/units/{ids['电气班']}/"
        assert browser.post(path, {"name": "电气一班", "parent": ids["安全环保部"]})["Location"] == path
        assert "安全环保部 / 电气一班" in page_of(browser, path)

    def test_refuses_a_circle_on_the_form(self, cast: Cast) -> None:
        ids = named(cast)
        answer = cast.browser("zheng").post(f"/units/{ids['维修部']}/", {"name": "维修部", "parent": ids["电气班"]})
        assert answer.status_code == 422
        assert "A unit cannot be part of itself" in answer.content.decode()

    def test_speaks_chinese(self, cast: Cast) -> None:
        path = f"/units/{named(cast)['维修部']}/"
        page = cast.browser("zheng").get(path, headers={"accept-language": "zh-hans"}).content.decode()
        assert "改名或调整上级" in page


class TestMove:
    def test_moves_those_who_are_ticked(self, cast: Cast) -> None:
        ids, browser = named(cast), cast.browser("zheng")
        here = f"/units/{ids['电气班']}/"
        form = {"member": [cast["li"].member, cast["he"].member], "unit": ids["维修三班"]}
        assert browser.post(f"{here}people/", form)["Location"] == here
        page = page_of(browser, here)
        assert "2 people moved." in page
        assert "李强" not in page
        assert "李强" in page_of(browser, f"/units/{ids['维修三班']}/")

    def test_takes_people_out_of_every_unit_and_back(self, cast: Cast) -> None:
        ids, browser = named(cast), cast.browser("zheng")
        browser.post(f"/units/{ids['电气班']}/people/", {"member": cast["li"].member, "unit": ""})
        assert "In no unit" in page_of(browser, "/units/")
        assert "李强" in page_of(browser, "/units/0/")
        browser.post("/units/0/people/", {"member": cast["li"].member, "unit": ids["电气班"]})
        assert "李强" in page_of(browser, f"/units/{ids['电气班']}/")
        assert browser.post("/units/0/", {"name": "x"}).status_code == 422

    def test_knows_nothing_of_another_company(self, cast: Cast) -> None:
        with scope.within("quarry"):
            theirs = queries.units(cast["qiu"])[0].id
        browser, ids = cast.browser("zheng"), named(cast)
        assert browser.get(f"/units/{theirs}/").status_code == 404
        here = f"/units/{ids['电气班']}/people/"
        assert browser.post(here, {"member": cast["li"].member, "unit": theirs}).status_code == 404
        assert browser.post(here, {"member": cast["li"].member, "unit": "x"}).status_code == 404
        assert browser.post(here, {"member": cast["quentin"].member, "unit": ""}).status_code == 404
