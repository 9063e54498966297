"""A phone that is full: it says so, takes no more photos, loses none, goes on sending, and comes back by itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import CDPSession, expect

from tests.journeys.phone import LONG, PATIENCE, Phone
from tests.journeys.stage import CONVEYOR, JOB, NO, PARTS, Stage
from tests.support.installation import wait_for

pytestmark = pytest.mark.journey

MB = 1024 * 1024
# Room is looked at every fifteen seconds, and after every photo.
SOON = 3 * PATIENCE
# What a browser says that does not hide how much room there is.
SAYS_LITTLE = f"navigator.storage.estimate = async () => ({{ quota: {160 * MB}, usage: {10 * MB} }})"


# Whether the browser lets something be written. For half a minute Chromium goes by what it last knew of the room.
IS_REFUSED = """() => new Promise((done, failed) => {
    const asked = indexedDB.open("another", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("things");
    asked.onerror = () => done(asked.error.name === "QuotaExceededError");
    asked.onsuccess = () => {
        const end = (refused) => { asked.result.close(); done(refused); };
        const change = asked.result.transaction("things", "readwrite", { durability: "strict" });
        change.oncomplete = () => end(false);
        change.onabort = () => end(change.error?.name === "QuotaExceededError");
        change.objectStore("things").put(crypto.getRandomValues(new Uint8Array(65536)), "thing");
    };
})"""
# Somebody presses the shutter; unless the phone has found out before, by something small that it writes by itself.
PRESS = "() => document.querySelector('.shutter:enabled')?.click()"


class Disk:
    """How much room the browser grants to the page; what it says of it is another matter."""

    def __init__(self, phone: Phone) -> None:
        self._page = phone.page
        self._origin = phone.address
        self._session: CDPSession = phone.context.new_cdp_session(phone.page)

    def is_full(self) -> None:
        """Grant less than is in use, and wait until the browser goes by it."""
        self._grant(1_000)
        wait_for("the browser refuses to write", lambda: self._page.evaluate(IS_REFUSED), patience=LONG)

    def is_empty(self) -> None:
        """Grant plenty."""
        self._grant(2000 * MB)

    def _grant(self, size: int) -> None:
        self._session.send("Storage.overrideQuotaForOrigin", {"origin": self._origin, "quotaSize": size})


@pytest.fixture
def phone(stage: Stage) -> Iterator[Phone]:
    """The team leader's phone, which has begun a job; nobody serves any more."""
    made = stage.phone("zhao")
    stage.let_in(made, "zhao")
    made.begin(template=JOB, equipment=CONVEYOR, people=PARTS)
    made.wait_sent()
    stage.cut()
    yield made
    made.close()


class TestAFullPhone:
    def test_takes_no_more_photos_loses_none_and_comes_back(self, stage: Stage, phone: Phone) -> None:
        disk, page = Disk(phone), phone.page
        phone.do_steps("核对工单", "通知中控停机", no=NO)
        expect(page.locator(".shutter:enabled")).to_be_visible()
        disk.is_full()
        page.evaluate(PRESS)
        expect(page.locator(".problem")).to_contain_text("手机存满了")
        expect(page.locator(".shutter")).to_have_count(0)
        assert phone.counts() == (1, 0, 0)

        stage.serve()
        wait_for("what was kept reaches the office", lambda: stored(stage, phone) == 1, patience=LONG)
        disk.is_empty()
        expect(page.locator(".problem")).to_have_count(0, timeout=SOON)
        phone.do_steps("现场看空带", no=NO)
        wait_for("the next photo is accepted", lambda: phone.counts() == (2, 2, 2), patience=LONG)
        assert stage.house.problems() == []

    def test_frees_what_the_office_has_by_itself(self, stage: Stage, phone: Phone) -> None:
        disk, page = Disk(phone), phone.page
        phone.do_steps("核对工单", "通知中控停机", no=NO)
        stage.serve()
        wait_for("the first photo is accepted", lambda: phone.counts() == (1, 1, 1), patience=LONG)
        assert bytes_kept(phone) == 1
        disk.is_full()
        page.evaluate(PRESS)
        expect(page.locator(".problem")).to_contain_text("手机存满了")
        wait_for("the bytes that the office has are gone", lambda: bytes_kept(phone) == 0, patience=LONG)
        assert phone.counts() == (1, 1, 1)

    def test_is_warned_of_early_where_the_browser_says_how_much_room_there_is(self, phone: Phone) -> None:
        phone.context.add_init_script(SAYS_LITTLE)
        phone.page.reload()
        expect(phone.page.locator(".problem-quiet")).to_contain_text("手机快满了，大约还能拍 62 张", timeout=SOON)
        phone.photograph()
        assert phone.counts() == (1, 0, 0)


def stored(stage: Stage, phone: Phone) -> int:
    """Photos that the office has of the job on the screen."""
    run = phone.page.url.rsplit("/", 1)[-1]
    return [event["payload"]["type"] for event in stage.events(run)].count("photo.stored")


def bytes_kept(phone: Phone) -> int:
    """Photos whose bytes are on the phone."""
    count: int = phone.page.evaluate(
        """() => new Promise((done) => {
            const asked = indexedDB.open("tanghulu-phone");
            asked.onsuccess = () => {
                const got = asked.result.transaction("photos").objectStore("photos").count();
                got.onsuccess = () => { asked.result.close(); done(got.result); };
            };
        })"""
    )
    return count
