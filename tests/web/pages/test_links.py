import pytest
from django.test import Client

from tanghulu.apps.directory import actions
from tanghulu.apps.tenancy import scope
from tanghulu.core.access import Actor
from tests.support.cast import NOON, Cast

PASSWORD = "three-haws-on-a-stick"


@pytest.fixture
def path(cast: Cast) -> str:
    from_office = cast.browser("zheng").post(f"/people/{cast['wen'].member}/link/").content.decode()
    start = from_office.index("/password/link/")
    return from_office[start : from_office.index("/", start + len("/password/link/")) + 1]


class TestUseLink:
    def test_leads_in(self, path: str) -> None:
        phone = Client(headers={"accept-language": "en"})
        assert "Welcome, 王维" in phone.get(path).content.decode()
        assert phone.post(path, {"password": PASSWORD, "again": PASSWORD})["Location"] == "/"
        assert phone.get("/equipment/").status_code == 200
        assert Client().get(path).status_code == 404

    def test_takes_the_place_of_who_was_here_before(self, cast: Cast, path: str) -> None:
        shared = cast.browser("vera")
        shared.post(path, {"password": PASSWORD, "again": PASSWORD})
        assert "王维" in shared.get("/jobs/").content.decode()

    def test_is_not_used_up_by_a_mistake(self, path: str) -> None:
        phone = Client(headers={"accept-language": "en"})
        answer = phone.post(path, {"password": PASSWORD, "again": "something else"})
        assert answer.status_code == 422
        assert "The two are not the same." in answer.content.decode()
        assert PASSWORD not in answer.content.decode()
        assert phone.get(path).status_code == 200

    @pytest.mark.django_db
    def test_ends_the_guessing(self) -> None:
        guesses = [Client().get(f"/password/link/tgl_harbour_{number:032}/").status_code for number in range(22)]
        assert guesses == [404] * 20 + [429] * 2


class TestAccount:
    def test_of_two_companies_is_left_to_the_operator(self, cast: Cast) -> None:
        with scope.within("quarry"):
            actions.add_member(Actor.operator("quarry"), name="王维", roles=[], username="wen", at=NOON)
        answer = cast.browser("zheng").post(f"/people/{cast['wen'].member}/link/")
        assert answer.status_code == 409
