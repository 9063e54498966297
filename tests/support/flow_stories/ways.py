"""The order of things: sequence, lanes, branches, rounds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.support.flow_stories.telling import (
    ELECTRICIAN,
    GUARDIAN,
    LEAD,
    STRANGER,
    Case,
    Try,
    cast,
    confirm,
    crew,
    opened,
    tried,
)
from tests.support.flow_templates import ask, photo, reading, stage, step, template
from tests.support.play import Player


def orders() -> Iterator[Case]:
    """Sequence and parallel; one, all, any, each."""
    flow = template(
        stage(
            "work",
            step("one"),
            {"par": [step("left", "electrician"), step("right", ["crew", "guardian"])]},
            step("either", {"any_of": ["crew", "electrician"]}),
            step("everybody", {"each_of": "crew"}, photo=photo(count=2)),
        )
    )
    yield "new", Player(flow, cast()), [tried(Player(flow, cast()), "run.stopped", LEAD)]
    player = opened(flow, 2)
    yield (
        "opened",
        player,
        [
            confirm(player, crew(), "work/one"),
            confirm(player, crew(1), "work/one"),
            confirm(player, STRANGER, "work/one"),
            confirm(player, ELECTRICIAN, "work/one"),
            confirm(player, crew(), "work/left"),
            confirm(player, crew(), "work/nowhere"),
            confirm(player, crew(), "work/one", 2),
            confirm(player, "server", "work/one"),
            tried(player, "photo.stored", LEAD, {"commitment": "0" * 64}),
            tried(player, "run.opened", LEAD, dict(player.events[0]["data"])),
        ],
    )
    player.in_step("step.confirmed", crew(), "work/one")
    player.in_step("step.confirmed", GUARDIAN, "work/right")
    yield "both lanes open", player, [confirm(player, GUARDIAN, "work/right"), confirm(player, crew(), "work/one")]
    player.in_step("step.confirmed", ELECTRICIAN, "work/left")
    player.in_step("step.confirmed", crew(1), "work/right")
    player.in_step("step.confirmed", ELECTRICIAN, "work/either")
    for _ in range(2):
        player.photo(crew(), "work/everybody", "shot")
    yield (
        "each shows for themselves",
        player,
        [
            confirm(player, crew(), "work/everybody"),
            confirm(player, crew(1), "work/everybody"),
            confirm(player, GUARDIAN, "work/everybody"),
        ],
    )
    player.in_step("step.confirmed", crew(), "work/everybody")
    yield "one of two", player, [confirm(player, crew(), "work/everybody")]
    player.act("people.assigned", LEAD, {"part": "crew", "members": [crew(), crew(2)]})
    player.directory[crew(2)] = {"roles": ["worker"], "certificates": {}}
    player.server("people.resolved", {"member": crew(2), "roles": ["worker"], "certificates": {}})
    yield (
        "another takes over",
        player,
        [confirm(player, crew(1), "work/everybody"), confirm(player, crew(2), "work/everybody")],
    )
    player.act("people.assigned", LEAD, {"part": "crew", "members": [crew()]})
    yield "nobody is left, the run ends", player, [tried(player, "run.stopped", LEAD)]


def choices() -> Iterator[Case]:
    """Branches taken by answers, readings, counts and parts, with unknown values."""

    def when(condition: Any, name: str = "fork") -> dict[str, Any]:
        return {"choice": name, "when": condition, "do": [step("yes")], "otherwise": [step("no")]}

    first = step(
        "first",
        ask={
            "hot": ask(),
            "part": ask("choice", options={"head": "head", "tail": "tail"}),
            "wind": ask("number"),
        },
        reading=reading(at_most=5, points=["top", "low"]),
        register={"people": {"act": "in", "at_least": 0}},
    )

    def run(condition: Any, answers: dict[str, Any], gas: dict[str, str], entering: int = 0) -> Player:
        player = opened(template(stage("work", first, when(condition))))
        for point, value in gas.items():
            data = {"reading": "gas", "value": value, "unit": "% vol", "sampled_at": player.now, "point": point}
            player.in_step("reading.taken", crew(), "work/first", data)
        for person in [crew(), GUARDIAN][:entering]:
            player.in_step("register.entered", crew(), "work/first", {"register": "people", "item": person})
        player.in_step("step.confirmed", crew(), "work/first", {"answers": answers})
        return player

    answers = {"hot": True, "part": "tail", "wind": "5.50"}
    gas = {"top": "1.5", "low": "0.2"}
    conditions: dict[str, Any] = {
        "yes": {"answer": "first.hot", "is": "yes"},
        "not yes": {"answer": "first.hot", "is_not": "yes"},
        "an option": {"answer": "first.part", "is": "tail"},
        "another option": {"answer": "first.part", "is_not": "tail"},
        "number by value": {"answer": "first.wind", "is": "5.5"},
        "number below": {"answer": "first.wind", "less_than": "5.5"},
        "number at least": {"answer": "first.wind", "at_least": 5},
        "reading at a point": {"reading": "first.gas.low", "at_most": "0.2"},
        "reading above": {"reading": "first.gas.top", "more_than": "1.5"},
        "latest reading": {"reading": "first.gas", "less_than": 1},
        "count": {"count": "people", "at_least": 2},
        "part": {"part": "crew", "is": "1"},
        "and": [{"answer": "first.hot", "is": "yes"}, {"count": "people", "at_least": 9}],
        "or": {"any": [{"count": "people", "at_least": 9}, {"answer": "first.hot", "is": "yes"}]},
    }
    for name, condition in conditions.items():
        yield name, run(condition, answers, gas, entering=2), []
    untaken = template(
        stage(
            "work",
            step("ask", ask={"a": ask()}),
            {"choice": "outer", "when": {"answer": "ask.a", "is": "yes"}, "do": [step("inner", ask={"b": ask()})]},
            {
                "choice": "later",
                "options": [
                    {"when": {"answer": "inner.b", "is": "no"}, "do": [step("known")]},
                    {
                        "when": {"any": [{"answer": "inner.b", "is_not": "yes"}, {"answer": "ask.a", "is": "no"}]},
                        "do": [step("unknown_or_true")],
                    },
                ],
                "otherwise": [step("rest")],
            },
        )
    )
    player = opened(untaken)
    yield "before any choice", player, []
    player.in_step("step.confirmed", crew(), "work/ask", {"answers": {"a": False}})
    yield "unknown counts as false", player, [confirm(player, crew(), "work/inner")]


def repeats() -> Iterator[Case]:
    """Rounds ended by people, by a condition and by a number; inside each other; with calls and choices."""
    patrol = {
        "repeat": "patrol",
        "every": "2 h",
        "at_least": 2,
        "until": {"ended_by": ["guardian", "lead"]},
        "do": [
            step("look", "guardian", photo=photo(provisional=True)),
            step("note", "guardian", register={"tools": "both"}),
        ],
    }
    player = opened(template(stage("work", patrol, step("last"))))

    def end(path: str, actor: str = GUARDIAN) -> Try:
        return tried(player, "repeat.ended", actor, {"repeat": path})

    def round_() -> None:
        player.photo(GUARDIAN, "work/patrol/look", "shot")
        player.in_step("step.confirmed", GUARDIAN, "work/patrol/look")
        player.in_step("step.confirmed", GUARDIAN, "work/patrol/note")

    round_()
    yield "too few rounds", player, [end("work/patrol"), end("work/nothing"), end("work/patrol", crew())]
    player.server("timer.fired", {"timer": "every:work/patrol:2"})
    yield "overdue", player, []
    round_()
    player.server("timer.fired", {"timer": "every:work/patrol:9"})
    yield "may end now", player, [end("work/patrol"), end("work/patrol", LEAD), end("work/patrol", STRANGER)]
    player.photo(GUARDIAN, "work/patrol/look", "shot")
    yield "round begun by a photo", player, [end("work/patrol")]
    player.in_step("step.confirmed", GUARDIAN, "work/patrol/look")
    player.in_step("register.entered", GUARDIAN, "work/patrol/note", {"register": "tools", "item": "bar", "count": 2})
    yield "round begun by a register", player, [end("work/patrol"), confirm(player, GUARDIAN, "work/patrol/look")]
    player.in_step("step.confirmed", GUARDIAN, "work/patrol/note")
    player.act("repeat.ended", LEAD, {"repeat": "work/patrol"})
    yield "ended", player, [end("work/patrol"), confirm(player, GUARDIAN, "work/patrol/look", 4)]
    yield from _repeats_by_condition()


def _repeats_by_condition() -> Iterator[Case]:
    inner = {
        "repeat": "inner",
        "at_least": 1,
        "at_most": 2,
        "until": {"ended_by": "crew"},
        "do": [step("dig")],
    }
    outer = {
        "repeat": "outer",
        "at_least": 2,
        "at_most": 4,
        "until": {"when": {"answer": "outer/again.more", "is": "no"}},
        "do": [
            inner,
            {"call": "sub", "template": "piece"},
            step("again", ask={"more": ask()}),
            {"choice": "extra", "when": {"answer": "again.more", "is": "yes"}, "do": [step("tidy")]},
        ],
    }
    piece = {
        "fragment": True,
        "template": "piece",
        "title": "piece",
        "do": [step("sweep"), step("wipe", "electrician")],
    }
    player = opened(template(stage("work", outer), stage("after", step("end"), leaves=True), library={"piece": piece}))
    for path in ("inner/dig", "inner/dig", "sub/sweep"):
        player.in_step("step.confirmed", crew(), f"work/outer/{path}")
    yield "at most two of the inner", player, [tried(player, "repeat.ended", crew(), {"repeat": "work/outer"})]
    player.in_step("step.confirmed", ELECTRICIAN, "work/outer/sub/wipe")
    player.in_step("step.confirmed", crew(), "work/outer/again", {"answers": {"more": False}})
    yield "at least two of the outer", player, []
    player.in_step("step.confirmed", crew(), "work/outer/inner/dig")
    player.act("repeat.ended", crew(), {"repeat": "work/outer/inner"})
    player.in_step("step.confirmed", crew(), "work/outer/sub/sweep")
    player.in_step("step.confirmed", ELECTRICIAN, "work/outer/sub/wipe")
    player.in_step("step.confirmed", crew(), "work/outer/again", {"answers": {"more": True}})
    yield "a branch in the second round", player, []
    player.in_step("step.confirmed", crew(), "work/outer/tidy")
    yield "third round", player, []
    player.answers = {"work/outer/again.more": [False]}
    player.finish(until="after/end")
    yield "a branch of an earlier round stays on the skewer", player, []
