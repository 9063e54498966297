"""People who come later, and what they still have to do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.support.flow_stories.telling import GUARDIAN, LEAD, REASON, Case, confirm, crew, opened, tried
from tests.support.flow_templates import PEOPLE, ask, photo, stage, step, template
from tests.support.play import Player, ref

EACH = {"each_of": "crew", "newcomers": "yes"}
LATE = ref("crew-late")


def assign(player: Player, *members: str) -> list[str]:
    for member in members:
        player.directory.setdefault(member, {"roles": ["worker"], "certificates": {}})
    return player.act("people.assigned", LEAD, {"part": "crew", "members": list(members)})


def site() -> Any:
    """Lock on, be told, go in; test in between with all locks off; come out."""
    return template(
        stage(
            "before",
            step("lock", EACH, photo=photo(provisional="yes"), register={"isolation": "in"}, due="30 min"),
            step("told", EACH, ask={"ok": ask(must="yes")}),
            step("plain", {"each_of": "crew"}),
        ),
        stage(
            "during",
            {
                "repeat": "work",
                "until": {"when": {"answer": "again.more", "is": "no"}},
                "do": [
                    step("enter", "guardian", register={"people": "in"}, must={"isolation": "one each of crew"}),
                    step("weld", "crew"),
                    step("again", "lead", ask={"more": ask()}),
                    {
                        "choice": "testing",
                        "when": {"answer": "again.more", "is": "yes"},
                        "do": [
                            step("clear", "guardian", register={"people": "out"}, must={"people": "empty"}),
                            step("unlock_for_test", {"each_of": "crew"}, register={"isolation": "out"}),
                            step("test", "lead", must={"isolation": "empty"}),
                            step("lock_again", EACH, register={"isolation": "in"}),
                            step("count", "guardian", must={"isolation": "one each of crew"}),
                        ],
                    },
                ],
            },
        ),
        stage(
            "after",
            step("out", "guardian", register={"people": "out"}, must={"people": "empty"}),
            step("unlock", {"each_of": "crew"}, register={"isolation": "out"}),
            step("sign", "lead"),
            leaves=True,
        ),
        people={**PEOPLE, "crew": {**PEOPLE["crew"], "count": "1..6"}},
    )


def newcomers() -> Iterator[Case]:
    """Steps that are over are opened again for whoever joins the part, and only for them."""
    flow = site()
    place: dict[str, Any] = {"step": "before/lock", "activation": 1}
    player = opened(flow, stores_at_once=False)
    player.finish(until="during/work/weld")
    player.server("timer.fired", {"timer": "expiry"})
    assign(player, crew(), LATE)
    yield (
        "locks on after the others",
        player,
        [
            confirm(player, LATE, "before/lock"),
            confirm(player, crew(), "before/lock"),
            confirm(player, crew(), "during/work/weld"),
            confirm(player, LATE, "before/told", ok=True),
            confirm(player, LATE, "before/plain"),
            tried(player, "register.entered", LATE, {"register": "isolation", "item": "late", "holder": LATE}, **place),
        ],
    )
    gone = player_like(player)
    assign(gone, crew())
    yield "taken off again before doing anything", gone, [confirm(gone, LATE, "before/lock")]
    assign(gone, crew(), LATE)
    gone.act("run.stopped", GUARDIAN)
    assign(gone, crew())
    yield "taken off while the job is stopped", gone, []
    gone.act("run.resumed", LEAD, commitments=REASON)
    assign(gone, crew(), LATE)
    gone.act("run.abandoned", LEAD, commitments=REASON)
    yield "abandoned while the newcomer is still to lock on", gone, [confirm(gone, LATE, "before/lock")]
    player.in_step("step.confirmed", crew(), "during/work/weld")
    yield "work goes no further before the newcomer is done", player, []
    player.tick(3600)
    player.server("timer.fired", {"timer": "due:before/lock:1"})
    yield "the newcomer is late", player, []
    player.do("before/lock")
    player.do("before/told")
    yield "the newcomer is done", player, [confirm(player, LATE, "before/lock"), confirm(player, LATE, "before/plain")]
    yield from at_a_test(flow)
    yield from at_a_retake(flow)


def refuse(player: Player, path: str) -> None:
    """The newest photo of a step turns out to count for nothing."""
    shown = player.current(path)["photos"][-1]["commitment"]
    player.server("photo.refused", {"commitment": shown, "codes": ["photo_hash_differs"]})


def at_a_retake(flow: Any) -> Iterator[Case]:
    player = opened(flow)
    player.finish(until="during/work/weld")
    refuse(player, "before/lock")
    assign(player, crew(), LATE)
    lock = {"register": "isolation", "item": "late", "holder": LATE}
    place: dict[str, Any] = {"step": "before/lock", "activation": 2}
    yield (
        "locks on while another takes a photo again",
        player,
        [
            confirm(player, LATE, "before/lock", 2),
            confirm(player, crew(), "before/lock", 2),
            tried(player, "register.entered", LATE, lock, **place),
            tried(player, "register.entered", crew(), {**lock, "holder": crew()}, **place),
        ],
    )
    player.do("before/lock")
    assign(player, crew(), LATE, crew(2))
    yield "locks on in a retake that is over", player, [confirm(player, crew(2), "before/lock", 2)]
    player.do("before/lock")
    player.finish(until="after/unlock")
    refuse(player, "before/lock")
    assign(player, crew(), LATE, crew(2), crew(3))
    yield "is not asked for a photo of a lock on the way out", player, [confirm(player, crew(3), "after/unlock")]


def player_like(player: Player) -> Player:
    """Another run that has gone the same way so far."""
    other = Player(player.template, player.cast, start=player.now)
    other.directory = dict(player.directory)
    for event in player.events:
        other.send(event)
    return other


def at_a_test(flow: Any) -> Iterator[Case]:
    player = opened(flow, answers={"during/work/again.more": [True, False]})
    player.finish(until="during/work/unlock_for_test")
    assign(player, crew(), LATE)
    yield "nobody locks on where locks come off", player, [confirm(player, LATE, "before/lock")]
    player.do("before/told")
    player.finish(until="during/work/test")
    assign(player, crew())
    assign(player, crew(), LATE)
    yield "nor while nothing is locked", player, []
    player.do("before/told")
    player.finish(until="during/work/count")
    assign(player, crew(), LATE, crew(2))
    yield "locks on where it was done last", player, []
    player.finish(until="during/work/weld")
    assign(player, crew(), LATE, crew(2), crew(3))
    yield "locks on at the first place in the next round", player, [confirm(player, LATE, "before/lock")]
    player.finish(until="after/sign")
    assign(player, crew(), ref("crew-last"))
    yield "comes when all is over", player, []
