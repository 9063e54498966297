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
    """A stopped job; `by` is empty where it was not a person who stopped it, `why` where no reason was given.

    `unheeded` says why the job goes on nevertheless, where a call to stop was kept and the rules did not let it count:
    `revoked` when it came from a phone that is locked out, `contradicting` otherwise.
    """

    run: str
    title: parts.Text
    equipment: str
    by: str
    at: datetime
    why: str
    unheeded: str = ""


def stops(actor: Actor) -> list[StoppedJob]:
    """The jobs that are stopped now, the newest stop first, behind those that go on though a call to stop them came.

    Asks as often for many as for one.
    """
    actor.require(Permission.JOBS_RUN_READ)
    unheeded = _unheeded()
    rows = [row for row, _ in unheeded]
    rows += Run.objects.filter(status="stopped").order_by("-changed_at", "pk")[:_MOST]
    if not rows:
        return []
    calls = {**_calls(rows), **{row.ref: call for row, call in unheeded}}
    ignored = {row.ref: call.standing for row, call in unheeded}
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
                unheeded=ignored.get(row.ref, ""),
            )
        )
    return stopped


def _unheeded() -> list[tuple[Run, chain.EventRecord]]:
    """Live jobs that go on, with the call to stop that did not count, until somebody stops or resumes them."""
    live = Run.objects.filter(urgency__gte=0, contradictions__gte=1).exclude(status="stopped")
    rows = {row.ref: row for row in live.order_by("-changed_at", "pk")}
    if not rows:
        return []
    events = chain.events_of(EventType.RUN_STOPPED, runs=rows)
    if all(not event.codes for event in events):
        return []
    resumed = [event for event in chain.events_of(EventType.RUN_RESUMED, runs=rows) if not event.codes]
    last = {str(event.payload["run"]): event for event in sorted([*events, *resumed], key=lambda one: one.index)}
    return [(rows[ref], event) for ref, event in last.items() if event.codes][:_MOST]


def _calls(rows: Sequence[Run]) -> dict[str, chain.EventRecord]:
    """The newest event by which each of these runs was stopped, of those that the rules allowed."""
    events = chain.events_of(EventType.RUN_STOPPED, runs=[row.ref for row in rows])
    return {str(event.payload["run"]): event for event in events if not event.codes}


def _said(call: chain.EventRecord) -> list[str]:
    return [str(one) for one in call.payload.get("commitments", {}).values()]
