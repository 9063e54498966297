"""What is asked: registers, readings, answers, photos."""

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
    confirm,
    crew,
    opened,
    tried,
)
from tests.support.flow_templates import ask, photo, reading, stage, step, template
from tests.support.play import Payload


def registers() -> Iterator[Case]:
    """People, tools and locks in and out."""
    flow = template(
        stage("work", step("lock", {"each_of": "crew"}, register={"isolation": "in"})),
        stage(
            "inside",
            step(
                "enter",
                "guardian",
                register={"people": "in", "tools": {"act": "in", "at_least": 2}},
                must={"isolation": "one each of crew"},
            ),
            step("move", "guardian", register={"people": "both"}),
        ),
        stage(
            "after",
            step(
                "clear",
                "guardian",
                register={"people": "out", "tools": "out"},
                must={"people": "empty", "tools": "empty"},
            ),
            step("unlock", {"each_of": "crew"}, register={"isolation": "out"}),
            step("free", "guardian", must={"isolation": "empty"}),
            leaves=True,
        ),
    )
    player = opened(flow, 2)

    def enter(actor: str, path: str, register: str, item: str, **more: Any) -> Try:
        return tried(
            player, "register.entered", actor, {"register": register, "item": item, **more}, step=path, activation=1
        )

    def leave(actor: str, register: str, item: str, **place: Any) -> Try:
        return tried(player, "register.left", actor, {"register": register, "item": item}, **place)

    player.in_step(
        "register.entered",
        crew(),
        "work/lock",
        {"register": "isolation", "item": "L1", "holder": crew(), "point": "K1"},
    )
    yield (
        "one lock on",
        player,
        [
            enter(crew(1), "work/lock", "isolation", "L2", holder=crew(1)),
            enter(crew(1), "work/lock", "isolation", "L2", holder=crew()),
            enter(crew(1), "work/lock", "isolation", "L2"),
            enter(crew(1), "work/lock", "isolation", "L1", holder=crew(1)),
            enter(crew(1), "work/lock", "people", crew(1)),
            confirm(player, crew(), "work/lock"),
            confirm(player, crew(1), "work/lock"),
            tried(player, "people.assigned", LEAD, {"part": "crew", "members": [crew(1)]}),
            tried(player, "people.assigned", LEAD, {"part": "crew", "members": [crew(), GUARDIAN]}),
            tried(player, "people.assigned", LEAD, {"part": "crew", "members": []}),
            tried(player, "people.assigned", LEAD, {"part": "electrician", "members": [crew()]}),
            leave(crew(), "isolation", "L1"),
            leave(crew(), "isolation", "L1", step="work/lock", activation=1),
        ],
    )
    player.in_step("register.entered", crew(1), "work/lock", {"register": "isolation", "item": "L2", "holder": crew(1)})
    player.in_step("step.confirmed", crew(), "work/lock")
    player.in_step("step.confirmed", crew(1), "work/lock")
    yield (
        "nobody in",
        player,
        [
            confirm(player, GUARDIAN, "inside/enter"),
            enter(GUARDIAN, "inside/enter", "people", STRANGER),
            enter(GUARDIAN, "inside/enter", "people", crew()),
            enter(GUARDIAN, "inside/enter", "tools", "spanner", count=3),
        ],
    )
    for register, item in (("people", crew()), ("tools", "spanner"), ("tools", "bar"), ("people", crew(1))):
        player.in_step("register.entered", GUARDIAN, "inside/enter", {"register": register, "item": item, "count": 1})
    player.in_step("step.confirmed", GUARDIAN, "inside/enter")
    player.in_step("register.left", GUARDIAN, "inside/move", {"register": "people", "item": crew(1)})
    player.in_step("register.entered", GUARDIAN, "inside/move", {"register": "people", "item": crew(1)})
    yield (
        "in, out and in again",
        player,
        [
            leave(ELECTRICIAN, "people", crew()),
            leave(STRANGER, "people", crew()),
            leave(ELECTRICIAN, "people", GUARDIAN),
            leave(ELECTRICIAN, "nothing", "x"),
            leave(GUARDIAN, "people", GUARDIAN, step="inside/move", activation=1),
            leave(GUARDIAN, "tools", "bar", step="inside/move", activation=1),
        ],
    )
    player.act("register.left", ELECTRICIAN, {"register": "people", "item": crew()})
    player.in_step("step.confirmed", GUARDIAN, "inside/move")
    yield "still somebody in", player, [confirm(player, GUARDIAN, "after/clear")]
    for register, item in (("people", crew(1)), ("tools", "bar"), ("tools", "spanner")):
        player.in_step("register.left", GUARDIAN, "after/clear", {"register": register, "item": item})
    player.in_step("step.confirmed", GUARDIAN, "after/clear")
    place = {"step": "after/unlock", "activation": 1}
    yield (
        "own lock only",
        player,
        [
            leave(crew(), "isolation", "L2", **place),
            leave(crew(), "isolation", "L1", **place),
            confirm(player, crew(), "after/unlock"),
        ],
    )
    player.finish()
    double = opened(flow, 2)
    double.act("people.assigned", LEAD, {"part": "electrician", "members": [crew()]})
    lock = {"register": "isolation", "item": "L1", "holder": crew()}
    double.in_step("register.entered", crew(), "work/lock", lock)
    yield (
        "a lock on, and two parts",
        double,
        [
            tried(double, "people.assigned", LEAD, {"part": "electrician", "members": [ELECTRICIAN]}),
            tried(double, "people.assigned", LEAD, {"part": "crew", "members": [crew(1)]}),
        ],
    )
    yield "out and ended", player, [leave(crew(), "people", crew())]


