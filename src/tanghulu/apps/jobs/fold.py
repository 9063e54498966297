"""A run opened for change: its row, its state, and the events that follow from the one that has just come.

Everything here happens in the caller's transaction, which holds the lock of the company's log, so the order in which
a run is folded is the order of its entries in the log.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tanghulu.apps.evidence import actions as evidence
from tanghulu.apps.flows import queries as flows
from tanghulu.apps.jobs.models import Run, RunMember
from tanghulu.core import canonical, flow
from tanghulu.core.chain.event import Event
from tanghulu.core.chain.event_types import ACT_TYPES, EventType
from tanghulu.core.errors import NotFound


@dataclass(slots=True)
class OpenRun:
    """A run whose row is locked until the transaction ends. `template` is None while its version is unknown."""

    row: Run
    template: flow.Template | None
    state: flow.State

    @property
    def ref(self) -> str:
        return self.row.ref


def open_run(ref: str, *, at: datetime) -> OpenRun:
    """The run with this ref, locked; a new one when none of its events has come yet."""
    row = Run.objects.select_for_update().filter(ref=ref).first()
    if row is None:
        row = Run(ref=ref, status="new", state=flow.new_state(), changed_at=at)
    template = flows.compiled(row.version).template if row.version else None
    return OpenRun(row=row, template=template, state=row.state)


def apply(run: OpenRun, event: Event) -> tuple[str, ...]:
    """Fold one event into the run; return the codes by which it contradicts the rules, if any."""
    if run.template is None and event.kind == EventType.RUN_OPENED:
        _take_template(run, event.data)
    run.state = evolve(run.template, run.state, event)
    last = run.state["contradictions"][-1:]
    return tuple(last[0]["codes"]) if last and last[0]["event"] == event.hash else ()


def evolve(template: flow.Template | None, state: flow.State, event: Event) -> flow.State:
    """The state after the event; without a template nothing is possible, and everything is kept and marked."""
    if template is not None:
        return flow.evolve(template, state, {**event.value, "hash": event.hash})
    code = "template_unknown" if event.kind == EventType.RUN_OPENED else "run_not_open"
    after = copy.deepcopy(state)
    after["events"] += 1
    after["sealed"] = event.kind == EventType.RUN_SEALED
    if event.kind in ACT_TYPES:
        after["contradictions"].append({"event": event.hash, "codes": [code]})
    return after


def _take_template(run: OpenRun, data: Mapping[str, Any]) -> None:
    try:
        run.template = flows.compiled(data["version"]).template
    except NotFound:
        return
    run.row.version = data["version"]
    run.row.template = data["template"]


def state_fact(run: OpenRun, kind: EventType, data: Mapping[str, Any], *, at: datetime) -> None:
    """Let the server state a fact about the run: sign it, append it to the log, fold it."""
    apply(run, evidence.state_fact(kind, run=run.ref, data=data, at=at))


def resolve_people(
    run: OpenRun, members: Iterable[str], facts: Mapping[str, Mapping[str, Any]], *, at: datetime
) -> None:
    """State who these members are to the company, for those of whom it has not been stated in this run."""
    for member in sorted(set(members) - set(run.state["facts"])):
        if member in facts:
            state_fact(run, EventType.PEOPLE_RESOLVED, {"member": member, **facts[member]}, at=at)


def store(run: OpenRun, *, at: datetime) -> None:
    """Write the run's row: the state, and what is searched by."""
    row, state = run.row, run.state
    is_new = row.pk is None
    row.state = state
    row.status = state["status"]
    row.outcome = state.get("outcome", "")
    row.is_sealed = state["sealed"]
    row.equipment = state.get("subject", {}).get("equipment", "")
    row.changed_at = at
    if "opened_at" in state:
        row.opened_at = canonical.parse_time(state["opened_at"])
    waiting = flow.timers(run.template, state) if run.template is not None else []
    row.next_timer_at = canonical.parse_time(waiting[0]["at"]) if waiting else None
    row.is_overdue = row.status == "open" and _is_overdue(run)
    row.save(force_insert=is_new)
    _remember_people(row, state)


def _is_overdue(run: OpenRun) -> bool:
    if run.template is None or not run.state["fired"]:
        return False
    return any(haw["overdue"] for haw in flow.haws(run.template, run.state))


def _remember_people(row: Run, state: flow.State) -> None:
    named = {member for members in state["people"].values() for member in members}
    if "opened_by" in state:
        named.add(state["opened_by"])
    known = set(RunMember.objects.filter(run=row, member__in=named).values_list("member", flat=True))
    RunMember.objects.bulk_create(RunMember(run=row, member=member) for member in sorted(named - known))
