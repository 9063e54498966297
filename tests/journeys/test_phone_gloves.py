"""Gloves, rain and cold hands: a finger that trembles does one thing, and finds every button (see also gallery.py)."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.gallery import Gallery
from tests.journeys.stage import CONVEYOR, JOB, PARTS, Stage

pytestmark = pytest.mark.journey


def tremble(target: Locator) -> None:
    """Tap twice at the same place of the screen, whatever is there the second time."""
    target.wait_for()
    target.click(trial=True)
    box = target.bounding_box()
    assert box is not None
    at = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    # Both taps as one order to the browser: with time between them they would be two people's.
    target.page.mouse.dblclick(*at)


class TestADoubleTap:
    def test_does_what_one_tap_does(self, stage: Stage) -> None:
        phone = stage.phone("zhao")
        stage.let_in(phone, "zhao")
        phone.begin(template=JOB, equipment=CONVEYOR, people=PARTS)
        page, gallery = phone.page, Gallery()
        tremble(page.locator(".shutter:enabled"))
        page.locator(".review").wait_for()
        gallery.show_phone(page, "photo", language="zh-Hans")
        expect(page.locator(".bead-done")).to_have_count(0)
        # Using the photo would, at the second tap, answer the question that comes.
        tremble(page.locator(".action .big:enabled").first)
        page.locator(".question").wait_for()
        expect(page.locator(".bead-done")).to_have_count(1)
        tremble(page.locator(".action .answer").first)
        expect(page.locator(".bead-done")).to_have_count(2)
        gallery.show_phone(page, "ask", language="zh-Hans")
        page.locator(".bar-end .stop").click()
        gallery.show_phone(page, "stop", language="zh-Hans")
        assert gallery.wrong == []
        assert phone.counts()[0] == 1
