"""The pictures in README and tutorial are taken from the running product, with drawn photos: nobody's face is in them.

`TANGHULU_SCREENSHOTS=1` writes them to `docs/images`; otherwise only what they show is looked at.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tanghulu.cli.simulator import story
from tests.journeys.screenshots import DESK, keep
from tests.journeys.stage import CONVEYOR, PARTS, Stage, unpacked

pytestmark = pytest.mark.journey

ENGLISH = ("Job leader", "Control room", "Crew", "Electrician", "Guardian", "Area owner", "Quality supervisor")
# Also on a low phone the whole picture is seen.
SHUTTER_LIES_BELOW = """() => {
    const [picture, thumb] = [".finder", ".action"].map((one) => document.querySelector(one).getBoundingClientRect());
    return picture.bottom <= thumb.top + 1;
}"""


@pytest.fixture
def camera(drawn: Path) -> Path:
    return drawn


class TestThePictures:
    def test_show_the_way_in_the_board_a_job_the_phone_and_the_verifier(self, stage: Stage, tmp_path: Path) -> None:
        port = stage.port()
        pack, policy = story.tell(port)
        whole = port.office.get("/api/v1/runs").good().json["runs"][0]["run"]
        begun = story.begin(port, "C1")
        for _ in begun.play(until="during/work/patrol/look"):
            pass
        for _ in story.begin(port, "C2").play(until="before/three_in/verify_zero"):
            pass

        desk = stage.office("chen", language="en-US", size=DESK)
        desk.goto(f"{stage.address}/demo/")
        keep(desk, "demo")
        desk.goto(f"{stage.address}/jobs/?show=all")
        expect(desk.locator(".job")).to_have_count(3)
        keep(desk, "jobs")
        desk.goto(f"{stage.address}/jobs/{begun.run}/")
        expect(desk.locator(".skewer-large .haw-now")).to_have_count(1)
        keep(desk, "job")
        desk.goto(f"{stage.address}/jobs/{whole}/?step=before/three_in/lock_and_tag")
        desk.locator("#replay").scroll_into_view_if_needed()
        desk.locator("#replay").evaluate("(replay) => replay.scrollIntoView()")
        keep(desk, "replay")
        desk.goto(f"{stage.address}/jobs/inside/")
        keep(desk, "inside")
        reviewed = story.begin(port, "C3")
        for _ in reviewed.play(until="after/review"):
            pass
        desk.goto(f"{stage.address}/jobs/{reviewed.run}/review/")
        expect(desk.locator("[data-inspect-target=dot]").first).to_be_visible()
        keep(desk, "review")

        phone = stage.phone("zhao", language="en-US", viewport=(360, 720), scale=1)
        stage.let_in(phone, "zhao")
        phone.begin(
            template="Belt-conveyor", equipment=CONVEYOR, people=dict(zip(ENGLISH, PARTS.values(), strict=True))
        )
        expect(phone.page.locator(".shutter:enabled")).to_be_visible()
        assert phone.page.evaluate(SHUTTER_LIES_BELOW)
        keep(phone.page, "phone-step")

        page = stage.office(language="en-US", size=DESK)
        page.goto(unpacked(tmp_path, pack, policy).as_uri())
        page.locator("#policy-file").set_input_files(tmp_path / "job.zip.policy")
        page.locator("#pack-file").set_input_files(tmp_path / "job.zip")
        expect(page.locator(".claim")).to_have_count(6)
        expect(page.locator(".film-missing")).to_have_count(0)
        page.locator(".banner-done").scroll_into_view_if_needed()
        keep(page, "verify")
        page.locator("#pack-file").set_input_files(tampered(tmp_path / "job.zip"))
        expect(page.locator(".claim[data-claim=INTEGRITY][data-verdict=FAIL]")).to_have_count(1)
        page.locator(".claim").first.scroll_into_view_if_needed()
        keep(page, "verify-changed")


def tampered(pack: Path) -> Path:
    """The pack with one byte of its first photo changed."""
    changed = pack.with_name("changed.zip")
    with zipfile.ZipFile(pack) as old, zipfile.ZipFile(changed, "w") as new:
        photo = next(item.filename for item in old.infolist() if item.filename.endswith(".jpg"))
        for item in old.infolist():
            content = bytearray(old.read(item))
            if item.filename == photo:
                content[len(content) // 2] ^= 1
            new.writestr(item, bytes(content))
    return changed
