"""The office in a real browser: signing in, languages, devices, and what another company must not see."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.stage import CONVEYOR, JOB, PARTS, Stage
from tests.support.installation import wait_for

pytestmark = pytest.mark.journey

PASSWORD = "three in, three out"


class TestSignIn:
    def test_takes_a_name_and_a_password(self, stage: Stage) -> None:
        stage.choose_password("gao", PASSWORD)
        page = stage.office()
        page.goto(f"{stage.address}/jobs/")
        page.locator("input[name=login]").fill("gao")
        page.locator("input[name=password]").fill("two in, two out")
        page.locator("form button.button-primary").click()
        expect(page.locator("[role=alert]")).to_be_visible()
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("form button.button-primary").click()
        expect(page.locator("#board")).to_be_visible()
        expect(page.locator(".menu summary")).to_have_text("高磊")


class TestLanguage:
    def test_changes_with_a_click_and_stays(self, stage: Stage) -> None:
        page = stage.office("chen")
        page.goto(f"{stage.address}/people/")
        expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
        expect(page.locator("h1")).to_have_text("人员")
        page.locator("button[name=language][value=en]").click()
        expect(page.locator("html")).to_have_attribute("lang", "en")
        expect(page.locator("h1")).to_have_text("People")
        page.goto(f"{stage.address}/equipment/")
        expect(page.locator("h1")).to_have_text("Equipment")


class TestDevices:
    def test_let_a_second_browser_in_when_the_first_has_compared_the_digits(self, stage: Stage) -> None:
        first = stage.office("chen")
        stage.found(first)
        second = stage.office("zhou")
        second.goto(f"{stage.address}/devices/")
        second.locator("[data-enrol-target=browser]").click()
        state = second.locator("[data-enrol-target=state]")
        expect(state).to_contain_text("核对数字")
        digits = "".join(letter for letter in state.inner_text() if letter.isdigit())
        # It appears without a reload.
        row = first.locator(".waiting-row")
        expect(row).to_contain_text("周涛")
        shown = row.locator(".check-number").inner_text()
        assert shown.replace(" ", "") == digits
        row.locator("[data-action='enrol#countersign']").click()
        expect(state).to_have_text("这个浏览器可以签字。")


class TestAnotherCompany:
    def test_sees_nothing_of_a_job(self, stage: Stage) -> None:
        phone = stage.phone("zhao")
        stage.let_in(phone, "zhao")
        run = phone.begin(template=JOB, equipment=CONVEYOR, people=PARTS)
        phone.wait_sent()
        at_home = stage.office("chen")
        wait_for("the office has it", lambda: at_home.goto(f"{stage.address}/jobs/").ok)  # type: ignore[union-attr]
        expect(at_home.locator(f"a[href='/jobs/{run}/']")).to_be_visible()

        stage.watch.expect("status of 404")
        elsewhere = stage.office("quentin")
        elsewhere.goto(f"{stage.address}/jobs/?show=all")
        expect(elsewhere.locator("h1")).to_be_visible()
        assert elsewhere.locator(".job").count() == 0
        for path in (f"/jobs/{run}/", f"/api/v1/runs/{run}", f"/api/v1/runs/{run}/pack", f"/api/v1/runs/{run}/policy"):
            answer = elsewhere.request.get(f"{stage.address}{path}")
            assert answer.status == 404, path
