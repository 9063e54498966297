"""The phone's own camera: it stands in front of the page, and what it takes may be large, or no picture at all."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.journeys.conftest import draw
from tests.journeys.phone import LONG, Phone
from tests.journeys.stage import CONVEYOR, JOB, PARTS, Stage
from tests.support.installation import wait_for

pytestmark = pytest.mark.journey

# How often the page has been drawn while a chosen file is read, hashed and kept.
COUNT_FRAMES = """() => {
    window.frames_drawn = 0;
    const frame = () => {
        if (document.querySelector(".review") !== null) return;
        window.frames_drawn += 1;
        requestAnimationFrame(frame);
    };
    document.addEventListener("change", () => requestAnimationFrame(frame), { capture: true, once: true });
}"""
IS_EXPECTED = """() => new Promise((done) => {
    const asked = indexedDB.open("tanghulu-phone");
    asked.onsuccess = () => {
        const got = asked.result.transaction("singles").objectStore("singles").get("expected");
        got.onsuccess = () => { asked.result.close(); done(got.result !== undefined); };
    };
})"""
HASHES = """() => new Promise((done) => {
    const asked = indexedDB.open("tanghulu-phone");
    asked.onsuccess = () => {
        const got = asked.result.transaction("photos").objectStore("photos").getAllKeys();
        got.onsuccess = () => { asked.result.close(); done(got.result); };
    };
})"""


@pytest.fixture
def phone(stage: Stage) -> Iterator[Phone]:
    """The team leader's phone, whose browser opens no live camera; it has begun a job."""
    made = stage.phone("zhao", live=False)
    stage.let_in(made, "zhao")
    made.begin(template=JOB, equipment=CONVEYOR, people=PARTS)
    expect(made.page.locator(".finder-words")).to_contain_text("系统相机")
    yield made
    made.close()


@pytest.fixture
def huge(tmp_path: Path) -> Path:
    """A JPEG of more than 27 MB."""
    size = (4600, 3450)
    path = tmp_path / "huge.jpg"
    Image.frombytes("RGB", size, os.urandom(size[0] * size[1] * 3)).save(path, quality=95, subsampling=0)
    assert 27_000_000 < path.stat().st_size < 40_000_000
    return path


class TestAPageClosedBehindTheCamera:
    def test_asks_for_the_photo_again_and_has_nothing_half(self, phone: Phone, tmp_path: Path) -> None:
        page = phone.page
        with page.expect_file_chooser():
            page.locator("label.big").click()
        wait_for("the phone knows that a picture is to come", lambda: page.evaluate(IS_EXPECTED))
        page.reload()
        expect(page.locator(".problem")).to_contain_text("请再拍一次")
        assert phone.counts() == (0, 0, 0)
        expect(page.locator("label.big")).to_be_visible()

        page.locator("label.big input").set_input_files(draw(tmp_path, first=1)[0])
        page.locator(".review").wait_for()
        expect(page.locator(".problem")).to_have_count(0)
        page.reload()
        # What came through before the page was closed is there, and is asked about where it belongs.
        expect(page.locator(".review-words")).to_contain_text("已经存好")
        page.locator(".action .big").first.click()
        wait_for("the photo is accepted", lambda: phone.counts() == (1, 1, 1), patience=LONG)


class TestAHugePhoto:
    def test_is_kept_sent_and_accepted_byte_for_byte(self, stage: Stage, phone: Phone, huge: Path) -> None:
        page = phone.page
        run = page.url.rsplit("/", 1)[-1]
        page.evaluate(COUNT_FRAMES)
        page.locator("label.big input").set_input_files(huge)
        page.locator(".review").wait_for(timeout=1000 * LONG)
        # Whatever the machine takes for it: the page has been drawn meanwhile, so a finger would have been heard.
        assert page.evaluate("window.frames_drawn") > 1
        page.locator(".action .big").first.click()
        page.locator(".review").wait_for(state="detached")
        wait_for("the photo is accepted", lambda: phone.counts() == (1, 1, 1), patience=LONG)
        assert page.evaluate(HASHES) == [hashlib.sha256(huge.read_bytes()).hexdigest()]
        assert [event["payload"]["type"] for event in stage.events(run)].count("photo.stored") == 1
        [taken] = [event["payload"] for event in stage.events(run) if event["payload"]["type"] == "photo.taken"]
        assert taken["photos"][0]["size"] == huge.stat().st_size


class TestAFileThatIsNoPhoto:
    def test_is_refused_in_words(self, phone: Phone, tmp_path: Path) -> None:
        other = tmp_path / "notes.jpg"
        other.write_text("not a picture")
        phone.page.locator("label.big input").set_input_files(other)
        expect(phone.page.locator(".problem")).to_contain_text("不是能用的照片")
        assert phone.counts() == (0, 0, 0)
