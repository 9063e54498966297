"""A phone is lost: the office locks it out, what it still sends is kept and marked, and it comes back anew."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tanghulu.core.chain.policy import parse_policy
from tanghulu.core.chain.verifier import Claim, Verdict, verify_pack
from tests.journeys.stage import CONVEYOR, JOB, PARTS, Stage
from tests.journeys.watch import AWAY
from tests.support.installation import wait_for

pytestmark = pytest.mark.journey

SECONDS = 20_000.0
WHY = "在地铁上丢了"


def lock_out(stage: Stage, desk: Page, label: str) -> None:
    """The safety officer finds the phone, says what has happened, and signs."""
    desk.goto(f"{stage.address}/devices/")
    desk.get_by_role("link", name=label, exact=True).click()
    desk.locator("input[name=why][value=lost]").check()
    desk.locator("#revoke-reason").fill(WHY)
    desk.locator("[data-revoke-target=button]").click()
    expect(desk.locator(".banner-alarm")).to_contain_text(WHY, timeout=SECONDS)


class TestALostPhone:
    def test_is_locked_out_loses_nothing_and_comes_back_with_a_new_key(self, stage: Stage) -> None:
        desk, phone = stage.office("chen"), stage.phone("zhao")
        stage.found(desk)
        stage.enrol(desk, phone, "zhao")
        run = phone.begin(template=JOB, equipment=CONVEYOR, people=PARTS)
        phone.wait_sent()

        # Without a network it is worked on with the phone, while the office locks it out.
        stage.watch.expect(*AWAY, "ERR_INTERNET_DISCONNECTED", "status of 403")
        phone.context.set_offline(True)
        assert phone.go_on()
        lock_out(stage, desk, "赵刚的手机")
        phone.context.set_offline(False)

        expect(phone.page.locator(".door-title")).to_have_text("这台手机已停用", timeout=SECONDS)
        expect(phone.page.locator(".say-good")).to_be_visible(timeout=2 * SECONDS)
        late = [event for event in stage.events(run) if event["standing"] == "revoked"]
        assert late
        assert {tuple(event["codes"]) for event in late} == {("key_revoked",)}
        desk.goto(f"{stage.address}/jobs/{run}/")
        expect(desk.locator("main")).to_contain_text("设备已不再受信任")

        def pack() -> bytes | None:
            answer = stage.house.wire("chen").get(f"/api/v1/runs/{run}/pack")
            return answer.body if answer.status == 200 else None

        wait_for("the log is published", lambda: pack() is not None)
        policy = stage.house.wire("chen").get(f"/api/v1/runs/{run}/policy").good().body
        report = verify_pack(pack() or b"", parse_policy(policy))
        who = report.findings[Claim.WHO]
        assert report.findings[Claim.INTEGRITY].verdict is Verdict.PASS
        assert who.verdict is Verdict.NOT_PROVEN
        assert {one.about for one in who.reasons if one.code == "signed_after_revocation"}

        # Found again, it goes on with a key of its own.
        stage.enrol(desk, phone, "zhao")
        expect(phone.page.locator(".job-card")).to_have_count(1, timeout=SECONDS)
        assert phone.troubles == []
