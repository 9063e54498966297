"""Jobs that are stopped now: who called it, when and why. They are few, and everybody in the office must see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from tanghulu.apps.directory import queries as directory
from tanghulu.apps.evidence import queries as chain
from tanghulu.apps.jobs.models import Run
from tanghulu.apps.jobs.queries import parts
from tanghulu.core.access import Actor, Permission

_MOST = 20
_STOPPED = "run.stopped"


@dataclass(frozen=True, slots=True)
class StoppedJob:
    """A stopped job; `by` is empty where it was not a person who stopped it, `why` where no reason was given."""

    run: str
    title: parts.Text
    equipment: str
    by: str
    at: datetime
    why: str


def stops(actor: Actor) -> list[StoppedJob]:
    """The jobs that are stopped now, the newest stop first."""
    actor.require(Permission.JOBS_RUN_READ)
    rows = list(Run.objects.filter(status="stopped").order_by("-changed_at", "pk")[:_MOST])
    if not rows:
        return []
    equipment = {row.ref: row.name for row in directory.equipment(actor)}
    return [_stop(actor, row, equipment) for row in rows]


def _stop(actor: Actor, row: Run, equipment: Mapping[str, str]) -> StoppedJob:
    against = {mark["event"] for mark in row.state["contradictions"]}
    called = [
        event for event in chain.run_events(row.ref) if event.payload["type"] == _STOPPED and event.hash not in against
    ]
    script = parts.script_of(row)
    by, why, at = "", "", row.changed_at
    if called:
        payload = called[-1].payload
        by = directory.member_names(actor, refs={payload["actor"]}).get(payload["actor"], "")
        kept = chain.openings_of(payload.get("commitments", {}).values())
        why = next((str(one.value) for one in kept.values()), "")
        at = called[-1].received_at
    return StoppedJob(
        run=row.ref,
        title=script.title if script else {"en": row.template},
        equipment=equipment.get(row.equipment, ""),
        by=by,
        at=at,
        why=why,
    )
