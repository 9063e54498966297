"""Waiting works on pages that forbid `eval`, as all of ours do."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from tests.journeys.phone import CHROMIUM, QUIET
from tests.journeys.waiting import until

pytestmark = pytest.mark.journey

SCRIPT = "window.begun = true"
DIGEST = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
STRICT = (
    f"<!doctype html><meta http-equiv=Content-Security-Policy content=\"script-src 'sha256-{DIGEST}'\">"
    f"<script>{SCRIPT}</script>"
)


class TestUntil:
    def test_sees_on_a_strict_page_what_comes_later(self, playwright: Playwright, tmp_path: Path) -> None:
        page = tmp_path / "strict.html"
        page.write_text(STRICT, encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        try:
            strict = browser.new_page()
            strict.goto(page.as_uri())
            strict.evaluate("() => { setTimeout(() => { window.later = 3; }, 200); }")
            until(strict, "wanted => window.later === wanted", 3)
            assert strict.evaluate("() => window.later") == 3
        finally:
            browser.close()

    def test_refuses_what_is_not_a_function(self) -> None:
        with pytest.raises(ValueError, match="not a function"):
            until(None, "window.later === 3")  # type: ignore[arg-type]

    def test_is_how_every_journey_waits(self) -> None:
        folder = Path(__file__).parent
        others = {path.name for path in folder.glob("*.py")} - {"waiting.py", Path(__file__).name}
        assert [name for name in sorted(others) if "wait_for_function" in (folder / name).read_text("utf-8")] == []
