from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from tanghulu.apps.directory import queries as directory
from tanghulu.apps.evidence import queries as evidence
from tanghulu.apps.flows import queries as flows
from tanghulu.apps.tenancy import queries as companies
from tanghulu.apps.tenancy import scope
from tanghulu.apps.tenancy.first_link import make_first_link
from tanghulu.core.access import Actor
from tests.support.cast import Cast
from tests.support.yard import Yard

PASSWORD = "three in, three out"
OPERATOR = Actor.operator("port")
ME = {
    "company": "港湾散货码头",
    "slug": "port",
    "name": "郑洁",
    "username": "jie",
    "password": PASSWORD,
    "again": PASSWORD,
}


@pytest.fixture
def link(db: None) -> str:
    return f"/begin/{make_first_link(at=timezone.now())}/"


@pytest.fixture
def founder(link: str) -> Iterator[Client]:
    """The browser of the administrator who has just begun, inside the company."""
    browser = Client(headers={"accept-language": "en"})
    assert browser.post(link, ME)["Location"] == "/"
    with scope.within("port"):
        yield browser


class TestBegin:
    def test_makes_a_company_with_a_log_and_signs_its_administrator_in(self, founder: Client) -> None:
        assert companies.company().name == "港湾散货码头"
        assert companies.company().language == "en"
        (me,) = directory.colleagues(OPERATOR)
        assert (me.name, [role.value for role in me.roles]) == ("郑洁", ["administrator"])
        assert evidence.log_position() == 1
        assert founder.get("/")["Location"] == "/setup/"

    def test_is_there_once(self, founder: Client, link: str) -> None:
        assert founder.get(link).status_code == 404
        assert Client().post(link, {**ME, "slug": "other", "username": "other"}).status_code == 404
        assert companies.slugs() == ["port"]

    def test_keeps_no_copy_and_asks_again_where_something_is_wrong(self, link: str, client: Client) -> None:
        assert "no-store" in client.get(link)["Cache-Control"]
        for wrong in ({"again": "another one"}, {"password": "1234567890", "again": "1234567890"}, {"slug": "A B"}):
            assert client.post(link, {**ME, **wrong}).status_code == 422
        assert companies.slugs() == []

    @pytest.mark.django_db
    def test_takes_no_link_that_is_old_or_made_up(self, client: Client) -> None:
        now = timezone.now()
        old = make_first_link(at=now - timedelta(days=2))
        made_up = str(make_first_link(at=now))[:-1] + "_"
        for code in (old, made_up, "1.aaaaaaaaaaaaaaaaaaaaaa", "nothing"):
            assert client.get(f"/begin/{code}/").status_code == 404


