"""Runs are sealed: when one has ended and all its photos are here, the server says how many events there were."""

from __future__ import annotations

from datetime import datetime

from tanghulu.apps.evidence import queries as chain
from tanghulu.apps.jobs.models import Run
from tanghulu.apps.jobs.rotation import Rotation
from tanghulu.apps.jobs.unit import open_unit
from tanghulu.core.access import Actor, Permission

_UNSEALED = Rotation()


def seal_ended(actor: Actor, *, at: datetime, limit: int = 200) -> int:
    """Seal runs that could not be sealed when they ended; return how many. For the worker."""
    actor.require(Permission.JOBS_RUN_ACT)
    # A run that waits for a photo, or for an event that a device has numbered, is sealed when that comes.
    ended = _UNSEALED.page(Run.objects.filter(status="ended", is_sealed=False, awaits_photos=False).only("ref"), limit)
    with_gaps = chain.runs_with_gaps(run.ref for run in ended)
    return sum(_seal(run.ref, at=at) for run in ended if run.ref not in with_gaps)


def _seal(ref: str, *, at: datetime) -> bool:
    with open_unit(at=at) as unit:
        run = unit.run(ref)
        unit.seal_if_ended(run)
        return run.state["sealed"]
