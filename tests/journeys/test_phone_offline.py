"""A phone is enrolled, begins a job without a server, and loses nothing when its battery is taken out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect

from tests.journeys.phone import Phone
from tests.support.installation import Installation, wait_for

pytestmark = pytest.mark.journey

API = "/api/v1"
TEMPLATE = "带式输送机检修"
PEOPLE = {
    "作业负责人": ["赵刚"],
    "中控": ["赵刚"],
    "作业人": ["王维", "李强"],
    "停送电电工": ["李强"],
    "监护人": ["魏娜"],
    "属地验收人": ["周涛"],
    "流程质量监督员": ["陈静"],
}


@pytest.fixture
def phone(browsers: Playwright, harbour: Installation, camera: Path, tmp_path: Path) -> Iterator[Phone]:
    """The team leader's phone, enrolled and confirmed by the safety officer."""
    officer = harbour.device("chen")
    made = Phone(browsers, tmp_path / "profile", harbour.address, camera=camera)
    office = harbour.wire("zhao")
    member = harbour.seeds["harbour"]["people"]["zhao"]["ref"]
    url = office.send("POST", f"{API}/enrolments/codes", {"member": member}).good().json["url"]
    number = made.enrol(url)
    (waiting,) = officer.wire.get(f"{API}/enrolments").good().json["enrolments"]
    assert waiting["check"] == number
    officer.countersign(waiting["device"])
    made.wait_enrolled()
    # The company's people and templates have come, and the page is kept for a start without a network.
    made.page.locator(".bar-note", has_text="赵刚").wait_for()
    made.page.wait_for_function("navigator.serviceWorker.controller !== null")
    made.page.wait_for_function(
        """() => new Promise(done => {
            const open = indexedDB.open('tanghulu-phone');
            open.onsuccess = () => {
                const get = open.result.transaction('singles').objectStore('singles').get('templates');
                get.onsuccess = () => { open.result.close(); done(get.result !== undefined); };
            };
        })"""
    )
    yield made
    assert made.troubles == []
    made.close()


def types(server: Installation, run: str) -> list[str]:
    """What the server holds of a run."""
    answer = server.wire("zhao").get(f"{API}/runs/{run}")
    return [event["payload"]["type"] for event in answer.json["events"]] if answer.status == 200 else []


class TestWithoutAServer:
    def test_a_job_begins_and_survives_the_battery(self, phone: Phone, harbour: Installation) -> None:
        harbour.kill("web")
        run = phone.begin(template=TEMPLATE, equipment="3号皮带机", people=PEOPLE)
        assert phone.title() == "核对工单"
        phone.photograph()
        assert phone.counts() == (1, 0, 0)
        expect(phone.page.locator(".foot-network")).to_have_text("离线 · 自动续传", timeout=60_000)

        phone.kill()
        phone.start()
        phone.open_job(run)
        expect(phone.page.locator(".step-title")).to_have_text("核对工单")
        assert phone.counts() == (1, 0, 0)

        harbour.start("web")
        wait_for("photo and event are accepted", lambda: phone.counts() == (1, 1, 1))
        assert types(harbour, run)[:1] == ["run.opened"]
        wait_for("the server says so", lambda: "photo.stored" in types(harbour, run))
        assert types(harbour, run).count("photo.taken") == 1
        expect(phone.page.locator(".foot-network")).to_have_text("都已送达")

    def test_a_photo_nobody_decided_about_is_offered_again(self, phone: Phone, harbour: Installation) -> None:
        run = phone.begin(template=TEMPLATE, equipment="3号皮带机", people=PEOPLE)
        phone.page.locator(".shutter:enabled").click()
        phone.page.locator(".review").wait_for()
        phone.kill()
        phone.start()
        phone.home()
        expect(phone.page.locator(".unused-title")).to_have_text("还没用的照片：1")
        phone.page.locator(".unused-one .small-primary").click()
        expect(phone.page.locator(".unused")).to_have_count(0)
        wait_for("photo and event are accepted", lambda: phone.counts() == (1, 1, 1))
        assert types(harbour, run).count("photo.taken") == 1
