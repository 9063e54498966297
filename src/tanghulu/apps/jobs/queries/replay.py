"""A job as it stood: the fold of its first events, by the very kernel that decided when they came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tanghulu.apps.evidence import queries as chain
from tanghulu.apps.jobs import fold
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
    run = _folded(whole, happenings)
    row = run.row
    return replace(
        whole,
        status=row.status,
        outcome=row.outcome,
        is_sealed=row.is_sealed,
        is_overdue=row.is_overdue,
        changed_at=row.changed_at,
        ended_at=row.ended_at,
        state=flow.state_to_json(run.state),
        haws=flow.haws(run.template, run.state) if run.template is not None else [],
        inside=row.inside or 0,
        happenings=happenings,
        last_index=happenings[-1].index,
    )


def _folded(whole: Job, happenings: Sequence[Happening]) -> fold.OpenRun:
    """As at admission: until the run is opened with its template, nothing is possible and all is marked."""
    run = fold.open_row(fold.new_row(whole.run, at=happenings[0].received_at), is_stored=False)
    for happening in happenings:
        event = fold.as_event(happening.payload, happening.hash, is_revoked=happening.standing == chain.REVOKED)
        fold.apply_again(run, event, at=happening.received_at, version=whole.version)
    fold.columns(run, at=happenings[-1].received_at)
    return run
