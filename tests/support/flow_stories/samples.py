"""What a step relies on that was sampled before, and readings that are not asked."""

from __future__ import annotations

from collections.abc import Iterator

from tests.support.flow_stories.telling import GUARDIAN, LEAD, Case, Try, confirm, crew, opened, tried
from tests.support.flow_templates import reading, stage, step, template
from tests.support.play import Payload

ENTER = "work/spell/enter"


def samples() -> Iterator[Case]:
    """Nobody goes in on a sample that is missing, bad or too old; a new one may be taken where one goes in."""
    limits = {"at_least": "19.5", "at_most": "21", "points": ["top", "low"]}
    enter = step(
        "enter",
        ["crew", "guardian"],
        reading=reading(**limits, optional=True),
        register={"people": "in"},
        must={"sampled_within": {"time": "30 min", "steps": ["work/test", "enter"]}},
    )
    leave = step("leave", "guardian", register={"people": "out"}, must={"people": "empty"})
    spell = {"repeat": "spell", "until": {"ended_by": "lead"}, "do": [enter, leave]}
    flow = template(
        stage("work", step("wait", "lead"), step("test", reading=reading(**limits)), spell),
        stage("after", step("clear", "guardian", register={"people": "out"}, must={"people": "empty"}), leaves=True),
    )
    player = opened(flow, 2)

    def gas(value: str, point: str, **more: str) -> Payload:
        data = {"reading": "gas", "value": value, "unit": "% vol", "sampled_at": player.now, "point": point}
        return {**data, **more}

    def take(path: str, value: str, point: str, **more: str) -> None:
        assert player.in_step("reading.taken", crew(), path, gas(value, point, **more)) == []

    def tries(number: int = 1) -> list[Try]:
        data = {"register": "people", "item": crew()}
        entered = tried(player, "register.entered", GUARDIAN, data, step=ENTER, activation=number)
        return [entered, confirm(player, crew(), ENTER), confirm(player, GUARDIAN, ENTER)]

    player.in_step("step.confirmed", LEAD, "work/wait")
    sampled = player.now
    for point in ("top", "low"):
        take("work/test", "20.9", point)
    player.in_step("step.confirmed", crew(), "work/test")
    yield "a good and fresh sample", player, tries()
    player.tick(1800)
    yield "one point is too old", player, tries()
    take(ENTER, "19.4", "top")
    yield "the newest is bad", player, tries()
    take(ENTER, "20.9", "top", sampled_at=sampled)
    yield "an older sample written down later does not count", player, tries()
    for point in ("top", "low"):
        take(ENTER, "20.8", point)
    yield "sampled again", player, tries()
    player.in_step("register.entered", GUARDIAN, ENTER, {"register": "people", "item": crew()})
    player.in_step("step.confirmed", crew(), ENTER)
    player.in_step("step.confirmed", GUARDIAN, ENTER)
    player.do("work/spell/leave")
    yield "another round, on the same sample", player, tries(2)
    player.tick(3600)
    yield "a long break", player, tries(2)
