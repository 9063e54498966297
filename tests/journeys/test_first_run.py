"""An empty installation becomes a company with its first job, led by the set-up, with a phone beside the desk."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Page, Playwright, expect

from tests.journeys.phone import Phone
from tests.journeys.screenshots import DESK, keep
from tests.journeys.stage import CONVEYOR, JOB, PARTS, Stage
from tests.support.installation import SOURCE, Installation, accepts, free_port, wait_for

pytestmark = pytest.mark.journey

PASSWORD = "three in, three out"
PEOPLE = (
    "工号,姓名,部门,角色,登录名,证书,证书编号,有效期至\n"
    "0232,李强,电气班,作业人员,,电工,E-1,2099-01-01\n"
    "0241,魏娜,维修三班,监护人,,危险作业监护,G-1,2099-01-01\n"
    "0101,周涛,综合管理部,管理人员,,,,\n"
    "0301,陈静,安全环保部,安全员,,,,\n"
)


@pytest.fixture
def begun(tmp_path: Path) -> Iterator[tuple[Installation, str]]:
    """`tanghulu up` on an empty directory, and the link that the command prints which it names."""
    house = Installation(data=tmp_path / "data", port=free_port())
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TANGHULU_")}
    own = {"PYTHONPATH": str(SOURCE), "TANGHULU_DATA": str(house.data)}
    command = [sys.executable, "-P", "-m", "tanghulu", "up", "--port", str(house.port)]
    up = subprocess.Popen(command, env={**kept, **own}, stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        assert up.stdout is not None
        words = next(found[1] for line in up.stdout if (found := re.search(r"tanghulu (first-link .*)", line)))
        printed = subprocess.run(
            [*command[:4], *words.split()], env={**kept, **own}, stdout=subprocess.PIPE, text=True, check=True
        )
        link = re.findall(r"http://\S+/begin/\S+", printed.stdout)[0]
        wait_for("the server answers", partial(accepts, house.port))
        yield house, link
    finally:
        os.killpg(up.pid, signal.SIGKILL)
        up.communicate()


@pytest.fixture
def stage(
    begun: tuple[Installation, str], playwright: Playwright, browser: Browser, camera: Path, tmp_path: Path
) -> Iterator[Stage]:
    made = Stage(house=begun[0], playwright=playwright, browser=browser, folder=tmp_path, camera=camera)
    try:
        yield made
        assert made.watch.troubles == []
    finally:
        made.close()


def fill(page: Page, **values: str) -> None:
    for name, value in values.items():
        page.locator(f"main [name='{name}']").fill(value)


def go_on(page: Page, step: str) -> None:
    """Press the one red button; the step that comes next has its name."""
    page.locator("main .button-primary").last.click()
    expect(page.locator("[aria-current=step]")).to_have_attribute("href", f"/setup/?step={step}")


def come_in(phone: Phone, address: str) -> str:
    """On the phone: choose a password, use this phone; the six digits."""
    phone.page.goto(address)
    fill(phone.page, password=PASSWORD, again=PASSWORD)
    phone.page.locator("form button.button-primary").click()
    phone.page.locator("form[action='/devices/this/'] button").click()
    phone.page.locator(".door-name").wait_for()
    phone.page.locator(".big-primary").click()
    number = phone.page.locator(".door-number")
    number.wait_for()
    return number.inner_text().replace("\n", "").replace(" ", "")


class TestAnEmptyInstallation:
    def test_is_led_to_its_first_job(self, begun: tuple[Installation, str], stage: Stage) -> None:
        began = time.monotonic()
        desk = stage.office(language="en-US", size=DESK)
        desk.goto(begun[1])
        keep(desk, "setup-begin")
        fill(desk, company="港湾散货码头", name="郑洁", username="zheng", password=PASSWORD, again=PASSWORD)
        go_on(desk, "people")
        keep(desk, "setup-people")

        fill(desk, **{"0-name": "赵刚", "0-number": "0251", "0-username": "zhao"})
        go_on(desk, "machine")
        # Left in the middle, and taken up again: the rest of the people comes as a list.
        desk.goto(f"{stage.address}/people/import/")
        file: FilePayload = {"name": "people.csv", "mimeType": "text/csv", "buffer": PEOPLE.encode()}
        desk.locator("input[type=file]").set_input_files(file)
        desk.locator("main form.form button").click()
        desk.locator("main .button-primary").click()
        expect(desk.locator("tbody tr")).to_have_count(6)
        desk.locator(".brand").click()
        expect(desk.locator("[aria-current=step]")).to_have_attribute("href", "/setup/?step=machine")

        fill(desk, place_name="皮带机廊道", number="C3", name=CONVEYOR)
        go_on(desk, "templates")
        expect(desk.locator("input[name=template]:checked")).to_have_count(1)
        keep(desk, "setup-processes")
        go_on(desk, "phone")

        desk.locator("[data-enrol-target=browser]").click()
        expect(desk.locator("[data-enrol-target=browser]")).to_be_hidden()
        desk.locator("form[action='/setup/phone/'] button").click()
        address = desk.locator("details p.hash a").get_attribute("href") or ""
        phone = stage.phone("zhao")
        digits = come_in(phone, address)
        row = desk.locator(".waiting-row", has=desk.locator(f".check-number:text-is('{digits[:3]} {digits[3:]}')"))
        row.scroll_into_view_if_needed()
        keep(desk, "setup-phone")
        row.locator("[data-action='enrol#countersign']").click()
        phone.wait_enrolled()
        go_on(desk, "job")

        run = phone.begin(template=JOB, equipment=CONVEYOR, people=PARTS)
        desk.wait_for_url(f"**/jobs/{run}/")
        expect(desk.locator(".skewer-large .haw-now")).to_have_count(1)
        print(f"\nfrom the link to the first job: {time.monotonic() - began:.0f} s")

        desk.goto(f"{stage.address}/status/")
        keep(desk, "status")
        stage.watch.expect("status of 404")
        again = desk.goto(begun[1])
        assert again is not None
        assert again.status == 404
