from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from pytest_django import Settings

from tanghulu.apps.directory import actions, sign_ins
from tanghulu.apps.tenancy import scope
from tests.support.cast import Cast
from tests.support.issuer import CLIENT, SECRET, Issuer, served_issuer

pytestmark = pytest.mark.loopback

GO = "/sign-in/company/company/"


@pytest.fixture
def issuer(cast: Cast, settings: Settings) -> Iterator[Issuer]:
    get_user_model().objects.filter(username="wen").update(email="wen@example.com")
    with served_issuer() as made:
        app = {"provider_id": "company", "name": "Port", "client_id": CLIENT, "secret": SECRET}
        app["settings"] = {"server_url": made.address, "fetch_userinfo": False}
        old = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {**old, "APPS": [app]}}
        settings.OIDC_NAME = "Port"
        yield made


def come(issuer: Issuer, *, subject: str = "s-1", email: str = "Wen@example.com", client: Client | None = None) -> Any:
    client = client or Client(headers={"accept-language": "en"})
    back = issuer.sign_in(client.get(GO)["Location"], subject=subject, email=email)
    return client, client.get(back.removeprefix("http://testserver"))


class TestKnownPeople:
    def test_come_in_by_the_address_that_the_issuer_has_verified(self, cast: Cast, issuer: Issuer) -> None:
        client, answer = come(issuer)
        assert answer["Location"] == "/"
        assert client.get("/equipment/").status_code == 200
        with scope.within("harbour"):
            rows = sign_ins.records(cast["zheng"]).rows
        assert [(row.name, row.what, row.way) for row in rows] == [
            ("王维", "signed_in", "oidc"),
            ("王维", "identity_linked", "oidc"),
        ]

    def test_come_in_by_their_subject_when_the_address_has_changed(self, issuer: Issuer) -> None:
        come(issuer)
        client, _ = come(issuer, email="other@example.com")
        assert client.get("/equipment/").status_code == 200

    def test_are_offered_it_at_sign_in(self, issuer: Issuer) -> None:
        page = Client(headers={"accept-language": "en"}).get("/sign-in/").content.decode()
        assert "Sign in with Port" in page

    def test_have_not_left(self, cast: Cast, issuer: Issuer) -> None:
        come(issuer)
        with scope.within("harbour"):
            actions.change_member(
                cast["zheng"], member=cast["wen"].member, name="王维", number="", unit=None, active=False
            )
        client, _ = come(issuer)
        assert client.get("/equipment/")["Location"] == "/companies/"
        assert come(issuer, subject="s-2")[1].status_code == 403

    @pytest.mark.parametrize("email", ["nobody@example.com", ""])
    def test_are_never_made(self, issuer: Issuer, email: str) -> None:
        before = get_user_model().objects.count()
        client, answer = come(issuer, email=email)
        assert answer.status_code == 403
        assert "Nobody here has this account." in answer.content.decode()
        assert client.get("/equipment/").status_code == 302
        assert get_user_model().objects.count() == before


class TestWire:
    @pytest.mark.parametrize(
        "lies",
        [
            {"nonce": "another"},
            {"nonce": ""},
            {"aud": "somebody-else"},
            {"iss": "http://127.0.0.1:1"},
            {"exp": 1},
            {"email_verified": False},
            {"email_verified": "true"},
        ],
        ids=str,
    )
    def test_believes_no_token_that_is_not_for_us_and_now(self, issuer: Issuer, lies: dict[str, object]) -> None:
        issuer.lies = lies
        client, answer = come(issuer)
        assert answer.status_code == 403
        assert client.get("/equipment/").status_code == 302

    def test_believes_no_token_that_the_issuer_did_not_sign(self, issuer: Issuer) -> None:
        issuer.forged = True
        assert come(issuer)[1].status_code == 403

    def test_takes_no_answer_that_another_browser_asked_for(self, issuer: Issuer) -> None:
        asked, other = Client(), Client()
        back = issuer.sign_in(asked.get(GO)["Location"], subject="s-1", email="wen@example.com")
        other.get(GO)
        assert other.get(back.removeprefix("http://testserver")).status_code == 403
        assert other.get("/equipment/").status_code == 302

    def test_takes_each_answer_once(self, issuer: Issuer) -> None:
        client = Client()
        back = issuer.sign_in(client.get(GO)["Location"], subject="s-1", email="wen@example.com")
        path = back.removeprefix("http://testserver")
        assert [client.get(path).status_code for _ in range(2)] == [302, 403]

    def test_links_nothing_to_somebody_who_is_signed_in(self, cast: Cast, issuer: Issuer) -> None:
        client = cast.browser("vera")
        answer = client.get(f"{GO}?process=connect")
        back = issuer.sign_in(answer["Location"], subject="s-1", email="vera@example.com")
        assert client.get(back.removeprefix("http://testserver")).status_code == 403

    def test_says_so_when_the_issuer_is_away(self, issuer: Issuer) -> None:
        issuer.down = True
        answer = Client(headers={"accept-language": "en"}).get(GO)
        assert answer.status_code == 403
        assert "did not succeed" in answer.content.decode()


class TestWithoutIssuer:
    def test_is_not_there(self, cast: Cast) -> None:
        assert Client().get(GO).status_code == 404
        assert Client().get(f"{GO}back/?code=x&state=y").status_code == 404
