"""What goes wrong on a phone costs no work: a photo that is refused, a browser that dies, a stop that must arrive."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.phone import Phone
from tests.journeys.stage import CONVEYOR, JOB, NO, PARTS, Stage
from tests.support.installation import wait_for

pytestmark = pytest.mark.journey

SPOIL = """() => new Promise((done, failed) => {
    const asked = indexedDB.open("tanghulu-phone");
    asked.onerror = () => failed(asked.error);
    asked.onsuccess = () => {
        // The browser is closed right after: until the change is on the disk it has not happened.
        const change = asked.result.transaction("photos", "readwrite", { durability: "strict" });
        let length = 0;
        change.oncomplete = () => { asked.result.close(); done(length); };
        change.objectStore("photos").openCursor().onsuccess = (event) => {
            const cursor = event.target.result;
            const { bytes } = cursor.value;
            bytes[bytes.length - 3] ^= 1;
            length = bytes.length;
            cursor.update(cursor.value);
        };
    };
})"""


@pytest.fixture
def phone(stage: Stage) -> Iterator[Phone]:
    """The team leader's phone, which has begun a job."""
    made = stage.phone("zhao")
    stage.let_in(made, "zhao")
    made.begin(template=JOB, equipment=CONVEYOR, people=PARTS)
    made.wait_sent()
    yield made
    made.close()


def run_of(phone: Phone) -> str:
    return phone.page.url.rsplit("/", 1)[-1]


class TestARefusedPhoto:
    def test_does_not_hold_up_the_next(self, stage: Stage, phone: Phone, drawn: Path) -> None:
        run = run_of(phone)
        stage.cut()
        phone.photograph()
        assert phone.page.evaluate(SPOIL) > 1000
        # Another film, or the next photo could have the very bytes of the first and make them whole again.
        phone.close()
        phone.camera = drawn
        phone.start()
        phone.open_job(run)
        phone.do_steps("核对工单", "通知中控停机", "现场看空带", no=NO)
        assert phone.counts() == (2, 0, 0)

        stage.watch.expect("status of 422")
        stage.serve()
        expect(phone.page.locator(".foot-stuck")).to_be_visible(timeout=60_000)
        wait_for("the second photo is there", lambda: phone.counts() == (2, 1, 1))
        phone.page.locator(".foot").click()
        stuck = phone.page.locator(".out-stuck")
        expect(stuck).to_have_count(1)
        expect(stuck).to_contain_text("核对工单")
        expect(stuck.locator(".out-reason")).not_to_be_empty()
        types = [event["payload"]["type"] for event in stage.events(run)]
        assert types.count("photo.taken") == 2
        assert types.count("photo.stored") == 1
        assert types.count("step.confirmed") == 3


class TestAKilledBrowser:
    def test_has_kept_the_photo_that_was_just_taken(self, stage: Stage, phone: Phone) -> None:
        run = run_of(phone)
        stage.cut()
        phone.page.locator(".shutter:enabled").click()
        phone.page.locator(".review").wait_for()
        phone.kill()

        phone.start()
        phone.home()
        unused = phone.page.locator(".unused-one")
        expect(unused).to_have_count(1)
        unused.locator(".small-primary").click()
        expect(unused).to_have_count(0)
        assert len(phone.waiting()) == 1
        stage.serve()
        phone.wait_sent()
        assert phone.counts() == (1, 1, 1)
        assert [event["payload"]["type"] for event in stage.events(run)].count("photo.stored") == 1


class TestAStop:
    def test_reaches_the_office_by_itself(self, stage: Stage, phone: Phone) -> None:
        board = stage.office("chen")
        board.goto(f"{stage.address}/jobs/{run_of(phone)}/")
        expect(board.locator(".banner-stop")).to_have_count(0)
        phone.page.locator(".bar .stop").click()
        phone.page.locator("textarea").fill("皮带跑偏")
        phone.page.locator(".action .big-alarm").click()
        expect(phone.page.locator(".stopped")).to_be_visible()
        expect(board.locator(".banner-stop")).to_contain_text("皮带跑偏")
