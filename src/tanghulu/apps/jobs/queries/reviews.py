"""What waits for somebody's decision: in one job, and in all that a person has to decide in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tanghulu.apps.directory import finding
from tanghulu.apps.jobs.models import Run
from tanghulu.apps.jobs.queries import parts
from tanghulu.apps.jobs.queries.board import COLUMNS, JobBrief, brief
from tanghulu.core import canonical, flow
from tanghulu.core.access import Actor, Permission

MOST = 200
"""Jobs that are looked through; whoever has a part in more of them that go on begins with the oldest."""


@dataclass(frozen=True, slots=True)
class OpenDecision:
    """A step that is open and asks for a decision; `definition` is its part of the document, `holders` are refs."""

    path: str
    activation: int
    definition: Mapping[str, Any]
    holders: tuple[str, ...]
    since: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """A job that waits for the reader's decision in one of its steps."""

    job: JobBrief
    title: parts.Text
    step: parts.Text
    since: datetime
    photos: int


def open_decision(
    haws: Sequence[Mapping[str, Any]],
    steps: Mapping[str, Mapping[str, Any]],
    state: Mapping[str, Any],
    *,
    reader: str = "",
) -> OpenDecision | None:
    """The decision that an open run waits for: of several the reader's, else the first."""
    found = list(_decisions(haws, steps, state)) if state["status"] == "open" else []
    return next((one for one in found if reader in one.holders), found[0] if found else None)


def waiting_reviews(actor: Actor) -> Sequence[Waiting]:
    """The jobs in which the actor has to decide now, those that have waited longest first."""
    actor.require(Permission.JOBS_RUN_READ)
    mine = Run.objects.filter(status="open", urgency__gte=0, members__member=actor.member).exclude(version="")
    rows = list(mine.order_by("opened_at", "pk")[:MOST])
    scripts = parts.scripts_of(rows)
    found = [(row, scripts[row.version], one) for row in rows if (one := _mine(actor, row, scripts[row.version]))]
    things = finding.things(actor, refs={row.equipment for row, _script, _one in found} - {""})
    waiting = [
        Waiting(
            job=brief({name: getattr(row, name) for name in COLUMNS}, things),
            title=script.title,
            step=script.titles[one.path],
            since=one.since,
            photos=sum(len(activation["photos"]) for many in row.state["steps"].values() for activation in many),
        )
        for row, script, one in found
    ]
    return sorted(waiting, key=lambda one: one.since)


def _mine(actor: Actor, row: Run, script: parts.Script) -> OpenDecision | None:
    found = open_decision(flow.haws(script.template, row.state), script.steps, row.state, reader=actor.member)
    return found if found is not None and actor.member in found.holders else None


def _decisions(
    haws: Sequence[Mapping[str, Any]], steps: Mapping[str, Mapping[str, Any]], state: Mapping[str, Any]
) -> Iterator[OpenDecision]:
    for haw in haws:
        definition = steps.get(haw["path"], {})
        if haw["state"] != "now" or "decision" not in definition:
            continue
        opening = state["steps"][haw["path"]][-1]
        yield OpenDecision(
            path=haw["path"],
            activation=opening["n"],
            definition=definition,
            holders=tuple(ref for part in definition["who"]["parts"] for ref in state["people"].get(part, ())),
            since=canonical.parse_time(opening["opened_at"]),
        )