def readings() -> Iterator[Case]:
    """Limits, points, units, instruments, freshness of readings and photos; answers."""
    flow = template(
        stage(
            "work",
            step(
                "test",
                reading=reading(
                    at_least="19.5", at_most="23.5", points=["top", "low"], instrument=True, fresh="30 min"
                ),
                photo=photo(count=2, fresh="5 min"),
            ),
            step(
                "say",
                reading={"wind": {"title": "wind", "unit": "m/s"}},
                ask={
                    "sure": ask(must="yes"),
                    "side": ask("choice", options={"a": "a", "b": "b"}, must="b"),
                    "count": ask("number", must="3"),
                    "free": ask("number"),
                },
            ),
        )
    )
    player = opened(flow)

    def gas(value: str, point: str | None = "top", **more: Any) -> Payload:
        data = {"reading": "gas", "value": value, "unit": "% vol", "sampled_at": player.now, "instrument": "m", **more}
        return data if point is None else {**data, "point": point}

    def take(data: Payload) -> Try:
        return tried(player, "reading.taken", crew(), data, step="work/test", activation=1)

    yield (
        "forms of readings",
        player,
        [
            take(gas("20.9")),
            take(gas("20.9", None)),
            take(gas("20.9", "middle")),
            take(gas("20.9", unit="%LEL")),
            take(gas("20.9", instrument="")),
            take({key: value for key, value in gas("20.9").items() if key != "instrument"}),
            take(gas("20.9", sampled_at="2026-05-19T00:55:59.000Z")),
            take(gas("20.9", reading="noise")),
            take(gas("1e3")),
            take(gas("-0")),
            take(gas("20.9", sampled_at="2026-02-30T00:00:00.000Z")),
        ],
    )
    for value, point in (("19.4", "top"), ("23.50", "low"), ("19.5", "top"), ("23.6", "low")):
        player.in_step("reading.taken", crew(), "work/test", gas(value, point))
    player.photo(crew(), "work/test", "shot")
    yield "out of limit and a photo short", player, [confirm(player, crew(), "work/test")]
    player.in_step("reading.taken", crew(), "work/test", gas("21", "low"))
    player.photo(crew(), "work/test", "shot")
    yield "complete", player, [confirm(player, crew(), "work/test"), confirm(player, crew(), "work/test", extra=True)]
    player.tick(301)
    yield "photos stale", player, [confirm(player, crew(), "work/test")]
    player.tick(1500)
    yield "readings stale", player, [confirm(player, crew(), "work/test")]
    player.supply(crew(), "work/test")
    player.in_step("step.confirmed", crew(), "work/test")
    wind = {"reading": "wind", "value": "-3.000000001", "unit": "m/s", "sampled_at": player.now}
    player.in_step("reading.taken", crew(), "work/say", wind)
    good = {"sure": True, "side": "b", "count": "3.00", "free": "-0.5"}
    spoilt: list[dict[str, Any]] = [
        {},
        {"sure": False},
        {"side": "a"},
        {"count": "4"},
        {"free": "x"},
        {"sure": "yes"},
        {"free": True},
        {"side": True},
    ]
    yield (
        "answers",
        player,
        [confirm(player, crew(), "work/say", **{**good, **change}) for change in spoilt]
        + [confirm(player, crew(), "work/say")],
    )


def photos() -> Iterator[Case]:
    """Photos that come later than their events."""
    flow = template(
        stage("work", step("soft", photo=photo(provisional=True)), step("hard", photo=photo()), step("last")),
    )
    player = opened(flow, stores_at_once=False)
    player.photo(crew(), "work/soft", "shot")
    player.in_step("step.confirmed", crew(), "work/soft")
    yield "goes on without the bytes", player, [confirm(player, crew(), "work/soft")]
    player.photo(crew(), "work/hard", "shot")
    player.in_step("step.confirmed", crew(), "work/hard")
    twice = dict(player.state["steps"]["work/soft"][0]["photos"][0])
    shot = {"slot": "shot", "commitment": twice["commitment"]}
    yield (
        "waits for the bytes",
        player,
        [
            confirm(player, crew(), "work/last"),
            tried(player, "photo.taken", crew(), {"slot": "shot"}, photos=[shot], step="work/hard", activation=1),
        ],
    )
    player.server("photo.stored", {"commitment": player.state["steps"]["work/hard"][0]["photos"][0]["commitment"]})
    player.in_step("step.confirmed", crew(), "work/last")
    yield "all done but one photo", player, [tried(player, "run.stopped", LEAD)]
    event = player.state["steps"]["work/soft"][0]["photos"][0]["event"]
    player.server("check.recorded", {"check": "reuse", "verdict": "unsure", "about": event})
    player.server("check.recorded", {"check": "dark", "verdict": "pass", "about": event})
    player.store_all()
    player.server("run.sealed", {"count": len(player.events), "heads": [], "devices": {}})
    yield (
        "ended and sealed",
        player,
        [tried(player, "photo.taken", crew(), {"slot": "shot"}, photos=[shot], step="work/last", activation=1)],
    )
    player.send(player.event("run.stopped", crew()))
    yield "a late event reopens the seal", player, []
    full = opened(flow)
    for _ in range(50):
        full.photo(crew(), "work/soft", "shot")
    one_more = {"slot": "shot", "commitment": "a" * 64}
    place: dict[str, Any] = {"step": "work/soft", "activation": 1}
    yield (
        "fifty photos",
        full,
        [
            tried(full, "photo.taken", crew(), {"slot": "shot"}, photos=[one_more], **place),
            tried(full, "photo.taken", crew(), {"slot": "other"}, photos=[one_more], **place),
            tried(full, "photo.taken", crew(), {"slot": "shot"}, photos=[{**one_more, "slot": "other"}], **place),
        ],
    )
