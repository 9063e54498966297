"""How a job ends: it is decided in the office, sealed, taken home and verified."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.journeys.stage import Stage


def review(desk: Page, stage: Stage, run: str) -> None:
    """The quality supervisor looks at every picture, decides and signs in the office; the run is sealed."""
    desk.goto(f"{stage.address}/reviews/")
    desk.locator(f"main a[href='/jobs/{run}/review/']").last.click()
    accept, good = desk.locator("input[name=verdict][value=ok]"), desk.locator("[data-inspect-target=good]")
    dots = desk.locator("[data-inspect-target=dot]")
    expect(accept).to_be_disabled()
    for number in range(dots.count()):
        expect(good).to_be_enabled(timeout=30_000)
        desk.keyboard.press("g")
        expect(dots.nth(number)).to_have_attribute("data-mark", "good")
    accept.check()
    desk.locator("#review-reason").fill("逐张看过，照片与要求相符。")
    desk.locator("[data-review-target=button]").click()
    desk.locator("[data-inspect-target=onward] a").click()
    # The page renews itself once the decision is in the log and the seal on it.
    expect(desk.locator(".evidence")).to_contain_text("已封存", timeout=30_000)


def download(desk: Page, folder: Path) -> tuple[Path, Path]:
    """The pack by the button of the page, and the policy beside it."""
    with desk.expect_download() as pack:
        desk.locator(".job-head a[download]").click()
    kept = folder / pack.value.suggested_filename
    pack.value.save_as(kept)
    desk.locator("#prove summary").click()
    with desk.expect_download() as policy:
        desk.locator("#prove a[href$='/policy']").click()
    beside = folder / policy.value.suggested_filename
    policy.value.save_as(beside)
    return kept, beside


def verify(stage: Stage, pack: Path, policy: Path) -> Any:
    """What `tanghulu verify` says, which must be that all is well."""
    done = stage.house.run("verify", str(pack), "--policy", str(policy), "--json")
    assert done.returncode == 0, done.stdout
    return json.loads(done.stdout)
