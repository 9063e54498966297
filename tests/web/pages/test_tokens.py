import re

import pytest
from django.test import Client

from tanghulu.apps.directory import tokens
from tanghulu.apps.tenancy import scope
from tests.support.cast import Cast


@pytest.fixture
def office(cast: Cast) -> Client:
    """The administrator's browser."""
    return cast.browser("zheng")


def made(cast: Cast, office: Client) -> str:
    """A token for a program that acts as Li; its text."""
    form = {"member": cast["li"].member, "purpose": "erp", "days": "30"}
    answer = office.post("/tokens/", form)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    (text,) = re.findall(r"tgh_harbour_[\w-]{43}", answer.content.decode())
    return text


class TestTokens:
    def test_shows_a_new_one_once(self, cast: Cast, office: Client) -> None:
        text = made(cast, office)
        page = office.get("/tokens/").content.decode()
        assert "erp" in page
        assert text not in page
        me = Client(headers={"authorization": f"Bearer {text}"}).get("/api/v1/me").json()
        assert me["member"]["ref"] == cast["li"].member

    def test_puts_what_is_missing_back_on_the_form(self, cast: Cast, office: Client) -> None:
        answer = office.post("/tokens/", {"member": cast["li"].member, "purpose": "", "days": "30"})
        assert answer.status_code == 422
        assert "tgh_" not in answer.content.decode()

    def test_makes_none_for_somebody_of_another_company(self, cast: Cast, office: Client) -> None:
        answer = office.post("/tokens/", {"member": cast["quentin"].member, "purpose": "erp", "days": "30"})
        assert answer.status_code == 422

    def test_is_for_administrators(self, cast: Cast) -> None:
        for method in ("get", "post"):
            assert getattr(cast.browser("chen"), method)("/tokens/").status_code == 403


class TestWithdraw:
    def test_ends_it(self, cast: Cast, office: Client) -> None:
        text = made(cast, office)
        with scope.within("harbour"):
            (row,) = tokens.api_tokens(cast["zheng"])
        answer = office.post(f"/tokens/{row.id}/withdraw/", {"member": row.member})
        assert answer["Location"] == "/tokens/"
        assert Client(headers={"authorization": f"Bearer {text}"}).get("/api/v1/me").status_code == 401
        assert "erp" not in office.get("/tokens/").content.decode()

    def test_does_not_find_another_persons(self, cast: Cast, office: Client) -> None:
        made(cast, office)
        with scope.within("harbour"):
            (row,) = tokens.api_tokens(cast["zheng"])
        assert office.post(f"/tokens/{row.id}/withdraw/", {"member": cast["wen"].member}).status_code == 404
