"""A stop reaches everybody: the phones fill with red until it is answered, the office sees who knows of it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.phone import Phone
from tests.journeys.stage import CONVEYOR, JOB, PARTS, Stage

pytestmark = pytest.mark.journey

SECONDS = 20_000.0
WHY = "皮带下面有人"


def call_stop(phone: Phone) -> None:
    """Stop the job on the screen, with a reason."""
    phone.page.locator(".bar .stop").click()
    phone.page.locator("textarea").fill(WHY)
    phone.page.locator(".action .big-alarm").click()
    expect(phone.page.locator(".stopped")).to_be_visible()


class TestAStop:
    def test_fills_every_phone_of_the_job_until_it_is_answered(self, stage: Stage) -> None:
        lead, guardian, worker = (stage.phone(name) for name in ("zhao", "vera", "li"))
        for phone, name in ((lead, "zhao"), (guardian, "vera"), (worker, "li")):
            stage.let_in(phone, name)
        run = lead.begin(template=JOB, equipment=CONVEYOR, people=PARTS)
        lead.wait_sent()
        # The guardian looks at something else meanwhile; the worker's phone is out of reach.
        expect(guardian.page.locator(".job-card")).to_have_count(1, timeout=SECONDS)
        expect(worker.page.locator(".job-card")).to_have_count(1, timeout=SECONDS)
        guardian.page.goto(f"{stage.address}/capture/#/settings")
        stage.watch.expect("net::ERR_INTERNET_DISCONNECTED")
        worker.context.set_offline(True)
        board = stage.office("chen")
        board.goto(f"{stage.address}/jobs/")

        call_stop(lead)
        alarm = guardian.page.locator(".alarm")
        expect(alarm).to_contain_text(WHY, timeout=SECONDS)
        expect(alarm).to_contain_text("赵刚")
        expect(alarm).to_contain_text("马上停手")
        banner = board.locator(".banner-stop")
        expect(banner).to_contain_text(CONVEYOR, timeout=SECONDS)
        expect(banner).to_contain_text("赵刚")
        expect(worker.page.locator(".alarm")).to_have_count(0)

        # It cannot be walked away from, and the address does not help.
        guardian.page.goto(f"{stage.address}/capture/#/jobs")
        expect(alarm).to_be_visible()
        guardian.page.locator(".action .big").click()
        expect(guardian.page.locator(".stopped")).to_contain_text(re.compile("还没看到的：.*李强"))

        worker.context.set_offline(False)
        expect(worker.page.locator(".alarm")).to_contain_text(WHY, timeout=3 * SECONDS)
        worker.page.locator(".action .big").click()
        lead.wait_sent()
        expect(lead.page.locator(".stopped")).not_to_contain_text("李强", timeout=SECONDS)
        board.goto(f"{stage.address}/jobs/{run}/")
        expect(board.locator(".banner-stop")).to_contain_text(WHY)
        expect(board.locator(".banner-stop")).to_contain_text("已看到：魏娜")
        events = stage.events(run)
        seen = [event for event in events if event["payload"]["type"] == "act.acknowledged"]
        assert {event["standing"] for event in seen} == {"accepted"}
        assert {event["payload"]["actor"] for event in seen} == {stage.person(name)["ref"] for name in ("vera", "li")}
