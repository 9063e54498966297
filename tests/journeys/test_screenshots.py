"""The pictures in the README are taken from the running product, with drawn photos: nobody's face is in them.

`TANGHULU_SCREENSHOTS=1` writes them to `docs/images`; otherwise only what they show is looked at.
"""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tanghulu.cli.simulator import story
from tests.journeys.stage import CONVEYOR, PARTS, Stage
from tests.journeys.waiting import until_pictures_are_there

pytestmark = pytest.mark.journey

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
LARGEST = 300_000
ENGLISH = ("Job leader", "Control room", "Crew", "Electrician", "Guardian", "Area owner", "Quality supervisor")
DESK = {"width": 1200, "height": 760}


@pytest.fixture
def camera(drawn: Path) -> Path:
    return drawn


def keep(page: Page, name: str) -> None:
    """Write a picture when pictures are wanted."""
    until_pictures_are_there(page)
    if os.environ.get("TANGHULU_SCREENSHOTS") == "1":
        IMAGES.mkdir(exist_ok=True)
        kept = IMAGES / f"{name}.png"
        page.screenshot(path=str(kept))
        assert kept.stat().st_size <= LARGEST


class TestThePicturesOfTheReadme:
    def test_show_the_board_a_job_the_phone_and_the_verifier(self, stage: Stage, tmp_path: Path) -> None:
        port = stage.port()
        pack, policy = story.tell(port)
        begun = story.begin(port, "C1")
        for _ in begun.play(until="during/work/patrol/look"):
            pass
        for _ in story.begin(port, "C2").play(until="before/three_in/verify_zero"):
            pass

        desk = stage.office("chen", language="en-US", size=DESK)
        desk.locator("button[name=language][value=en]").click()
        desk.goto(f"{stage.address}/jobs/?show=all")
        expect(desk.locator(".job")).to_have_count(3)
        keep(desk, "jobs")
        desk.goto(f"{stage.address}/jobs/{begun.run}/")
        expect(desk.locator(".skewer-large .haw-now")).to_have_count(1)
        keep(desk, "job")

        phone = stage.phone("zhao", language="en-US", viewport=(360, 720), scale=1)
        stage.let_in(phone, "zhao")
        phone.begin(
            template="Belt-conveyor", equipment=CONVEYOR, people=dict(zip(ENGLISH, PARTS.values(), strict=True))
        )
        expect(phone.page.locator(".shutter:enabled")).to_be_visible()
        keep(phone.page, "phone-step")

        kept = tmp_path / "job.zip"
        kept.write_bytes(pack)
        beside = tmp_path / "job.zip.policy"
        beside.write_text(policy, encoding="utf-8")
        with zipfile.ZipFile(kept) as opened:
            (tmp_path / "verify.html").write_bytes(
                opened.read(next(name for name in opened.namelist() if name.endswith("verify.html")))
            )
        page = stage.office(language="en-US", size=DESK)
        page.goto((tmp_path / "verify.html").as_uri())
        page.locator("#policy-file").set_input_files(beside)
        page.locator("#pack-file").set_input_files(kept)
        expect(page.locator(".claim")).to_have_count(6)
        page.locator(".banner-done").scroll_into_view_if_needed()
        keep(page, "verify")
