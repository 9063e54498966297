"""Times, forms, and the job that ships with the product."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.support.flow_stories.telling import (
    Case,
    Try,
    confirm,
    crew,
    opened,
    tried,
)
from tests.support.flow_templates import belt_conveyor, photo, reading, stage, step, template
from tests.support.play import Player


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
