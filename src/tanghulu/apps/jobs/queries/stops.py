"""Jobs that are stopped now: who called it, when and why. They are few, and everybody in the office must see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tanghulu.apps.directory import finding
from tanghulu.apps.directory import queries as directory
from tanghulu.apps.evidence import queries as chain
from tanghulu.apps.jobs.models import Run
from tanghulu.apps.jobs.queries import parts
from tanghulu.core.access import Actor, Permission
from tanghulu.core.chain.event_types import EventType

_MOST = 20


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
    """The jobs that are stopped now, the newest stop first; asks as often for many as for one."""
    actor.require(Permission.JOBS_RUN_READ)
    rows = list(Run.objects.filter(status="stopped").order_by("-changed_at", "pk")[:_MOST])
    if not rows:
        return []
    calls = _calls(rows)
    names = directory.member_names(actor, refs={call.payload["actor"] for call in calls.values()})
    kept = chain.openings_of(one for call in calls.values() for one in _said(call))
    things = finding.things(actor, refs={row.equipment for row in rows} - {""})
    scripts = parts.scripts_of(rows)
    stopped = []
    for row in rows:
        call, script, thing = calls.get(row.ref), scripts.get(row.version), things.get(row.equipment)
        stopped.append(
            StoppedJob(
                run=row.ref,
                title=script.title if script else {"en": row.template},
                equipment=thing.name if thing else "",
                by=names.get(call.payload["actor"], "") if call else "",
                at=call.received_at if call else row.changed_at,
                why=next((str(kept[one].value) for one in _said(call) if one in kept), "") if call else "",
            )
        )
    return stopped


def _calls(rows: Sequence[Run]) -> dict[str, chain.EventRecord]:
    """The newest event by which each of these runs was stopped, of those that the rules allowed."""
    events = chain.events_of(EventType.RUN_STOPPED, runs=[row.ref for row in rows])
    return {str(event.payload["run"]): event for event in events if not event.codes}


def _said(call: chain.EventRecord) -> list[str]:
    return [str(one) for one in call.payload.get("commitments", {}).values()]
