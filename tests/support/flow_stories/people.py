"""Who may act, who decides, who stops."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.support.flow_stories.telling import (
    ELECTRICIAN,
    GUARDIAN,
    LEAD,
    REASON,
    STRANGER,
    Case,
    Try,
    cast,
    confirm,
    crew,
    opened,
    tried,
)
from tests.support.flow_templates import ask, photo, stage, step, template
from tests.support.play import Player, ref


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
