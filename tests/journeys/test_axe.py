"""Nobody is shut out: axe finds nothing serious on the pages of the office and the screens of the phone."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.stage import CONVEYOR, JOB, PARTS, Stage

pytestmark = pytest.mark.journey

AXE = Path(__file__).resolve().parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SMALL = {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def axe() -> str:
    if not AXE.is_file():
        leave = pytest.fail if os.environ.get("TANGHULU_ALL") == "1" else pytest.skip
        leave("axe is not here: run npm ci in frontend")
    return AXE.read_text(encoding="utf-8")


def found(page: Page, axe: str) -> list[str]:
    """The rules that the page breaks seriously, each with the first elements that do."""
    # Evaluated by the browser's own tools, which the page's content policy does not bind.
    page.evaluate(axe)
    broken: list[dict[str, Any]] = page.evaluate(
        "rules => axe.run(document, { runOnly: rules, resultTypes: ['violations'] }).then((all) => all.violations)",
        RULES,
    )
    return [
        f"{rule['id']}: {[node['target'] for node in rule['nodes'][:3]]} {rule['nodes'][0].get('failureSummary', '')}"
        for rule in broken
        if rule["impact"] in {"serious", "critical"}
    ]


class TestPages:
    @pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
    def test_are_open_to_everybody(self, stage: Stage, axe: str, *, dark: bool) -> None:
        phone = stage.phone("zhao", dark=dark)
        troubles: dict[str, list[str]] = {}

        def look(page: Page, name: str) -> None:
            if problems := found(page, axe):
                troubles[name] = problems

        phone.page.goto(f"{stage.address}/capture/")
        phone.page.locator(".door").wait_for()
        look(phone.page, "phone: welcome")
        stage.let_in(phone, "zhao")
        look(phone.page, "phone: jobs")
        run = phone.begin(template=JOB, equipment=CONVEYOR, people=PARTS)
        expect(phone.page.locator(".shutter:enabled")).to_be_visible()
        look(phone.page, "phone: photo")
        phone.photograph()
        phone.page.locator(".question").wait_for()
        look(phone.page, "phone: question")
        phone.wait_sent()
        for name in ("outbox", "settings", f"skewer/{run}", f"stop/{run}", "open"):
            phone.page.goto(f"{stage.address}/capture/#/{name}")
            phone.page.locator("main.screen").wait_for()
            look(phone.page, f"phone: {name.split('/')[0]}")

        sign_in = stage.office(dark=dark)
        sign_in.goto(f"{stage.address}/sign-in/")
        look(sign_in, "sign-in")
        for size, who in ((None, "desk"), (SMALL, "small")):
            desk = stage.office("zheng" if size else "chen", dark=dark, size=size)
            for path in ("jobs/", f"jobs/{run}/", "people/", "equipment/", "devices/", "certificates/", "places/"):
                desk.goto(f"{stage.address}/{path}")
                expect(desk.locator("h1")).to_be_visible()
                look(desk, f"{who}: {path.split('/')[0]}")
        assert troubles == {}
