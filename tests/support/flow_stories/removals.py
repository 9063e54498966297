"""A lock whose owner does not come back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.support.flow_stories.telling import (
    GUARDIAN,
    LEAD,
    REASON,
    STRANGER,
    Case,
    Try,
    confirm,
    crew,
    opened,
    tried,
)
from tests.support.flow_templates import REGISTERS, stage, step, template
from tests.support.play import Player

SAID = ["not_on_site", "told_before_return", "tried_to_reach"]


def site(*, offered: bool = True) -> Any:
    """Lock on, go in, come out, unlock; the guardian decides about locks of those who do not come back."""
    locks = {**REGISTERS["isolation"], **({"absent_owner": {"decided_by": ["guardian", "crew"]}} if offered else {})}
    return template(
        stage(
            "before",
            step("lock", {"each_of": "crew"}, register={"isolation": "in"}),
            step("enter", "guardian", register={"people": "in"}),
        ),
        stage("during", step("weld")),
        stage(
            "after",
            step("out", "guardian", register={"people": "out"}, must={"people": "empty"}),
            step("unlock", {"each_of": "crew"}, register={"isolation": "out"}),
            step("test", "lead", must={"isolation": "empty"}),
            leaves=True,
        ),
        registers={**REGISTERS, "isolation": locks},
    )


def at_unlocking(flow: Any | None = None) -> Player:
    """Two people have locked on, and only the first is there to unlock."""
    player = opened(site() if flow is None else flow, 2)
    player.finish(until="after/unlock")
    own = next(entry for entry in player.state["registers"]["isolation"] if entry.get("holder") == crew())
    player.in_step("register.left", crew(), "after/unlock", {"register": "isolation", "item": own["item"]})
    player.in_step("step.confirmed", crew(), "after/unlock")
    return player


def removal(player: Player, actor: str = GUARDIAN, *, reason: bool = True, **changes: Any) -> Try:
    left_on = next(entry for entry in player.state["registers"]["isolation"] if entry.get("holder") == crew(1))
    data = {**player.removal("isolation", left_on), **changes}
    return tried(player, "lock.removed", actor, data, **({"commitments": REASON} if reason else {}))


def removals() -> Iterator[Case]:
    """Removed on the word of somebody who may decide, with what he confirms and why; never by its owner."""
    player = at_unlocking()
    yield (
        "to be removed",
        player,
        [
            removal(player),
            removal(player, crew()),
            removal(player, crew(1)),
            removal(player, LEAD),
            removal(player, STRANGER),
            removal(player, "server"),
            removal(player, item="another"),
            removal(player, holder=crew()),
            removal(player, register="people"),
            removal(player, register="nothing"),
            removal(player, confirmed=SAID[:2]),
            removal(player, confirmed=[*SAID, "and_more"]),
            removal(player, saw=[]),
            removal(player, confirmed="all"),
            removal(player, reason=False),
            removal(player, reason=False, saw=[], confirmed=[]),
            tried(player, "people.assigned", LEAD, {"part": "crew", "members": [crew()]}),
        ],
    )
    player.act("run.stopped", LEAD)
    yield "stopped", player, [removal(player)]
    player.send(removal(player))
    yield (
        "removed",
        player,
        [
            removal(player),
            confirm(player, LEAD, "after/test"),
            tried(player, "people.assigned", LEAD, {"part": "crew", "members": [crew()]}),
        ],
    )
    player.act("people.assigned", LEAD, {"part": "crew", "members": [crew()]})
    player.act("run.resumed", LEAD, commitments=REASON)
    yield "its owner is taken out of the crew", player, [confirm(player, LEAD, "after/test")]
    player.finish()
    yield "over", player, [removal(player)]
    inside = opened(site(), 2)
    inside.finish(until="before/enter")
    inside.in_step("register.entered", GUARDIAN, "before/enter", {"register": "people", "item": crew(1)})
    yield "not while its owner is inside", inside, [removal(inside)]
    kept = at_unlocking(site(offered=False))
    yield "not where the template does not offer it", kept, [removal(kept)]
