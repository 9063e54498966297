"""Stories told with small templates, from which the vectors of both kernels are made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from tests.support.flow_templates import ask, belt_conveyor, photo, reading, stage, step, template
from tests.support.play import Payload, Player, ref

Try = Payload
Case = tuple[str, Player, list[Try]]

REASON = {"reason": "9" * 64}


def crew(number: int = 0) -> str:
    return ref(f"crew-{number}")


LEAD, ELECTRICIAN, GUARDIAN, STRANGER = ref("lead-0"), ref("electrician-0"), ref("guardian-0"), ref("stranger")


def cast(size: int = 1) -> dict[str, list[str]]:
    return {
        "lead": [LEAD],
        "crew": [crew(number) for number in range(size)],
        "electrician": [ELECTRICIAN],
        "guardian": [GUARDIAN],
    }


def opened(flow: Any, size: int = 1, **keys: Any) -> Player:
    player = Player(flow, cast(size), **keys)
    player.open()
    return player


def tried(player: Player, kind: str, actor: str, data: Payload | None = None, **rest: Any) -> Try:
    return player.event(kind, actor, data, **rest)


def confirm(player: Player, actor: str, path: str, n: int = 1, **answers: Any) -> Try:
    return tried(player, "step.confirmed", actor, {"answers": answers} if answers else {}, step=path, activation=n)


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


def times() -> Iterator[Case]:
    """Not before, due, every, expiry."""
    flow = template(
        stage("work", step("first"), step("wait", not_before={"wait": "30 min", "after": "first"}, due="1 h")),
        stage("after", step("own", not_before="10 min"), step("end"), leaves=True),
        expires_after="12 h",
    )
    player = opened(flow)
    player.tick(600)
    player.in_step("step.confirmed", crew(), "work/first")
    yield "too early", player, [confirm(player, crew(), "work/wait")]
    player.tick(1798)
    yield "one second too early", player, [confirm(player, crew(), "work/wait")]
    player.tick(1)
    yield "in time", player, [confirm(player, crew(), "work/wait")]
    player.server("timer.fired", {"timer": "due:work/wait:1"})
    player.server("timer.fired", {"timer": "due:work/wait:1"})
    player.server("timer.fired", {"timer": "due:work/first:1"})
    player.server("timer.fired", {"timer": "nonsense"})
    yield "overdue", player, []
    player.in_step("step.confirmed", crew(), "work/wait")
    player.server("timer.fired", {"timer": "not_before:after/own:1"})
    yield "the server says it is time", player, [confirm(player, crew(), "after/own")]
    player.server("timer.fired", {"timer": "expiry"})
    yield "expiry after the work changes nothing", player, []
    expired = opened(flow)
    expired.server("timer.fired", {"timer": "expiry"})
    yield "expired with nobody inside", expired, [confirm(expired, crew(), "work/first")]
    late = opened(flow, start="9999-12-31T23:00:00.000Z")
    late.in_step("step.confirmed", crew(), "work/first")
    yield "the end of time", late, [confirm(late, crew(), "work/wait")]


def stops() -> Iterator[Case]:
    """Stop, resume, abandon; leaving with and without a way out."""
    work = stage("work", step("enter", "guardian", register={"people": "in"}), step("weld", photo=photo()))
    out = stage(
        "after",
        step("clear", "guardian", register={"people": "out"}, must={"people": "empty"}),
        step("sign", "lead", decision={"verdicts": ["ok", "no"]}),
        leaves=True,
    )
    flow = template(work, out, expires_after="8 h")
    player = opened(flow)
    person = {"register": "people", "item": crew()}
    player.in_step("register.entered", GUARDIAN, "work/enter", person)
    player.act("run.stopped", crew(), commitments=REASON)
    yield (
        "stopped",
        player,
        [
            confirm(player, GUARDIAN, "work/enter"),
            tried(player, "run.stopped", LEAD),
            tried(player, "run.resumed", LEAD),
            tried(player, "run.resumed", LEAD, commitments=REASON),
            tried(player, "run.resumed", GUARDIAN, commitments=REASON),
            tried(player, "run.abandoned", LEAD),
            tried(player, "run.abandoned", LEAD, commitments=REASON),
            tried(player, "run.abandoned", crew(), commitments=REASON),
            tried(player, "register.left", ELECTRICIAN, person),
            tried(player, "people.assigned", LEAD, {"part": "guardian", "members": [ref("guardian-1")]}),
        ],
    )
    player.act("run.resumed", LEAD, commitments=REASON)
    yield (
        "resumed",
        player,
        [tried(player, "run.resumed", LEAD, commitments=REASON), tried(player, "run.stopped", STRANGER)],
    )
    player.in_step("step.confirmed", GUARDIAN, "work/enter")
    player.photo(crew(), "work/weld", "shot")
    player.act("run.abandoned", LEAD, commitments=REASON)
    yield (
        "abandoned with somebody inside",
        player,
        [
            tried(player, "run.abandoned", LEAD, commitments=REASON),
            confirm(player, crew(), "work/weld"),
            confirm(player, GUARDIAN, "after/clear"),
        ],
    )
    player.server("timer.fired", {"timer": "expiry"})
    player.do("after/clear")
    player.in_step("decision.made", LEAD, "after/sign", {"verdict": "no", "saw": ["1" * 64]}, commitments=REASON)
    yield "refused while leaving stays abandoned", player, []
    empty = opened(flow)
    empty.act("run.stopped", GUARDIAN)
    empty.act("run.abandoned", LEAD, commitments=REASON)
    yield "abandoned with nobody inside", empty, []
    held = opened(flow, stores_at_once=False)
    held.do("work/enter")
    held.photo(crew(), "work/weld", "shot")
    held.act("run.stopped", crew())
    held.store_all()
    held.server("timer.fired", {"timer": "expiry"})
    yield "expired while stopped", held, []
    held.act("run.resumed", LEAD, commitments=REASON)
    yield "resumed to leave", held, []
    trapped = opened(template(work, stage("more", step("look"))))
    trapped.do("work/enter")
    trapped.act("run.abandoned", LEAD, commitments=REASON)
    yield "no exit stage, no way out", trapped, []


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


def people() -> Iterator[Case]:
    """Roles, certificates, separated duties, assigning."""
    flow = template(stage("work", step("switch", "electrician"), step("watch", "guardian"), step("do")))
    player = Player(flow, cast())

    def opening(actor: str = LEAD, **changes: Any) -> Try:
        people_: dict[str, Any] = {**cast(), **changes.pop("people", {})}
        data = {"template": flow.slug, "version": flow.version, "subject": {}, "people": people_, **changes}
        return tried(player, "run.opened", actor, data)

    yield (
        "opening",
        player,
        [
            opening(),
            opening(version="0" * 64),
            opening(people={"guardian": [crew()]}),
            opening(people={"crew": []}),
            opening(people={"crew": [crew(), crew()]}),
            opening(people={"crew": [crew(n) for n in range(4)], "nobody": [crew()]}),
            opening("server"),
        ],
    )
    player.send(opening(STRANGER))
    player.server("people.resolved", {"member": STRANGER, "roles": ["worker", "auditor", "worker"], "certificates": {}})
    yield (
        "opened by somebody who may not",
        player,
        [tried(player, "people.assigned", STRANGER, {"part": "crew", "members": [crew(1)]})],
    )
    player = opened(flow)
    facts: list[tuple[str, list[str], dict[str, str]]] = [
        ("role missing", ["guardian"], {"electrical": "2027-01-01"}),
        ("certificate missing", ["worker"], {"height": "2027-01-01"}),
        ("certificate expired", ["worker"], {"electrical": "2026-05-18"}),
        ("certificate on its last day", ["worker"], {"electrical": "2026-05-19"}),
        ("both missing", [], {}),
    ]
    for name, roles, certificates in facts:
        player.server("people.resolved", {"member": ELECTRICIAN, "roles": roles, "certificates": certificates})
        yield name, player, [confirm(player, ELECTRICIAN, "work/switch")]
    assign = "people.assigned"
    player.send(tried(player, assign, LEAD, {"part": "electrician", "members": [ref("electrician-1")]}))
    yield (
        "not known yet",
        player,
        [
            confirm(player, ref("electrician-1"), "work/switch"),
            confirm(player, ELECTRICIAN, "work/switch"),
            tried(player, assign, crew(), {"part": "crew", "members": [crew(1)]}),
            tried(player, assign, LEAD, {"part": "crew", "members": [GUARDIAN]}),
            tried(player, assign, LEAD, {"part": "guardian", "members": [crew()]}),
            tried(player, assign, LEAD, {"part": "crew", "members": []}),
            tried(player, assign, LEAD, {"part": "nobody", "members": []}),
            tried(player, assign, LEAD, {"part": "lead", "members": [crew()]}),
        ],
    )


def decisions() -> Iterator[Case]:
    """Verdicts, reasons, and going back."""
    flow = template(
        stage(
            "work",
            step("early", ask={"a": ask()}),
            {"choice": "c", "when": {"answer": "early.a", "is": "yes"}, "do": [step("maybe")]},
        ),
        stage(
            "after",
            step("accept", photo=photo()),
            {"repeat": "walk", "until": {"ended_by": "guardian"}, "do": [step("look", "guardian")]},
            step(
                "review",
                ["lead", "electrician"],
                photo=photo(),
                decision={"verdicts": ["ok", "no", "back"], "back_to": ["accept", "work/early"], "reason": "always"},
            ),
            step("quick", "lead", decision={"verdicts": ["ok", "no"]}),
            leaves=True,
        ),
    )
    player = opened(flow, answers={"work/early.a": [True]})
    player.finish(until="after/review")
    place: dict[str, Any] = {"step": "after/review", "activation": 1}

    def made(verdict: str, actor: str = LEAD, *, reason: bool = True, saw: bool = True, **more: Any) -> Try:
        data = {"verdict": verdict, "saw": ["2" * 64] if saw else [], **more}
        return tried(player, "decision.made", actor, data, **place, **({"commitments": REASON} if reason else {}))

    yield (
        "to be decided",
        player,
        [
            made("ok"),
            made("no"),
            made("no", reason=False),
            made("ok", saw=False),
            made("never"),
            made("back"),
            made("back", to="after/accept"),
            made("back", to="work/maybe"),
            made("ok", crew()),
            made("ok", "server"),
            confirm(player, LEAD, "after/review"),
        ],
    )
    player.photo(LEAD, "after/review", "shot")
    player.in_step("decision.made", LEAD, "after/review", {"verdict": "ok", "saw": ["3" * 64]}, commitments=REASON)
    yield "one has agreed", player, [made("no"), made("no", ELECTRICIAN)]
    back = {"verdict": "back", "saw": ["3" * 64], "to": "after/accept"}
    player.in_step("decision.made", ELECTRICIAN, "after/review", back, commitments=REASON)
    yield "back to acceptance", player, [confirm(player, crew(), "after/accept"), made("ok")]
    player.finish(until="after/review")
    place = {"step": "after/review", "activation": 2}
    further = {"verdict": "back", "saw": ["4" * 64], "to": "work/early"}
    player.in_step("decision.made", LEAD, "after/review", further, commitments=REASON)
    yield "back to the beginning", player, []
    player.finish(until="after/quick")
    place = {"step": "after/quick", "activation": 1}
    yield (
        "a reason unless ok",
        player,
        [made("ok", reason=False), made("no", reason=False), made("back", to="after/accept")],
    )
    player.in_step("decision.made", LEAD, "after/quick", {"verdict": "no", "saw": ["3" * 64]}, commitments=REASON)
    yield "refused", player, []


def forms() -> Iterator[Case]:
    """Events that are not of their form, and types that nobody knows."""
    flow = template(
        stage(
            "work",
            step("one", photo=photo(), reading=reading(), register={"tools": "both"}),
            step("two", decision=["ok"]),
        ),
    )
    player = opened(flow)
    place: dict[str, Any] = {"step": "work/one", "activation": 1}
    shot = {"slot": "shot", "commitment": "b" * 64, "size": 1, "media_type": "image/png"}
    gas = {"reading": "gas", "value": "1", "unit": "% vol", "sampled_at": player.now}
    broken: list[tuple[str, Any, dict[str, Any]]] = [
        ("photo.taken", {"slot": "shot"}, place),
        ("photo.taken", {"slot": "shot"}, {**place, "photos": [shot, shot]}),
        ("photo.taken", {}, {**place, "photos": [shot]}),
        ("photo.taken", {"slot": "shot"}, {"photos": [shot]}),
        ("photo.taken", {"slot": "shot"}, {**place, "activation": 0, "photos": [shot]}),
        ("photo.taken", {"slot": "shot"}, {**place, "activation": True, "photos": [shot]}),
        ("reading.taken", {**gas, "value": 1}, place),
        ("reading.taken", {**gas, "value": "01"}, place),
        ("reading.taken", {**gas, "sampled_at": "2026-05-19"}, place),
        ("reading.taken", {**gas, "point": 3}, place),
        ("register.entered", {"register": "tools", "item": "x", "count": "2"}, place),
        ("register.entered", {"register": "tools", "item": "x", "count": True}, place),
        ("register.left", {"register": "tools", "item": "x"}, {"step": "work/one"}),
        ("register.left", {"register": "tools"}, {}),
        ("step.confirmed", {"answers": []}, place),
        ("step.confirmed", [], place),
        ("decision.made", {"verdict": "ok", "saw": "x"}, place),
        ("decision.made", {"verdict": "ok"}, place),
        ("repeat.ended", {}, {}),
        ("people.assigned", {"part": "crew", "members": crew()}, {}),
        ("run.opened", {"template": "small"}, {}),
        ("run.stopped", [], {}),
        ("run.stopped", {"anything": 1}, place),
        ("run.danced", {}, {}),
        ("device.enrolled", {}, {}),
    ]
    yield "acts", player, [tried(player, kind, crew(), data, **rest) for kind, data, rest in broken]
    for kind, data in [
        ("people.resolved", {"member": crew(), "roles": ["worker"], "certificates": {"height": "2026-02-30"}}),
        ("people.resolved", {"member": crew(), "roles": "worker", "certificates": {}}),
        ("photo.stored", {}),
        ("timer.fired", {"timer": 1}),
        ("check.recorded", {"check": "dark", "verdict": "fail"}),
        ("run.sealed", {}),
    ]:
        player.send(player.event(kind, "server", data))
    player.send({**player.event("run.stopped", crew()), "claimed_at": "2026-13-01T00:00:00.000Z"})
    player.send({**player.event("run.stopped", crew()), "claimed_at": "2026-05-19T24:00:00.000Z"})
    player.send(player.event("run.danced", crew()))
    player.send(player.event("log.opened", "server"))
    player.send(player.event("run.stopped", "server"))
    player.send(player.event("timer.fired", crew(), {"timer": "expiry"}))
    yield "kept and marked", player, []


def belt() -> Iterator[Case]:
    """The belt-conveyor job: the good way, and every gate violated once."""
    flow = belt_conveyor()

    def player_at(path: str | None, **answers: Any) -> Player:
        player = Player(flow, answers={key.replace("__", "/"): value for key, value in answers.items()})
        player.open()
        player.finish(until=path)
        return player

    def tried_by(player: Player, part: str, path: str, **answers: Any) -> Try:
        actor = player.cast[part][0]
        return confirm(player, actor, path, max(1, len(player.state["steps"].get(path, []))), **answers)

    good = Player(
        flow,
        answers={"during/work/test_run_needed.test_run": [True, False], "before/work_order.hot_work": [True]},
        stores_at_once=False,
    )
    good.open()
    good.finish(until="during/work/enter")
    yield "ready to enter", good, []
    good.finish(until="after/clear")
    yield "ready to leave", good, []
    good.finish()
    yield "the whole job", good, []
    gates = {
        "before/three_in/power_off": "lead",
        "before/three_in/lock_and_tag": "crew",
        "before/three_in/count_locks": "guardian",
        "before/three_in/verify_zero": "electrician",
        "during/work/enter": "guardian",
        "during/work/patrol/look": "guardian",
        "after/clear": "guardian",
        "after/unlock": "crew",
        "after/acceptance": "lead",
    }
    for path, part in gates.items():
        player = player_at(path)
        tries = [tried_by(player, part, path), tried_by(player, part, "after/power_on"), tried_by(player, "area", path)]
        yield f"gate {path}", player, tries
    hot = player_at("after/fire_watch", **{"before__work_order.hot_work": [True]})
    yield "fire watch", hot, [tried_by(hot, "guardian", "after/fire_watch", cold=True)]
    test = player_at("during/work/unlock_for_test", **{"during__work__test_run_needed.test_run": [True]})
    entry = test.state["registers"]["isolation"][0]
    theirs = {"register": "isolation", "item": entry["item"]}
    yield (
        "somebody else's lock",
        test,
        [
            tried(
                test,
                "register.left",
                test.cast["electrician"][0],
                theirs,
                step="during/work/unlock_for_test",
                activation=1,
            )
        ],
    )
    done = player_at("after/review")
    yield (
        "review without a reason",
        done,
        [
            tried(
                done,
                "decision.made",
                done.cast["quality"][0],
                {"verdict": "ok", "saw": ["5" * 64]},
                step="after/review",
                activation=1,
            )
        ],
    )


STORIES: dict[str, Callable[[], Iterator[Case]]] = {
    "orders": orders,
    "choices": choices,
    "repeats": repeats,
    "registers": registers,
    "readings": readings,
    "times": times,
    "stops": stops,
    "photos": photos,
    "people": people,
    "decisions": decisions,
    "forms": forms,
    "belt-conveyor": belt,
}
