"""A job is replayed in a real browser: by keys, by the scrubber, and by an address that somebody sent."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tanghulu.cli.simulator import story
from tests.journeys.stage import Stage

pytestmark = pytest.mark.journey


@pytest.fixture
def camera(drawn: Path) -> Path:
    return drawn


class TestReplay:
    def test_goes_through_a_job_by_keys_scrubber_and_address(self, stage: Stage) -> None:
        crew = story.begin(stage.port(), "C1")
        for _told in crew.play(until="before/three_in/verify_zero"):
            pass
        page = stage.office("chen", language="en")
        page.goto(f"{stage.address}/jobs/{crew.run}/")
        page.locator(f"a[href='/jobs/{crew.run}/replay/']").click()
        title, body = page.locator("#moment-title"), page.locator("body")
        expect(title).to_have_text("Job opened")
        expect(page.locator(".haw-done")).to_have_count(0)

        photo = page.locator("[data-film-target=mark].reel-photo").first.get_attribute("href") or ""
        number = int(photo.removeprefix("?event="))
        for _step in range(number - 1):
            body.press("ArrowRight")
        expect(title).to_have_text("Photo")
        expect(page).to_have_url(re.compile(rf"\?event={number}$"))
        assert page.locator(".moment-photo img").evaluate("async (image) => { await image.decode(); return true; }")
        body.press("z")
        expect(page.locator(".moment-photo.is-large")).to_be_visible()

        page.locator("[data-film-target=scrubber]").evaluate(
            "(range) => { range.value = 1000; range.dispatchEvent(new Event('input', { bubbles: true })); }"
        )
        expect(page.locator(".haw-done")).not_to_have_count(0)
        done = page.locator(".haw-done").count()
        sent = page.url
        body.press("Home")
        expect(title).to_have_text("Job opened")
        body.press(" ")
        expect(title).not_to_have_text("Job opened")
        body.press(" ")
        expect(page.locator("[data-film-target=play]")).to_have_attribute("aria-pressed", "false")

        page.goto(sent)
        expect(page.locator(".haw-done")).to_have_count(done)
