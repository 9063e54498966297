from collections.abc import Iterator
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.contrib.auth import get_user_model
from django.test import Client
from pytest_django import Settings

from tanghulu.apps.directory import actions, sign_ins
from tanghulu.apps.directory.identities import Kind
from tanghulu.apps.tenancy import scope
from tests.support.cast import NOON, Cast
from tests.support.dingtalk import CLIENT, ME, SECRET, TOKEN, Answer, DingTalk, served_dingtalk

pytestmark = pytest.mark.loopback

GO = "/sign-in/dingtalk/"


@pytest.fixture
def dingtalk(cast: Cast, settings: Settings) -> Iterator[DingTalk]:
    """DingTalk, where `u-1` is Wen's."""
    get_user_model().objects.filter(username="wen").update(email="wen@example.com")
    with scope.within("harbour"):
        actions.link_identity(cast["zheng"], member=cast["wen"].member, kind=Kind.DINGTALK, subject="u-1", at=NOON)
    with served_dingtalk() as made:
        app = {"client_id": CLIENT, "secret": SECRET, "settings": {"sign_in": made.address, "api": made.address}}
        providers = settings.SOCIALACCOUNT_PROVIDERS
        settings.SOCIALACCOUNT_PROVIDERS = {**providers, "dingtalk": {**providers["dingtalk"], "APPS": [app]}}
        settings.DINGTALK = True
        yield made


def come(dingtalk: DingTalk, *, union_id: str = "u-1", go: str = GO, client: Client | None = None) -> Any:
    client = client or Client(headers={"accept-language": "en"})
    back = dingtalk.sign_in(client.get(go)["Location"], union_id=union_id)
    return client, client.get(back.removeprefix("http://testserver"))


class TestLinkedPeople:
    def test_come_in_by_their_union_id(self, cast: Cast, dingtalk: DingTalk) -> None:
        client, answer = come(dingtalk)
        assert answer["Location"] == "/"
        assert client.get("/equipment/").status_code == 200
        assert dingtalk.asked == [TOKEN, ME]
        with scope.within("harbour"):
            rows = sign_ins.records(cast["zheng"]).rows
        assert [(row.name, row.what, row.way, row.by) for row in rows] == [
            ("王维", "signed_in", "dingtalk", ""),
            ("王维", "identity_linked", "dingtalk", "郑洁"),
        ]

    def test_leave_nothing_of_what_they_are_called_there(self, dingtalk: DingTalk) -> None:
        come(dingtalk)
        assert SocialAccount.objects.get().extra_data == {}
        assert not SocialToken.objects.exists()

    def test_are_offered_it_at_sign_in(self, dingtalk: DingTalk) -> None:
        page = Client(headers={"accept-language": "en"}).get("/sign-in/").content.decode()
        assert "Sign in with DingTalk" in page

    def test_show_their_second_factor_too(self, cast: Cast, dingtalk: DingTalk) -> None:
        with scope.within("harbour"):
            actions.require_second_factor(cast["zheng"], roles=["worker"], at=NOON)
        client, _ = come(dingtalk)
        assert client.get("/equipment/")["Location"].startswith("/second-factor/")

    def test_have_not_left(self, cast: Cast, dingtalk: DingTalk) -> None:
        with scope.within("harbour"):
            actions.change_member(
                cast["zheng"], member=cast["wen"].member, name="王维", number="", unit=None, active=False
            )
        assert come(dingtalk)[0].get("/equipment/")["Location"] == "/companies/"

    def test_come_in_no_more_when_it_was_removed(self, cast: Cast, dingtalk: DingTalk) -> None:
        client, _ = come(dingtalk)
        with scope.within("harbour"):
            held = SocialAccount.objects.get().pk
            actions.remove_identity(cast["zheng"], member=cast["wen"].member, identity=held, at=NOON)
        assert client.get("/equipment/").status_code == 302
        assert come(dingtalk)[1].status_code == 403


