"""Somebody sets the phone's clock by a day in the middle of a job: the job goes on, and it is said."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.journeys.phone import LONG, Phone
from tests.journeys.stage import CONVEYOR, JOB, NO, PARTS, Stage
from tests.support.installation import wait_for

pytestmark = pytest.mark.journey

DAY = 24 * 3600_000
# The clock that a person can set; the counter that runs beside it is left alone.
HAND = """(() => {
    const own = Date.now.bind(Date);
    Date.now = () => own() + Number(localStorage.getItem("jump") ?? 0);
})()"""


def jump(phone: Phone, milliseconds: int) -> None:
    """Set the phone's own clock."""
    phone.page.evaluate("ms => localStorage.setItem('jump', ms)", milliseconds)


@pytest.fixture
def phone(stage: Stage) -> Iterator[Phone]:
    """The team leader's phone, which has begun a job."""
    made = stage.phone("zhao")
    made.context.add_init_script(HAND)
    stage.let_in(made, "zhao")
    made.begin(template=JOB, equipment=CONVEYOR, people=PARTS)
    made.wait_sent()
    yield made
    made.close()


class TestAClockThatJumps:
    @pytest.mark.parametrize(("by", "words"), [(-DAY, "慢了 1 天"), (DAY, "快了 1 天")])
    def test_does_not_fool_the_job(self, stage: Stage, phone: Phone, by: int, words: str) -> None:
        run = phone.page.url.rsplit("/", 1)[-1]
        stage.cut()
        phone.photograph()
        jump(phone, by)
        phone.do_steps("核对工单", "通知中控停机", no=NO)
        expect(phone.page.locator(".problem-quiet")).to_contain_text(words)
        # The page is opened anew with the wrong clock, still without anybody to ask.
        phone.page.reload()
        expect(phone.page.locator(".step-title")).to_have_text("现场看空带")
        phone.do_steps("现场看空带", no=NO)
        stage.serve()
        wait_for("both photos are accepted", lambda: phone.counts() == (2, 2, 2), patience=LONG)
        events = [event for event in stage.events(run) if event["payload"]["actor"] != "server"]
        assert {event["standing"] for event in events} == {"accepted"}
        times = [datetime.fromisoformat(event["payload"]["claimed_at"]) for event in events]
        assert max(times) - min(times) < timedelta(minutes=10)
        jump(phone, 0)
        # The phone compares its clock with the office's answers, and looks at it every fifteen seconds.
        expect(phone.page.locator(".problem-quiet")).to_have_count(0, timeout=1000 * LONG)
