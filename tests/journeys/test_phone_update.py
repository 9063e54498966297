"""A new version of the phone's page comes when it disturbs nobody; what the old one kept is still there."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import TimeoutError as Waited
from playwright.sync_api import expect

from tests.journeys.phone import LONG, Phone
from tests.journeys.stage import CONVEYOR, JOB, NO, PARTS, Stage
from tests.journeys.waiting import until
from tests.support.installation import SOURCE, wait_for

pytestmark = pytest.mark.journey

MARK = "\n;document.documentElement.dataset.newer = 'yes';\n"
IS_NEWER = "document.documentElement.dataset.newer === 'yes'"
IS_WAITING = "navigator.serviceWorker.getRegistration('/capture/').then((one) => one.waiting !== null)"


def newer(folder: Path) -> Path:
    """The program once more, with a page script that has changed."""
    copy = folder / "newer"
    shutil.copytree(SOURCE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    script = copy / "tanghulu" / "web" / "static" / "dist" / "capture.js"
    script.write_text(script.read_text(encoding="utf-8") + MARK, encoding="utf-8")
    return copy


def fetch_newer(phone: Phone) -> None:
    """Have the browser look for a new version, and wait until it is kept beside the old one."""
    phone.page.evaluate("navigator.serviceWorker.getRegistration('/capture/').then((one) => one.update())")
    wait_for("the new version waits", lambda: phone.page.evaluate(IS_WAITING), patience=LONG)


class TestANewVersion:
    def test_waits_for_the_outbox_and_for_the_step(self, stage: Stage, tmp_path: Path) -> None:
        phone = stage.phone("zhao")
        stage.let_in(phone, "zhao")
        run = phone.begin(template=JOB, equipment=CONVEYOR, people=PARTS)
        phone.wait_sent()
        stage.cut()
        phone.do_steps("核对工单", no=NO)
        stage.house.source = newer(tmp_path)
        # The photo does not get through; everything else does.
        stage.watch.expect("net::ERR_FAILED")
        phone.context.route("**/api/v1/photos/*", lambda route: route.abort())
        stage.serve()
        wait_for("the new version is offered by the server", lambda: MARK in script_of(stage))
        fetch_newer(phone)
        assert phone.page.locator(".problem-quiet").count() == 0, "nobody is disturbed in a step"

        phone.home()
        expect(phone.page.locator(".problem-quiet")).to_contain_text("还有 1 项没发完")
        phone.page.reload()
        phone.page.locator(".job-list").first.wait_for()
        assert phone.page.evaluate(IS_WAITING)
        assert not phone.page.evaluate(IS_NEWER)

        phone.context.unroute("**/api/v1/photos/*")
        phone.open_job(run)
        phone.page.reload()
        wait_for("the photo is accepted", lambda: phone.counts() == (1, 1, 1), patience=LONG)
        assert not phone.page.evaluate(IS_NEWER), "the job is open on the screen"
        phone.wait_sent()
        phone.home()
        wait_for("a page that is opened with nothing unsent is the new one", lambda: opened_anew(phone), patience=LONG)
        expect(phone.page.locator(".job-card")).to_have_count(1)
        assert phone.counts() == (1, 1, 1)

    def test_comes_with_unsent_work_when_the_person_says_so_and_loses_none(self, stage: Stage, tmp_path: Path) -> None:
        phone = stage.phone("zhao")
        stage.let_in(phone, "zhao")
        phone.begin(template=JOB, equipment=CONVEYOR, people=PARTS)
        phone.wait_sent()
        stage.cut()
        phone.photograph()
        stage.house.source = newer(tmp_path)
        stage.watch.expect("net::ERR_FAILED")
        phone.context.route("**/api/v1/photos/*", lambda route: route.abort())
        stage.serve()
        fetch_newer(phone)
        phone.home()
        phone.page.locator(".problem-quiet .problem-close").click()
        until(phone.page, f"() => {IS_NEWER}", patience=LONG)
        phone.context.unroute("**/api/v1/photos/*")
        phone.page.reload()
        wait_for("the photo is accepted", lambda: phone.counts() == (1, 1, 1), patience=LONG)


def opened_anew(phone: Phone) -> bool:
    """Open the page once more, and say whether the new version has come."""
    phone.page.reload()
    try:
        until(phone.page, f"() => {IS_NEWER}", patience=20)
    except Waited:
        return False
    return True


def script_of(stage: Stage) -> str:
    """The phone's script as it is served now."""
    return stage.house.wire("chen").get("/static/dist/capture.js").body.decode()
