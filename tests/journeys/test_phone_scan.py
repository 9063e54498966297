"""A code is scanned: the machine before which somebody stands, or another one; offline too, or typed."""

from __future__ import annotations

from pathlib import Path

import pytest
import segno
from PIL import Image
from playwright.sync_api import expect

from tests.journeys.phone import Phone, film
from tests.journeys.stage import CONVEYOR, JOB, PARTS, Stage
from tests.journeys.test_phone_offline import HAS_TEMPLATES
from tests.journeys.waiting import until
from tests.support.installation import wait_for

pytestmark = pytest.mark.journey

SECONDS = 30_000.0
# What the phone has said in passing: a toast is gone before a busy machine looks.
HEAR = """() => {
    window.heard = "";
    new MutationObserver(() => {
        window.heard += document.querySelector(".toast")?.innerText ?? "";
    }).observe(document.body, { childList: true, subtree: true });
}"""
READER_IS_KEPT = """async () => {
    const { reader, wasm } = document.getElementById("phone").dataset;
    return (await caches.match(reader)) !== undefined && (await caches.match(wasm)) !== undefined;
}"""


def show(stage: Stage, folder: Path, number: str) -> Path:
    """A film of the label that the office prints for a machine."""
    ref = stage.house.seeds["harbour"]["equipment"][number]
    label = folder / f"{number}.png"
    segno.make_qr(f"tanghulu:equipment:{ref}", error="m").save(str(label), scale=12, border=4)
    with Image.open(label) as code:
        sheet = Image.new("RGB", (960, 720), "white")
        sheet.paste(code.convert("RGB").resize((480, 480)), (240, 120))
    sheet.save(label)
    return film(folder / f"{number}.y4m", [label])


def open_with(stage: Stage, camera: Path) -> Phone:
    """The team leader's phone before that camera, with everything that it needs to begin a job offline."""
    phone = stage.phone("zhao")
    stage.let_in(phone, "zhao")
    # What is asked here answers later, so it is asked from outside: a promise alone would pass for a yes.
    wait_for("the templates are on the phone", lambda: phone.page.evaluate(HAS_TEMPLATES))
    wait_for("the reader is on the phone", lambda: phone.page.evaluate(READER_IS_KEPT))
    stage.cut()
    phone.close()
    phone.camera = camera
    phone.start()
    return phone


class TestScanning:
    def test_finds_the_machine_without_a_network(self, stage: Stage, tmp_path: Path) -> None:
        phone = open_with(stage, show(stage, tmp_path, "C3"))
        phone.home()
        phone.page.locator(".action .big").click()
        phone.page.locator(".row", has_text=JOB).click()
        phone.page.locator(".screen-body .big").click()
        # What was scanned is chosen, and who does the job is asked next.
        expect(phone.page.locator(".part").first).to_be_visible(timeout=SECONDS)
        expect(phone.page.locator(".bar-note")).to_contain_text(JOB)

    def test_says_which_machine_it_is_when_it_is_another(self, stage: Stage, tmp_path: Path) -> None:
        phone = open_with(stage, show(stage, tmp_path, "C2"))
        page = phone.page
        phone.begin(template=JOB, equipment=CONVEYOR, people=PARTS)
        page.locator(".scan-check").click()
        wrong = f"不对！这是 2号皮带机，这次作业是 {CONVEYOR}。"
        expect(page.locator(".say-alarm")).to_contain_text(wrong, timeout=SECONDS)
        page.locator(".words-field input").fill("X9")
        page.locator(".action .big").click()
        expect(page.locator(".say-alarm")).to_contain_text("没有编号为“X9”的设备")
        page.locator(".words-field input").fill("c3")
        page.evaluate(HEAR)
        page.locator(".action .big").click()
        until(page, "words => window.heard.includes(words)", f"没错，是 {CONVEYOR}")
        expect(page.locator(".step-title")).to_have_text("核对工单")
