"""The server is restored from a backup: a phone that has seen more notices it, and sends again what it keeps."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.phone import LONG
from tests.journeys.stage import CONVEYOR, JOB, NO, PARTS, Stage

pytestmark = pytest.mark.journey

SOON = 1000 * LONG


def acts(stage: Stage, run: str) -> list[tuple[int, str, str]]:
    """What people did in a job, as the log has it: number, kind and how it stands."""
    events = [event for event in stage.events(run) if event["payload"]["actor"] != "server"]
    return [(event["payload"]["dseq"], event["payload"]["type"], event["standing"]) for event in events]


class TestARestoredServer:
    def test_gets_again_what_it_has_lost(self, stage: Stage, tmp_path: Path) -> None:
        if stage.house.database:
            pytest.skip("the data of PostgreSQL is not in the directory that is put back here")
        phone = stage.phone("zhao")
        stage.let_in(phone, "zhao")
        run = phone.begin(template=JOB, equipment=CONVEYOR, people=PARTS)
        phone.wait_sent()
        stage.cut()
        shutil.copytree(stage.house.data, tmp_path / "earlier")
        stage.serve()
        phone.do_steps("核对工单", no=NO)
        phone.wait_sent()
        before = acts(stage, run)
        assert [kind for _, kind, _ in before] == ["run.opened", "photo.taken", "step.confirmed"]

        stage.cut()
        shutil.rmtree(stage.house.data)
        shutil.copytree(tmp_path / "earlier", stage.house.data)
        expect(phone.page.locator(".foot-offline")).to_be_visible(timeout=SOON)
        stage.serve()
        expect(phone.page.locator(".problem-quiet")).to_contain_text("这台手机留着的 2 条正在重新发送", timeout=SOON)
        phone.wait_sent()
        assert phone.counts() == (1, 1, 1)
        assert acts(stage, run) == before
        expect(phone.page.locator(".step-title")).to_have_text("通知中控停机")
