"""A job as it stood: the fold of its first events, by the very kernel that decided when they came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tanghulu.apps.evidence import queries as chain
from tanghulu.apps.flows import queries as flows
from tanghulu.apps.jobs import fold
from tanghulu.apps.jobs.queries import parts
from tanghulu.apps.jobs.queries.job import Happening, Job, job
from tanghulu.core import flow
from tanghulu.core.access import Actor, Permission


@dataclass(frozen=True, slots=True)
class Replay:
    """`whole` is the job of today, `then` the same job right after its event `number`.

    Numbers count from 1 in log order and stay with their events for ever; 0 where no event has come.
    """

    whole: Job
    then: Job
    number: int


def replay(actor: Actor, *, ref: str, number: int = 1) -> Replay:
    """The run after its event `number`, or after the nearest that there is. Raises NotFound `run_not_found`."""
    actor.require(Permission.JOBS_RUN_READ)
    whole = job(actor, ref=ref)
    if not whole.happenings:
        return Replay(whole, whole, 0)
    number = min(max(number, 1), len(whole.happenings))
    return Replay(whole, _then(whole, whole.happenings[:number]), number)


def _then(whole: Job, happenings: Sequence[Happening]) -> Job:
    template = flows.compiled(whole.version).template if whole.version else None
    state = _folded(template, whole.version, happenings)
    haws = flow.haws(template, state) if template is not None else []
    status = state["status"]
    return replace(
        whole,
        status=status,
        outcome=state.get("outcome", ""),
        is_sealed=state["sealed"],
        is_overdue=status == "open" and any(haw["overdue"] for haw in haws),
        changed_at=happenings[-1].received_at,
        state=flow.state_to_json(state),
        haws=haws,
        inside=parts.inside(state, whole.document or None),
        happenings=happenings,
        last_index=happenings[-1].index,
    )


def _folded(template: flow.Template | None, version: str, happenings: Sequence[Happening]) -> flow.State:
    """As at admission: until the run is opened with its template, nothing is possible and all is marked."""
    state, known = flow.new_state(), None
    for happening in happenings:
        event = fold.as_event(happening.payload, happening.hash, is_revoked=happening.standing == chain.REVOKED)
        if known is None and fold.opens(event) and event["data"]["version"] == version:
            known = template
        fold.take_in(known, state, event)
    return state
