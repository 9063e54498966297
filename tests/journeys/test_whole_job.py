"""The main journey: five people carry out one belt-conveyor job on their phones, partly without a network, and the pack
that comes out of it is verified by the command line and by the page that travels in the pack.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.ending import download, review, verify
from tests.journeys.phone import Phone, looks_of
from tests.journeys.stage import CONVEYOR, JOB, NO, PARTS, Stage
from tests.journeys.waiting import until
from tests.support.installation import wait_for

pytestmark = pytest.mark.journey

PHOTOS = 18
CREW = ("zhao", "li", "vera", "zhou")
VERDICTS = {
    "INTEGRITY": "PASS",
    "ORDER": "PASS",
    "COMPLETENESS": "PASS",
    "WHO": "PASS",
    "WHEN": "NOT PROVEN",
    "UNIQUE": "NOT PROVEN",
}


class TestAWholeJob:
    def test_goes_from_five_phones_to_a_pack_that_anybody_can_verify(self, stage: Stage, tmp_path: Path) -> None:
        desk = stage.office("chen")
        stage.found(desk)
        for name in CREW:
            with handed_out(stage, name) as phone:
                stage.enrol(desk, phone, name)

        with handed_out(stage, "zhao") as phone:
            run = phone.begin(template=JOB, equipment=CONVEYOR, people=PARTS)
            board = opened(stage, run)
            phone.do_steps("核对工单", "通知中控停机", "现场看空带", no=NO)
            phone.wait_sent()
        done = grown(board, 0)
        take_turn(stage, run, "li", "进一 断电", "进二 挂牌上锁")
        take_turn(stage, run, "vera", "点锁")
        done = grown(board, done)

        work_without_a_server(stage, run, board)
        done = grown(board, done)

        take_turn(stage, run, "vera", "进三 验电试机")
        take_turn(stage, run, "zhao", "现场交底")
        take_turn(stage, run, "li", "听明白了")
        take_turn(stage, run, "vera", "进入前确认", "进入登记", "巡检")
        take_turn(stage, run, "zhao", "要试车吗")
        done = grown(board, done)
        take_turn(stage, run, "vera", "出一 撤离")
        take_turn(stage, run, "li", "出二 解锁摘牌")
        take_turn(stage, run, "vera", "锁已清空")
        take_turn(stage, run, "zhao", "出三 送电试机")
        take_turn(stage, run, "li", "出三 送电试机")
        take_turn(stage, run, "zhou", "属地验收")
        take_turn(stage, run, "vera", "二次巡检")
        grown(board, done)
        assert board.evaluate("window.staysOpen") is True

        review(desk, stage, run)
        pack, policy = download(desk, tmp_path)
        report = verify(stage, pack, policy)
        assert {name: claim["verdict"] for name, claim in report["claims"].items()} == VERDICTS
        assert {person["name"] for person in report["people"]} == {"赵刚", "李强", "魏娜", "周涛", "陈静"}
        assert {person["assurance"] for person in report["people"]} == {"webcrypto"}
        # The camera's film starts anew with each step, so some shots are of the same bytes, which a pack holds once.
        assert photos_of(stage, run) == PHOTOS
        assert 0 < report["photos"] <= PHOTOS
        assert verdicts_in_browser(stage, pack, policy) == VERDICTS
        assert stage.house.problems() == []


@contextmanager
def handed_out(stage: Stage, name: str) -> Iterator[Phone]:
    """Somebody's phone in their hand; put away afterwards, with what it holds."""
    phone = stage.phone(name)
    yield phone
    phone.close()


def take_turn(stage: Stage, run: str, name: str, *titles: str) -> None:
    """Somebody takes out their phone, does their steps, waits until all is sent and puts it away."""
    with handed_out(stage, name) as phone:
        phone.open_job(run)
        phone.do_steps(*titles, no=NO)
        phone.wait_sent()


def work_without_a_server(stage: Stage, run: str, board: Page) -> None:
    """Two steps are done while the server is gone, and the phone dies before it comes back."""
    phone = stage.phone("li")
    phone.open_job(run)
    expect(phone.page.locator(".step-title")).to_have_text("释放余能")
    phone.wait_sent()
    sent = phone.counts()
    stage.cut()
    phone.do_steps("释放余能", "进三 验电试机")
    expect(phone.page.locator(".foot-offline")).to_be_visible()
    waiting = phone.waiting()
    assert phone.counts() == (sent[0] + 3, sent[1], sent[2])
    assert len(waiting) >= 8
    expect(board.locator("#job.is-lost")).to_be_visible()

    phone.kill()
    phone.start()
    phone.home()
    assert phone.waiting() == waiting
    assert phone.counts() == (sent[0] + 3, sent[1], sent[2])
    phone.open_job(run)
    here = phone.skewer(run)
    assert here.count("held") == 1

    stage.serve()
    phone.wait_sent()
    assert phone.waiting() == []
    # What was held for its photos is done; else phone and office say what the phone said alone.
    expect(board.locator("#job.is-lost")).to_have_count(0)
    there = ["done" if look == "held" else look for look in here]
    wait_for("the phone knows that its photos are there", lambda: phone.skewer(run) == there)
    wait_for("the office agrees", lambda: reached(looks_of(board)) == reached(there))
    standing = {event["standing"] for event in stage.events(run)}
    assert standing == {"accepted"}
    phone.close()


def opened(stage: Stage, run: str) -> Page:
    """The page of the job in the office, which stays open from now on."""
    board = stage.office("gao")
    wait_for("the office has the job", lambda: board.goto(f"{stage.address}/jobs/{run}/").ok)  # type: ignore[union-attr]
    board.evaluate("window.staysOpen = true")
    return board


def reached(looks: list[str]) -> list[str]:
    """The haws that work has come to; the office draws the others closer together."""
    return [look for look in looks if look in {"done", "held", "now"}]


def grown(board: Page, before: int) -> int:
    """Wait until the page shows more done haws than before; gives how many."""
    until(board, "before => document.querySelectorAll('.skewer-large .haw-done').length > before", before)
    return board.locator(".skewer-large .haw-done").count()


def verdicts_in_browser(stage: Stage, pack: Path, policy: Path) -> dict[str, str]:
    """What the page inside the pack says of it, opened as a file."""
    with zipfile.ZipFile(pack) as opened_pack:
        inside = next(name for name in opened_pack.namelist() if name.endswith("verify.html"))
        alone = pack.with_name("verify.html")
        alone.write_bytes(opened_pack.read(inside))
    page = stage.office()
    page.goto(alone.as_uri())
    page.locator("#policy-file").set_input_files(policy)
    page.locator("#pack-file").set_input_files(pack)
    expect(page.locator(".claim")).to_have_count(6)
    expect(page.locator(".banner-done")).to_be_visible()
    cards: dict[str, str] = page.evaluate(
        "Object.fromEntries([...document.querySelectorAll('.claim')].map(c => [c.dataset.claim, c.dataset.verdict]))"
    )
    return cards


def photos_of(stage: Stage, run: str) -> int:
    return sum(event["payload"]["type"] == "photo.taken" for event in stage.events(run))
