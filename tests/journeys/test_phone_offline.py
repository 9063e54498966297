"""A job begins on a phone while there is no server, and survives the battery being taken out."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.phone import PATIENCE
from tests.journeys.stage import CONVEYOR, JOB, PARTS, Stage
from tests.support.installation import wait_for

pytestmark = pytest.mark.journey

# The phone begins offline from what it has fetched before; the templates come last.
HAS_TEMPLATES = """() => new Promise((done) => {
    const asked = indexedDB.open("tanghulu-phone");
    asked.onsuccess = () => {
        const got = asked.result.transaction("singles").objectStore("singles").get("templates");
        got.onsuccess = () => { asked.result.close(); done(got.result !== undefined); };
    };
})"""


class TestWithoutAServer:
    def test_a_job_begins_and_survives_the_battery(self, stage: Stage) -> None:
        phone = stage.phone("zhao")
        stage.let_in(phone, "zhao")
        wait_for("the phone has the templates", lambda: phone.page.evaluate(HAS_TEMPLATES))

        stage.cut()
        run = phone.begin(template=JOB, equipment=CONVEYOR, people=PARTS)
        assert phone.title() == "核对工单"
        phone.photograph()
        assert phone.counts() == (1, 0, 0)
        expect(phone.page.locator(".foot-network")).to_have_text("离线 · 自动续传", timeout=2 * PATIENCE)

        phone.kill()
        phone.start()
        phone.open_job(run)
        expect(phone.page.locator(".step-title")).to_have_text("核对工单")
        assert phone.counts() == (1, 0, 0)

        stage.serve()
        wait_for("photo and event are accepted", lambda: phone.counts() == (1, 1, 1))
        expect(phone.page.locator(".foot-network")).to_have_text("都已送达")
        types = [event["payload"]["type"] for event in stage.events(run)]
        assert types[0] == "run.opened"
        assert (types.count("photo.taken"), types.count("photo.stored")) == (1, 1)
