"""A whole shift without a network: many jobs and steps, two starts of the app; the office gets all of it."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.journeys.phone import LONG, Phone
from tests.journeys.stage import CONVEYOR, JOB, NO, PARTS, Stage
from tests.journeys.test_phone_offline import HAS_TEMPLATES
from tests.support.installation import wait_for

pytestmark = pytest.mark.journey

JOBS = 6
STEPS = ("核对工单", "通知中控停机", "现场看空带")
PHOTOS = 2 * JOBS


def all_accepted(phone: Phone, seen: list[tuple[int, int, int]]) -> bool:
    """Look at the counts once; everything that was ever seen is remembered."""
    seen.append(phone.counts())
    return seen[-1] == (PHOTOS, PHOTOS, PHOTOS)


class TestAShiftOffline:
    def test_is_kept_then_sent_then_accepted(self, stage: Stage) -> None:
        phone = stage.phone("zhao")
        stage.let_in(phone, "zhao")
        wait_for("the templates are on the phone", lambda: phone.page.evaluate(HAS_TEMPLATES))
        stage.cut()

        runs = []
        for number in range(JOBS):
            if number == JOBS // 3:
                phone.kill()
                phone.start()
            elif number == 2 * JOBS // 3:
                phone.close()
                phone.start()
            runs.append(phone.begin(template=JOB, equipment=CONVEYOR, people=PARTS))
            phone.do_steps(*STEPS, no=NO)
        assert phone.counts() == (PHOTOS, 0, 0)
        assert len(phone.waiting()) >= len(STEPS) * JOBS + PHOTOS + JOBS

        stage.serve()
        seen: list[tuple[int, int, int]] = []
        wait_for("everything is accepted", lambda: all_accepted(phone, seen), patience=LONG)
        assert all(kept >= sent >= accepted for kept, sent, accepted in seen)
        assert seen == sorted(seen)
        phone.wait_sent()
        assert phone.page.locator(".foot-network").inner_text() == "都已送达"
        assert phone.waiting() == []
        for run in runs:
            events = stage.events(run)
            types = Counter(event["payload"]["type"] for event in events)
            assert types["run.opened"] == 1
            assert types["photo.taken"] == types["photo.stored"] == PHOTOS // JOBS
            assert types["step.confirmed"] == len(STEPS)
            assert {event["standing"] for event in events} == {"accepted"}
        assert stage.house.problems() == []
        assert phone.troubles == []