class TestStrangers:
    def test_are_told_their_id_and_never_made(self, dingtalk: DingTalk) -> None:
        before = get_user_model().objects.count()
        client, answer = come(dingtalk, union_id="u-2")
        assert answer.status_code == 403
        assert "Its id: u-2" in answer.content.decode()
        assert client.get("/equipment/").status_code == 302
        assert get_user_model().objects.count() == before

    def test_are_not_known_by_an_address_that_they_entered_there(self, dingtalk: DingTalk, settings: Settings) -> None:
        settings.OIDC_TRUSTS_EMAIL = True
        assert come(dingtalk, union_id="u-2")[1].status_code == 403

    def test_are_not_known_by_the_same_id_at_the_issuer(self, dingtalk: DingTalk) -> None:
        SocialAccount.objects.update(provider="company")
        assert come(dingtalk)[1].status_code == 403


class TestWire:
    @pytest.mark.parametrize(
        "lie",
        [
            (200, {}),
            (200, []),
            (200, "no JSON"),
            (200, {"accessToken": 1}),
            (200, {"unionId": ""}),
            (200, {"unionId": "u" * 192}),
            (200, {"unionId": None, "openId": "u-1"}),
            (302, {}),
            (503, {}),
        ],
        ids=str,
    )
    @pytest.mark.parametrize("path", [TOKEN, ME])
    def test_believes_nothing_that_is_not_of_the_form(self, dingtalk: DingTalk, path: str, lie: Answer) -> None:
        dingtalk.lies = {path: lie}
        client, answer = come(dingtalk)
        assert answer.status_code == 403
        assert "did not succeed" in answer.content.decode()
        assert client.get("/equipment/").status_code == 302
        assert dingtalk.asked == [TOKEN, ME][: 1 + (path == ME)]

    def test_takes_no_answer_that_another_browser_asked_for(self, dingtalk: DingTalk) -> None:
        asked, other = Client(), Client()
        back = dingtalk.sign_in(asked.get(GO)["Location"], union_id="u-1")
        other.get(GO)
        assert other.get(back.removeprefix("http://testserver")).status_code == 403
        assert dingtalk.asked == []

    def test_takes_each_answer_once(self, dingtalk: DingTalk) -> None:
        client = Client()
        path = dingtalk.sign_in(client.get(GO)["Location"], union_id="u-1").removeprefix("http://testserver")
        assert [client.get(path).status_code for _ in range(2)] == [302, 403]

    def test_takes_nothing_from_the_address(self, dingtalk: DingTalk) -> None:
        _, answer = come(dingtalk, go=f"{GO}?scope=Contact.User.Read&auth_params=prompt%3Dnone")
        assert answer.status_code == 302

    def test_links_nothing_to_somebody_who_is_signed_in(self, cast: Cast, dingtalk: DingTalk) -> None:
        client = cast.browser("vera")
        assert come(dingtalk, union_id="u-2", go=f"{GO}?process=connect", client=client)[1].status_code == 403
        assert SocialAccount.objects.count() == 1

    @pytest.mark.parametrize("way", ["", "back/", "back/?code=x&state=y"])
    def test_is_not_at_the_address_of_the_issuer(self, dingtalk: DingTalk, way: str) -> None:
        assert Client().get(f"/sign-in/company/dingtalk/{way}").status_code == 404

    def test_says_so_when_the_person_declines(self, dingtalk: DingTalk) -> None:
        client = Client(headers={"accept-language": "en"})
        back = dingtalk.sign_in(client.get(GO)["Location"], union_id="u-1").replace("authCode=", "error=denied&x=")
        assert client.get(back.removeprefix("http://testserver")).status_code == 403


class TestWithoutDingTalk:
    def test_is_not_there(self, cast: Cast) -> None:
        assert Client().get(GO).status_code == 404
        assert Client().get(f"{GO}back/?authCode=x&state=y").status_code == 404
        assert "DingTalk" not in Client(headers={"accept-language": "en"}).get("/sign-in/").content.decode()
