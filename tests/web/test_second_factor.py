import re

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from tanghulu.apps.directory import actions, sign_ins
from tanghulu.apps.tenancy import scope
from tanghulu.core.access import Actor
from tests.support.cast import NOON, Cast
from tests.support.codes import code_now
from tests.support.passwords import choose_password

PASSWORD = "three-haws-on-a-stick"


def browser() -> Client:
    return Client(headers={"accept-language": "en"})


def sign_in(client: Client, username: str = "wen") -> str:
    return str(client.post("/sign-in/", {"login": username, "password": PASSWORD})["Location"])


def set_up(client: Client) -> str:
    """Set up an app; gives its secret."""
    page = client.get("/second-factor/app/").content.decode()
    found = re.search(r'<p class="hash">([A-Z2-7]{32})</p>', page)
    assert found is not None
    answer = client.post("/second-factor/app/", {"code": code_now(found[1], ahead=-1)})
    assert answer["Location"] == "/second-factor/codes/"
    return found[1]


def kept(client: Client) -> list[str]:
    return re.findall(r"<li>(\d{8})</li>", client.get("/second-factor/codes/").content.decode())


@pytest.fixture
def wen_at_desk(cast: Cast) -> Client:
    choose_password(cast, "wen", PASSWORD)
    client = browser()
    sign_in(client)
    return client


@pytest.fixture
def secret(wen_at_desk: Client) -> str:
    return set_up(wen_at_desk)


class TestApp:
    def test_is_asked_for_at_the_next_sign_in(self, secret: str) -> None:
        client = browser()
        assert sign_in(client) == "/sign-in/code/"
        assert client.get("/equipment/").status_code == 302
        assert client.post("/sign-in/code/", {"code": code_now(secret)})["Location"] == "/"
        assert client.get("/equipment/").status_code == 200

    def test_takes_each_code_once(self, secret: str) -> None:
        code = code_now(secret)
        for expected in (302, 200):
            client = browser()
            sign_in(client)
            assert client.post("/sign-in/code/", {"code": code}).status_code == expected

    def test_is_not_set_up_by_a_wrong_code(self, wen_at_desk: Client) -> None:
        wen_at_desk.get("/second-factor/app/")
        answer = wen_at_desk.post("/second-factor/app/", {"code": "000000"})
        assert "This code is not right." in answer.content.decode()
        assert not Authenticator.objects.exists()

    def test_lies_locked_in_the_database(self, secret: str) -> None:
        assert secret not in str(list(Authenticator.objects.values_list("data", flat=True)))

    def test_can_be_removed_again(self, wen_at_desk: Client, secret: str) -> None:
        wen_at_desk.post("/second-factor/app/remove/")
        assert sign_in(browser()) == "/"
        assert "factor" not in wen_at_desk.session, "whether it is missed is asked anew"


class TestRecoveryCodes:
    def test_sign_in_once_each(self, wen_at_desk: Client, secret: str) -> None:
        code = kept(wen_at_desk)[0]
        for expected in (302, 200):
            client = browser()
            sign_in(client)
            assert client.post("/sign-in/code/", {"code": code}).status_code == expected

    def test_are_replaced(self, wen_at_desk: Client, secret: str) -> None:
        before = kept(wen_at_desk)
        assert len(before) == 10
        wen_at_desk.post("/second-factor/codes/new/")
        assert not set(before) & set(kept(wen_at_desk))


class TestGuessing:
    def test_is_ended_and_written_down(self, cast: Cast, secret: str) -> None:
        client = browser()
        sign_in(client)
        answers = [client.post("/sign-in/code/", {"code": "000000"}).status_code for _ in range(6)]
        assert answers == [200] * 5 + [429]
        with scope.within("harbour"):
            newest, *older = sign_ins.records(cast["zheng"], what="refused").rows
        assert newest.reason == "too_many_attempts"
        assert {row.reason for row in older} == {"code_wrong"}


class TestAskingAgain:
    def test_is_for_changes_long_after_the_sign_in(self, wen_at_desk: Client) -> None:
        session = wen_at_desk.session
        records = session["account_authentication_methods"]
        session["account_authentication_methods"] = [{**record, "at": record["at"] - 301} for record in records]
        session.save()
        answer = wen_at_desk.get("/second-factor/app/")
        assert answer["Location"] == "/sign-in/again/?next=%2Fsecond-factor%2Fapp%2F"
        form = {"password": PASSWORD, "next": "/second-factor/app/"}
        assert "Is it you?" in wen_at_desk.get(answer["Location"]).content.decode()
        assert wen_at_desk.post("/sign-in/again/", form)["Location"] == "/second-factor/app/"


class TestRule:
    @pytest.fixture
    def ruled(self, cast: Cast, wen_at_desk: Client) -> Cast:
        cast.browser("zheng").post("/sign-ins/rule/", {"roles": ["worker"]})
        return cast

    def test_leads_through_making_one_at_the_next_sign_in(self, ruled: Cast) -> None:
        client = browser()
        sign_in(client)
        assert client.get("/equipment/")["Location"] == "/second-factor/?needed=1"
        assert client.get("/equipment/", headers={"hx-request": "true"})["HX-Redirect"] == "/second-factor/?needed=1"
        page = client.get("/second-factor/?needed=1").content.decode()
        assert "Your company asks for a second factor" in page
        set_up(client)
        assert client.get("/equipment/").status_code == 200

    def test_holds_for_the_api_too(self, ruled: Cast) -> None:
        client = browser()
        sign_in(client)
        assert client.get("/api/v1/me").status_code == 401

    def test_leaves_other_roles_and_companies_alone(self, ruled: Cast) -> None:
        assert ruled.browser("vera").get("/equipment/").status_code == 200
        assert ruled.browser("quentin").get("/equipment/").status_code == 200

    def test_is_shown_and_lifted(self, ruled: Cast) -> None:
        office = ruled.browser("zheng")
        page = office.get("/sign-ins/").content.decode()
        assert re.search(r'value="worker"[^>]* checked', page)
        office.post("/sign-ins/rule/", {})
        client = browser()
        sign_in(client)
        assert client.get("/equipment/").status_code == 200

    def test_is_for_administrators(self, cast: Cast) -> None:
        assert cast.browser("chen").post("/sign-ins/rule/", {"roles": ["worker"]}).status_code == 403


class TestReset:
    def test_lets_somebody_in_who_has_lost_it(self, cast: Cast, wen_at_desk: Client, secret: str) -> None:
        office, path = cast.browser("zheng"), f"/people/{cast['wen'].member}/"
        assert "Reset the second factor" in office.get(path).content.decode()
        assert office.post(f"{path}second-factor/reset/")["Location"] == path
        assert wen_at_desk.get("/equipment/").status_code == 302
        assert sign_in(browser()) == "/"
        assert "Reset the second factor" not in office.get(path).content.decode()
        assert office.post(f"{path}second-factor/reset/").status_code == 404
        with scope.within("harbour"):
            (row,) = sign_ins.records(cast["zheng"], what="factor_reset").rows
        assert (row.name, row.by) == ("王维", "郑洁")

    def test_is_left_to_the_operator_for_somebody_of_two_companies(self, cast: Cast, secret: str) -> None:
        with scope.within("quarry"):
            actions.add_member(Actor.operator("quarry"), name="王维", roles=[], username="wen", at=NOON)
        answer = cast.browser("zheng").post(f"/people/{cast['wen'].member}/second-factor/reset/")
        assert answer.status_code == 409
