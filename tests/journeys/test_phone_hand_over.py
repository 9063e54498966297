"""A guardian hands over to another: the leader names the newcomer, and both confirm on their own phones."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.stage import CONVEYOR, JOB, PARTS, Stage

pytestmark = pytest.mark.journey

SECONDS = 20_000.0
WHY = "魏娜身体不舒服"
PART = "监护人"


class TestAHandOver:
    def test_is_confirmed_by_both_on_their_own_phones(self, stage: Stage) -> None:
        lead, old, new = (stage.phone(name) for name in ("zhao", "vera", "liu"))
        for phone, name in ((lead, "zhao"), (old, "vera"), (new, "liu")):
            stage.let_in(phone, name)
        run = lead.begin(template=JOB, equipment=CONVEYOR, people=PARTS)
        lead.wait_sent()
        expect(old.page.locator(".job-card")).to_have_count(1, timeout=SECONDS)
        expect(new.page.locator(".job-card")).to_have_count(0)

        lead.page.locator(".bar-end .bar-button").click()
        lead.page.locator(".ends .big", has_text="换人").click()
        section = lead.page.get_by_role("region", name=PART, exact=True)
        section.locator(".person", has_text="刘洋").click()
        save = lead.page.locator(".action .big")
        expect(save).to_be_disabled()
        lead.page.locator("textarea").fill(WHY)
        save.click()
        expect(lead.page.locator(".say-held")).to_contain_text("监护人交接，等 魏娜和刘洋 确认")

        # Whoever takes over is told by whom, why and how things stand, and does nothing before they have said yes.
        over = new.page.locator(".over")
        expect(over).to_contain_text("你接手：监护人", timeout=SECONDS)
        expect(over).to_contain_text("从 魏娜 手里接")
        expect(over).to_contain_text(WHY)
        expect(over).to_contain_text("进出人员")
        new.page.locator(".action .big-done").click()
        expect(new.page.locator(".say-held")).to_contain_text("魏娜")
        expect(old.page.locator(".over")).to_contain_text("你交出：监护人", timeout=SECONDS)
        expect(old.page.locator(".over")).to_contain_text("交给 刘洋")
        desk = stage.office("chen")
        desk.goto(f"{stage.address}/jobs/{run}/")
        expect(desk.locator("aside")).to_contain_text("等 魏娜 确认")

        old.page.locator(".action .big-done").click()
        expect(lead.page.locator(".say-held")).to_have_count(0, timeout=SECONDS)
        expect(desk.locator("aside")).to_contain_text("双方已确认", timeout=SECONDS)
        expect(desk.locator("aside")).to_contain_text(WHY)
        assert {event["standing"] for event in stage.events(run)} == {"accepted"}
        changed = [event for event in stage.events(run) if event["payload"]["type"] == "people.assigned"]
        assert [event["reason"] for event in changed] == [WHY]
