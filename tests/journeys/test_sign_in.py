"""Second factors in a real browser: codes of an app, and a passkey of a virtual authenticator."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.stage import Stage
from tests.support.codes import code_now

pytestmark = pytest.mark.journey

PASSWORD = "three in, three out"


def sign_in(stage: Stage, page: Page, username: str) -> None:
    page.goto(f"{stage.address}/sign-in/")
    page.locator("input[name=login]").fill(username)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("form button.button-primary").click()


def sign_out(stage: Stage, page: Page) -> None:
    page.goto(f"{stage.address}/sign-out/")
    page.locator("form[action='/sign-out/'] button").first.click()
    expect(page.locator("input[name=login]")).to_be_visible()


def with_finger(page: Page) -> None:
    """Give the browser an authenticator that the person's finger opens, as in a phone or a laptop."""
    wire = page.context.new_cdp_session(page)
    wire.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    wire.send("WebAuthn.addVirtualAuthenticator", {"options": options})


class TestSecondFactor:
    def test_is_required_set_up_and_asked_for(self, stage: Stage) -> None:
        page = stage.choose_password("gao", PASSWORD)
        office = stage.office("zheng")
        office.goto(f"{stage.address}/sign-ins/")
        office.locator("details summary", has_text="第二重验证").click()
        office.locator("input[name=roles][value=safety_officer]").check()
        office.locator("form[action='/sign-ins/rule/'] button").click()
        expect(office.locator("[role=status]").first).to_be_visible()

        sign_out(stage, page)
        sign_in(stage, page, "gao")
        expect(page.locator(".banner-held")).to_be_visible()
        page.locator("a[href='/second-factor/app/']").click()
        secret = page.locator("p.hash").text_content() or ""
        page.locator("input[name=code]").fill(code_now(secret))
        page.locator("form.form button").click()
        expect(page.locator(".codes li")).to_have_count(10)
        page.locator("main a.button-primary").click()
        expect(page.locator("#board")).to_be_visible()

        sign_out(stage, page)
        sign_in(stage, page, "gao")
        # A code is good once. The next one is taken already, and still when its half minute is over.
        page.locator("input[name=code]").fill(code_now(secret, ahead=1))
        page.locator("form button.button-primary").click()
        expect(page.locator("#board")).to_be_visible()


class TestPasskey:
    def test_signs_in_without_a_password_and_as_second_factor(self, stage: Stage) -> None:
        page = stage.choose_password("gao", PASSWORD)
        with_finger(page)
        page.goto(f"{stage.address}/second-factor/passkeys/add/")
        page.locator("input[name=name]").fill("工位电脑")
        page.locator("[data-action='passkey#create']").click()
        expect(page.locator(".codes li")).to_have_count(10)

        sign_out(stage, page)
        page.locator("[data-action='passkey#ask']").click()
        expect(page.locator("#board")).to_be_visible()
        expect(page.locator(".menu summary")).to_have_text("高磊")

        sign_out(stage, page)
        sign_in(stage, page, "gao")
        page.locator("[data-action='passkey#get']").click()
        expect(page.locator("#board")).to_be_visible()

        office = stage.office("zheng")
        office.goto(f"{stage.address}/sign-ins/?what=signed_in&search=高磊")
        expect(office.locator("tbody")).to_contain_text("密码 + 通行密钥")
