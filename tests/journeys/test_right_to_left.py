"""Office and phone in a language that is written from right to left: all is mirrored but what is a picture or a number.

No such language is offered; this one is made for the journey, so that a real one will find its place.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tanghulu.cli.simulator import story
from tests.journeys import phones
from tests.journeys.gallery import Gallery
from tests.journeys.stage import Stage
from tests.support.mirrored import LANGUAGE

pytestmark = pytest.mark.journey

# Each page, and two things on it of which the first stands further to the right.
PAGES: Mapping[str, tuple[str, str, str]] = {
    "jobs": ("/jobs/", ".brand", ".bar-end"),
    "job": ("/jobs/{run}/", ".haw >> nth=0", ".haw >> nth=2"),
    "replay": ("/jobs/{run}/replay/?event=12", ".haw >> nth=0", ".haw >> nth=2"),
    "people": ("/people/", "th >> nth=0", "th >> nth=1"),
}
# Pictures and letters that somebody sees in a mirror: some box around them is turned over.
_IN_A_MIRROR = """() => {
    const turned = (box) => box !== null && (new DOMMatrix(getComputedStyle(box).transform).a < 0
        || getComputedStyle(box).scale.startsWith("-") || turned(box.parentElement));
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [...document.images].filter(turned).map((image) => image.src);
    for (let node = walker.nextNode(); node; node = walker.nextNode())
        if (/[\\p{L}\\p{N}]/u.test(node.data) && turned(node.parentElement)) found.push(node.data.trim());
    return found;
}"""


@pytest.fixture
def camera(drawn: Path) -> Path:
    return drawn


class TestOffice:
    def test_is_mirrored_but_for_pictures_and_numbers(self, stage: Stage) -> None:
        crew = story.begin(stage.port(), "C1")
        for _told in crew.play(until="before/three_in/verify_zero"):
            pass
        stage.mirror()
        gallery = Gallery(mark="mirrored-")
        page = stage.office("chen", language=LANGUAGE)
        for name, (path, first, last) in PAGES.items():
            page.goto(stage.address + path.format(run=crew.run))
            expect(page.locator("html")).to_have_attribute("dir", "rtl")
            expect(page.locator("html")).to_have_attribute("lang", LANGUAGE)
            gallery.show(page, name, language=LANGUAGE, sizes=("phone", "desk"))
            assert stands_right_of(page, first, last), name
            gallery.wrong += [f"{name}: {seen} is seen in a mirror" for seen in page.evaluate(_IN_A_MIRROR)]
        assert gallery.wrong == []


class TestPhone:
    def test_is_mirrored_but_for_pictures_and_numbers(self, stage: Stage) -> None:
        stage.port()
        stage.mirror()
        gallery = Gallery(languages=("zh-Hans",), mark="mirrored-")
        phone = stage.phone("zhao")
        phones.come_in(stage, gallery, phone)
        run = phones.begin(gallery, phone)
        assert stands_right_of(phone.page, ".bar-button", ".bar-words")
        phones.first_step(gallery, phone)
        phones.lists(gallery, phone, run)
        phone.open_job(run)
        assert phone.page.evaluate(_IN_A_MIRROR) == []
        assert gallery.wrong == []


def stands_right_of(page: Page, first: str, last: str) -> bool:
    """Say whether the middle of one thing is further to the right than the middle of another."""
    boxes = [page.locator(selector).first.bounding_box() for selector in (first, last)]
    one, other = (box["x"] + box["width"] / 2 for box in boxes if box)
    return one > other
