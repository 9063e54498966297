"""What is there only where people may sign in with DingTalk; nobody is led there."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.journeys.stage import Stage


def serve(stage: Stage) -> None:
    """Serve with an application at DingTalk."""
    stage.house.kill("web")
    stage.house.more |= {"TANGHULU_DINGTALK_CLIENT_ID": "ding", "TANGHULU_DINGTALK_SECRET": "not one"}
    stage.house.start("web")


def link(page: Page) -> None:
    """Link an account on the page of a person, unless it was done in another language."""
    held = page.locator("form[action*='/identities/'][action$='/remove/']")
    if not held.count():
        page.locator("form[action$='/identities/']").evaluate("(form) => { form.closest('details').open = true; }")
        page.locator("input[name=subject]").fill("iSf8KxL2mVvNqTg0XbY9CzQiEiE")
        page.locator("form[action$='/identities/'] button").click()
    expect(held).to_be_visible()
