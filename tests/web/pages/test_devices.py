import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytest_django import Settings

from tanghulu.apps.evidence import actions
from tanghulu.apps.tenancy import scope
from tanghulu.core.access import Actor
from tanghulu.gateways.authority import Authority
from tanghulu.web.welcome import rows_of
from tests.support.cast import NOON, Cast
from tests.support.phones import Crew, founders


class TestDevices:
    def test_is_there_for_everybody(self, cast: Cast) -> None:
        for username in ("wen", "vera", "chen", "wu", "zheng", "quentin"):
            assert cast.browser(username).get("/devices/").status_code == 200

    def test_lets_only_those_vouch_who_may(self, cast: Cast) -> None:
        assert "Waiting to be let in" in cast.browser("chen").get("/devices/").content.decode()
        assert "Waiting to be let in" not in cast.browser("wen").get("/devices/").content.decode()

    def test_shows_everybodys_devices_to_the_office(self, cast: Cast) -> None:
        assert "Devices that sign" in cast.browser("zhou").get("/devices/").content.decode()
        assert "Devices that sign" not in cast.browser("wen").get("/devices/").content.decode()

    def test_asks_by_itself_for_those_who_wait(self, cast: Cast) -> None:
        browser = cast.browser("chen")
        stamp = browser.get("/devices/")["ETag"]
        part = browser.get("/devices/", headers={"hx-request": "true"}).content.decode()
        assert "Nobody is waiting." in part
        assert "<html" not in part
        again = browser.get("/devices/", headers={"hx-request": "true", "if-none-match": stamp})
        assert again.status_code == 304

    def test_speaks_chinese(self, cast: Cast) -> None:
        page = cast.browser("chen").get("/devices/", headers={"accept-language": "zh-hans"}).content.decode()
        assert "<h1>终端" in page


@pytest.fixture
def crew(cast: Cast) -> Crew:
    """Chen and Wen of Harbour have devices."""
    with scope.within("harbour"):
        actions.open_log(Actor.operator("harbour"), founders=founders(), at=NOON)
        crew = Crew(cast)
        crew.devices = {"chen": crew.enrolled("chen")}
        crew.devices["wen"] = crew.enrolled("wen", by=crew.devices["chen"])
    return crew


def lock_out(crew: Crew) -> str:
    """Chen locks Wen's phone out; its id."""
    chens, wens = crew.devices["chen"], crew.devices["wen"]
    data = {"device": wens.key.device, "why": "lost", "saw": []}
    signed = chens.sign("device.revoked", data=data, facts={"reason": "在地铁上丢了"})
    with scope.within("harbour"):
        actions.revoke(
            crew.cast["chen"], device=wens.key.device, sent=signed.envelope, openings=signed.openings, at=NOON
        )
    return wens.key.device


class TestDevice:
    def test_tells_of_one_and_lets_those_lock_it_out_who_may(self, crew: Crew) -> None:
        path = f"/devices/{crew.devices['wen'].key.device}/"
        page = crew.cast.browser("chen").get(path).content.decode()
        assert "wen&#x27;s phone" in page
        assert 'data-controller="revoke"' in page
        assert 'data-controller="revoke"' not in crew.cast.browser("zhou").get(path).content.decode()
        assert crew.cast.browser("wen").get(path).status_code == 403

    def test_says_who_locked_it_out_and_why_and_leads_to_a_new_key(self, crew: Crew) -> None:
        page = crew.cast.browser("chen").get(f"/devices/{lock_out(crew)}/").content.decode()
        assert "在地铁上丢了" in page
        assert "lost or stolen" in page
        assert "Nothing yet." in page
        assert 'action="/devices/invite/"' in page
        assert 'data-controller="revoke"' not in page

    def test_is_not_there_for_another_company_nor_before_it_is_let_in(self, crew: Crew) -> None:
        path = f"/devices/{crew.devices['wen'].key.device}/"
        assert crew.cast.browser("quentin").get(path).status_code in {403, 404}
        with scope.within("harbour"):
            device, _ = crew.asked("vera")
        assert crew.cast.browser("chen").get(f"/devices/{device.key.device}/").status_code == 404


class TestInvite:
    def test_shows_a_code_for_ones_own_phone(self, cast: Cast) -> None:
        answer = cast.browser("wen").post("/devices/invite/")
        page = answer.content.decode()
        assert re.search(r"/capture/#enrol=[\w.-]{20,}", page)
        assert "<svg" in page
        assert answer["Cache-Control"] == "no-store"

    def test_invites_somebody_else_only_for_those_who_vouch(self, cast: Cast) -> None:
        form = {"member": cast["vera"].member}
        assert cast.browser("chen").post("/devices/invite/", form).status_code == 200
        assert cast.browser("wen").post("/devices/invite/", form).status_code == 403

    def test_is_not_for_auditors(self, cast: Cast) -> None:
        assert cast.browser("wu").post("/devices/invite/").status_code == 403

    def test_knows_nobody_of_another_company(self, cast: Cast) -> None:
        form = {"member": cast["quentin"].member}
        assert cast.browser("chen").post("/devices/invite/", form).status_code == 404

    def test_leads_to_the_address_that_phones_open(self, cast: Cast, settings: Settings) -> None:
        settings.PHONES = "https://office.local:8443"
        page = cast.browser("wen").post("/devices/invite/").content.decode()
        assert re.search(r"https://office\.local:8443/capture/#enrol=[\w.-]{20,}", page)


class TestNetwork:
    @pytest.fixture
    def authority(self, settings: Settings, tmp_path: Path) -> Authority:
        settings.DATA = tmp_path
        settings.PHONES, settings.WELCOME = "https://office.local:8443", "http://office.local:8080"
        made = Authority.of(tmp_path)
        made.open(host="office.local", at=datetime.now(UTC))
        return made

    def test_shows_the_code_the_ports_and_what_to_compare(self, cast: Cast, authority: Authority) -> None:
        page = cast.browser("chen").get("/devices/network/").content.decode()
        assert "http://office.local:8080" in page
        assert "<svg" in page
        assert all(row in page for row in rows_of(authority.root()))
        assert "8443 · 8080" in page

    def test_has_nothing_to_compare_where_phones_trust_the_certificate_already(
        self, cast: Cast, settings: Settings
    ) -> None:
        settings.PHONES = "https://jobs.example.com:8443"
        page = cast.browser("chen").get("/devices/network/").content.decode()
        assert "https://jobs.example.com:8443/capture/" in page
        assert "Fingerprint" not in page

    def test_knows_the_port_that_an_address_leaves_out(self, cast: Cast, settings: Settings) -> None:
        settings.PHONES = "https://jobs.example.com"
        assert "TCP 443" in cast.browser("chen").get("/devices/network/").content.decode()

    def test_names_no_port_of_ours_behind_a_proxy(self, cast: Cast) -> None:
        page = cast.browser("chen").get("/devices/network/", secure=True).content.decode()
        assert "https://testserver/capture/" in page
        assert "TCP" not in page

    def test_says_how_to_begin_where_no_phone_is_served(self, cast: Cast) -> None:
        page = cast.browser("chen").get("/devices/network/").content.decode()
        assert "./tanghulu up --lan" in page
        assert "Print" not in page

    def test_speaks_chinese(self, cast: Cast, authority: Authority) -> None:
        page = cast.browser("chen").get("/devices/network/", headers={"accept-language": "zh-hans"}).content.decode()
        assert "<h1>手机接入" in page
