"""What a phone asks for: its jobs, and the events of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tanghulu.apps.directory import finding
from tanghulu.apps.evidence import queries as chain
from tanghulu.apps.jobs.models import Run
from tanghulu.apps.jobs.queries import parts
from tanghulu.core.access import Actor, Permission

_MOST = 200


@dataclass(frozen=True, slots=True)
class RunSummary:
    """One of a person's jobs."""

    run: str
    template: str
    version: str
    title: parts.Text
    equipment: str
    status: str
    outcome: str
    opened_at: datetime | None
    is_my_turn: bool
    events: int


@dataclass(frozen=True, slots=True)
class RunEvents:
    """The events of a run in log order, those after the first `after`, and the heads of the run."""

    run: str
    template: str
    version: str
    heads: Sequence[str]
    events: Sequence[chain.EventRecord]
    reasons: Mapping[str, str]
    """Why somebody did it, by the hash of the event; only where a reason was given and is kept."""


def runs(actor: Actor, *, mine: bool, status: str, at: datetime) -> list[RunSummary]:
    """Jobs, newest first, at most 200: the actor's own or all; `status` as in docs/formats/flow.md or empty for any."""
    actor.require(Permission.JOBS_RUN_READ)
    found = Run.objects.exclude(status="new")
    if mine:
        found = found.filter(members__member=actor.member, members__tenant_id=actor.tenant)
    if status == "open":
        found = found.filter(status__in=["open", "stopped"])
    elif status:
        found = found.filter(status=status)
    rows = list(found.order_by("-opened_at", "pk")[:_MOST])
    things = finding.things(actor, refs={row.equipment for row in rows} - {""})
    scripts = parts.scripts_of(rows)
    return [_summary(row, scripts.get(row.version), actor, things.get(row.equipment), at) for row in rows]


def run_events(actor: Actor, *, ref: str, after: int) -> RunEvents:
    """The run's events as the phone folds them. Raises NotFound `run_not_found`."""
    actor.require(Permission.JOBS_RUN_READ)
    row = parts.run_row(ref)
    events = chain.run_events(ref, after=after)
    return RunEvents(
        run=ref,
        template=row.template,
        version=row.version,
        heads=chain.heads(ref),
        events=events,
        reasons=_reasons(events),
    )


def _reasons(events: Sequence[chain.EventRecord]) -> dict[str, str]:
    given = {event.hash: event.payload.get("commitments", {}).get("reason", "") for event in events}
    kept = chain.openings_of(commitment for commitment in given.values() if commitment)
    return {event: str(kept[commitment].value) for event, commitment in given.items() if commitment in kept}


def _summary(
    row: Run, script: parts.Script | None, actor: Actor, thing: finding.Thing | None, at: datetime
) -> RunSummary:
    return RunSummary(
        run=row.ref,
        template=row.template,
        version=row.version,
        title=script.title if script else {"en": row.template},
        equipment=thing.name if thing else "",
        status=row.status,
        outcome=row.outcome,
        opened_at=row.opened_at,
        is_my_turn=parts.is_turn_of(actor.member, row, script, at),
        events=row.state["events"],
    )
