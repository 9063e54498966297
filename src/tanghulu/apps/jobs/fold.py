"""A run opened for change: its row and its state, folded one event further at a time.

Whoever folds a run anew, to compare or to look back, does it here too, so that rows and looks cannot differ.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tanghulu.apps.flows import queries as flows
from tanghulu.apps.jobs import standing
from tanghulu.apps.jobs.models import Run
from tanghulu.core import canonical, flow
from tanghulu.core.chain.event_types import ACT_TYPES, EventType
from tanghulu.core.errors import NotFound


@dataclass(slots=True)
class OpenRun:
    """A run that nobody else changes meanwhile, so that its state is folded in place.

    `template` is None while its version is unknown; `members` have their rows already.
    """

    row: Run
    template: flow.Template | None
    state: flow.State
    members: set[str]
    is_stored: bool

    @property
    def ref(self) -> str:
        """The run's id."""
        return self.row.ref


def open_row(row: Run, *, is_stored: bool) -> OpenRun:
    """The run of this row, as it stands."""
    return _opened(row, flows.compiled(row.version).template if row.version else None, is_stored=is_stored)


def open_rows(rows: Sequence[Run]) -> list[OpenRun]:
    """The runs of these stored rows, as they stand."""
    compiled = flows.compiled_each(row.version for row in rows if row.version)
    return [_opened(row, compiled[row.version].template if row.version else None, is_stored=True) for row in rows]


def _opened(row: Run, template: flow.Template | None, *, is_stored: bool) -> OpenRun:
    return OpenRun(row=row, template=template, state=row.state, members=people_of(row.state), is_stored=is_stored)


def new_row(ref: str, *, at: datetime) -> Run:
    """The row of a run of which nothing has come yet; it is not stored."""
    return Run(ref=ref, status="new", state=flow.new_state(), changed_at=at)


def as_event(payload: Mapping[str, Any], name: str, *, is_revoked: bool) -> dict[str, Any]:
    """An event as the kernel takes it: the payload, its hash, and that its key had been revoked, where it had."""
    event = {**payload, "hash": name}
    return {**event, "revoked": True} if is_revoked else event


def apply(run: OpenRun, event: Mapping[str, Any], *, at: datetime) -> tuple[str, ...]:
    """Fold one event (as `as_event` gives it) that came at `at`; return the codes by which it contradicts the run.

    Without such codes it was allowed.
    """
    if run.template is None and opens(event):
        _take_template(run, event["data"])
    return _fold(run, event, at)


def apply_again(run: OpenRun, event: Mapping[str, Any], *, at: datetime, version: str) -> tuple[str, ...]:
    """As `apply` when the event came: `version` is what the run has taken then, empty if it was not known."""
    if run.template is None and opens(event) and event["data"]["version"] == version:
        _take_template(run, event["data"])
    return _fold(run, event, at)


def _fold(run: OpenRun, event: Mapping[str, Any], at: datetime) -> tuple[str, ...]:
    _take_in(run.template, run.state, event)
    if run.row.ended_at is None and run.state["status"] == "ended":
        run.row.ended_at = at
    last = run.state["contradictions"][-1:]
    return tuple(last[0]["codes"]) if last and last[0]["event"] == event["hash"] else ()


def columns(run: OpenRun, *, at: datetime) -> None:
    """Copy out of the state what the row is searched by; `at` is when the newest of its events came."""
    row, state = run.row, run.state
    row.state = state
    row.status = state["status"]
    row.outcome = state.get("outcome", "")
    row.is_sealed = state["sealed"]
    row.awaits_photos = row.status == "ended" and awaits_photos(state)
    row.equipment = state.get("subject", {}).get("equipment", "")
    row.changed_at = at
    if "opened_at" in state:
        row.opened_at = canonical.parse_time(state["opened_at"])
    waiting = flow.timers(run.template, state) if run.template is not None else []
    row.next_timer_at = canonical.parse_time(waiting[0]["at"]) if waiting else None
    row.is_overdue = row.status == "open" and _is_overdue(run)
    registers = run.template.registers if run.template is not None else {}
    found = standing.standing(registers, state, is_overdue=row.is_overdue)
    row.urgency, row.inside, row.contradictions = found.urgency, found.inside, found.contradictions


def awaits_photos(state: flow.State) -> bool:
    """Whether photos are still to come of acts that the rules allowed; until then the run is not sealed."""
    return not all(map(flow.is_settled, flow.every_photo(state)))


def people_of(state: flow.State) -> set[str]:
    """Everybody who has a part in the run, and whoever opened it."""
    named = {member for members in state["people"].values() for member in members}
    return named | ({state["opened_by"]} if "opened_by" in state else set())


def opens(event: Mapping[str, Any]) -> bool:
    """Whether this event may say which template a run follows: whoever has a revoked key opens nothing."""
    return event["type"] == EventType.RUN_OPENED and "revoked" not in event


def _take_in(template: flow.Template | None, state: flow.State, event: Mapping[str, Any]) -> None:
    """Fold an event (as `as_event` gives it) into the state; without a template nothing is possible, all is marked."""
    if template is not None:
        flow.take_in(template, state, event)
        return
    code = "template_unknown" if event["type"] == EventType.RUN_OPENED else "run_not_open"
    if "revoked" in event:
        code = flow.REVOKED
    state["events"] += 1
    state["sealed"] = event["type"] == EventType.RUN_SEALED
    if event["type"] in ACT_TYPES or "revoked" in event:
        state["contradictions"].append({"event": event["hash"], "codes": [code]})


def _take_template(run: OpenRun, data: Mapping[str, Any]) -> None:
    try:
        run.template = flows.compiled(str(data["version"])).template
    except NotFound:
        return
    run.row.version = str(data["version"])
    run.row.template = str(data["template"])


def _is_overdue(run: OpenRun) -> bool:
    if run.template is None or not run.state["fired"]:
        return False
    return any(haw["overdue"] for haw in flow.haws(run.template, run.state))