class TestSetup:
    def test_leads_to_what_is_not_done_yet(self, founder: Client) -> None:
        page = founder.get("/setup/").content.decode()
        assert "1 of 6 done" in page
        assert "Who takes part?" in page
        assert "On what is work done?" in founder.get("/setup/?step=machine").content.decode()

    def test_speaks_chinese(self, cast: Cast) -> None:
        browser = cast.browser("zheng")
        page = browser.get("/setup/?step=people", headers={"accept-language": "zh-hans"}).content.decode()
        assert "谁来作业？" in page

    def test_takes_rows_of_people_all_or_none(self, founder: Client) -> None:
        rows = {"0-name": "赵刚", "0-role": "team_leader", "0-username": "zhao", "1-role": "worker", "2-role": "worker"}
        rows |= {"3-role": "worker"}
        twice = founder.post("/setup/people/", {**rows, "1-name": "李强", "1-username": "zhao"})
        assert twice.status_code == 422
        assert "Another account already has this sign-in name." in twice.content.decode()
        assert founder.post("/setup/people/", {"0-role": "worker", "1-role": "worker"}).status_code == 422
        assert founder.post("/setup/people/", {**rows, "1-number": "7"}).status_code == 422
        assert len(directory.colleagues(OPERATOR)) == 1
        assert founder.post("/setup/people/", rows)["Location"] == "/setup/"
        assert "On what is work done?" in founder.get("/setup/").content.decode()

    def test_takes_a_machine_at_a_new_place_or_one_that_is_there(self, founder: Client) -> None:
        for number in ("C1", "C2"):
            machine = {"place_name": "Gallery", "number": number, "name": "Belt", "kind": "conveyor"}
            assert founder.post("/setup/machine/", machine)["Location"] == "/setup/"
        assert [row.place for row in directory.equipment(OPERATOR)] == ["Gallery", "Gallery"]
        assert len(directory.places(OPERATOR)) == 1
        assert founder.post("/setup/machine/", machine).status_code == 422

    def test_publishes_what_was_chosen(self, founder: Client) -> None:
        founder.post("/setup/machine/", {"place_name": "Gallery", "number": "C1", "name": "Belt", "kind": "conveyor"})
        page = founder.get("/setup/?step=templates").content.decode()
        assert page.index("Belt-conveyor maintenance") < page.index("fits your machine") < page.index("needs: silo")
        assert founder.post("/setup/templates/", {"template": "belt-conveyor-maintenance"})["Location"] == "/setup/"
        assert flows.published(OPERATOR) == {"belt-conveyor-maintenance"}
        assert founder.post("/setup/templates/", {"template": "loto-three-in"}).status_code == 404
        assert founder.get("/")["Location"] == "/jobs/"

    def test_shows_a_link_for_somebodys_phone(self, founder: Client, settings: Settings) -> None:
        settings.PHONES = "https://port.example:8443"
        assert "Nobody yet who may begin a job" in founder.get("/setup/?step=phone").content.decode()
        founder.post("/setup/people/", {"0-name": "赵刚", "0-role": "team_leader", "0-username": "zhao"} | {
            f"{row}-role": "worker" for row in (1, 2, 3)
        })  # fmt: skip
        (zhao,) = (row for row in directory.colleagues(OPERATOR) if row.name == "赵刚")
        answer = founder.post("/setup/phone/", {"member": zhao.ref})
        page = answer.content.decode()
        assert answer["Cache-Control"] == "no-store"
        assert "https://port.example:8443/password/link/tgl_port_" in page
        path = page.split("https://port.example:8443", 1)[1].split('"', 1)[0]
        settings.PHONES = ""
        phone = Client()
        assert phone.post(path, {"password": PASSWORD, "again": PASSWORD})["Location"] == "/devices/this/"
        assert phone.get("/devices/this/").status_code == 200
        assert phone.post("/devices/this/")["Location"].startswith("/capture/#enrol=")

    def test_waits_for_the_first_job_and_leads_to_it(self, yard: Yard) -> None:
        browser = yard.cast.browser("zheng")
        page = browser.get("/setup/?step=job")
        assert "Now begin a job on the phone" in page.content.decode()
        part = {"hx-request": "true", "if-none-match": page["ETag"]}
        assert browser.get("/setup/?step=job", headers=part).status_code == 304
        yard.open()
        assert browser.get("/setup/?step=job", headers=part)["HX-Redirect"] == f"/jobs/{'a' * 32}/"
        assert "The first job is here" in browser.get("/setup/?step=job").content.decode()

    def test_says_which_parts_nobody_could_take(self, founder: Client) -> None:
        founder.post("/setup/templates/", {"template": "belt-conveyor-maintenance"})
        page = founder.get("/setup/?step=job").content.decode()
        assert "Nobody could take these parts yet:" in page
        assert "Electrician: worker with the certificate electrician" in page
        assert "Area owner: team leader or manager" in page

    def test_makes_no_link_for_somebody_of_another_company(self, cast: Cast) -> None:
        assert cast.browser("zheng").post("/setup/phone/", {"member": cast["quentin"].member}).status_code == 404

    def test_is_for_administrators(self, cast: Cast) -> None:
        for username in ("wen", "chen", "sun"):
            assert cast.browser(username).get("/setup/").status_code == 403
