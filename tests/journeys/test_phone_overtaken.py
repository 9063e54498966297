"""Two people of the crew before the same step, each with a phone: one is first, the other is told, nothing is lost."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from playwright.sync_api import expect

from tanghulu.cli.simulator import story
from tanghulu.cli.simulator.casts import CASTS
from tanghulu.cli.simulator.crew import Crew
from tanghulu.core import flow
from tests.journeys.phone import LONG, Phone
from tests.journeys.stage import Stage

pytestmark = pytest.mark.journey

TEMPLATE = "confined-space-entry"
STEP, PATH = "隔断管道和进料", "before/isolate"
NEXT = "断电"
SOON = 1000 * LONG


@dataclass(frozen=True, slots=True)
class Pair:
    """Wen and Li, both at the step that the crew does together."""

    run: str
    wen: Phone
    li: Phone


@pytest.fixture
def pair(stage: Stage) -> Pair:
    port, cast = stage.port(), CASTS[TEMPLATE]
    version = stage.house.seeds["harbour"]["versions"][TEMPLATE]
    template = flow.load_version(port.office.get(f"/api/v1/templates/{version}").good().json)
    crew = Crew(template=template, devices=port.devices, picture=story.album(None, template), answers=cast.answers)
    parts = {part: [port.people[name]["ref"] for name in names] for part, names in cast.parts.items()}
    crew.open(port.people["zhao"]["ref"], people=parts, equipment=port.equipment[cast.equipment])
    for _told in crew.play(until=PATH):
        pass
    made = Pair(crew.run, stage.phone("wen"), stage.phone("li"))
    for phone, name in ((made.wen, "wen"), (made.li, "li")):
        stage.let_in(phone, name)
        phone.open_job(made.run)
        expect(phone.page.locator(".step-title")).to_have_text(STEP, timeout=SOON)
    return made


def standings(stage: Stage, run: str) -> dict[str, str]:
    """How the confirmations of the step stand in the log, by who confirmed."""
    events = [event for event in stage.events(run) if event["payload"].get("step") == PATH]
    return {
        event["payload"]["actor"]: event["standing"] for event in events if event["payload"]["type"] == "step.confirmed"
    }


class TestTwoPhonesAtTheSameStep:
    def test_the_second_is_told_who_was_first_and_goes_on(self, stage: Stage, pair: Pair) -> None:
        wen, li = pair.wen, pair.li
        li.page.locator(".shutter:enabled").click()
        li.page.locator(".review").wait_for()
        wen.do_steps(STEP)
        told = li.page.locator(".problem-quiet")
        expect(told).to_contain_text(f"“{STEP}”{stage.person('wen')['name']}已经做完了", timeout=SOON)
        expect(told).to_contain_text("你刚拍的照片还在手机里")
        expect(li.page.locator(".step-title")).to_have_text(NEXT)
        told.locator(".problem-close").click()
        expect(told).to_have_count(0)
        li.home()
        expect(li.page.locator(".unused-one")).to_have_count(1)
        assert li.counts() == (1, 0, 0)

    def test_both_without_a_network_lose_nothing_and_the_second_is_told(self, stage: Stage, pair: Pair) -> None:
        before = len(stage.events(pair.run))
        stage.cut()
        for phone in (pair.wen, pair.li):
            phone.do_steps(STEP)
        stage.serve()
        for phone in (pair.wen, pair.li):
            phone.wait_sent()
            assert phone.counts() == (1, 1, 1)
        refs = {stage.person(name)["ref"]: name for name in ("wen", "li")}
        found = {refs[actor]: standing for actor, standing in standings(stage, pair.run).items()}
        assert sorted(found.values()) == ["accepted", "contradicting"]
        first, second = sorted(found, key=lambda name: found[name])
        told = getattr(pair, second).page.locator(".problem-quiet")
        name = stage.person(first)["name"]
        expect(told).to_contain_text(f"“{STEP}”{name}先做完了。你做的也已记下", timeout=SOON)
        types = [event["payload"]["type"] for event in stage.events(pair.run)[before:]]
        assert types.count("photo.taken") == types.count("photo.stored") == 2
        assert stage.house.problems() == []
