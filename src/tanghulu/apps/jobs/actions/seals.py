"""Runs are sealed: when one has ended and all its photos are here, the server says how many events there were."""

from __future__ import annotations

from datetime import datetime

from tanghulu.apps.jobs.models import Run
from tanghulu.apps.jobs.unit import open_unit
from tanghulu.core.access import Actor, Permission


def seal_ended(actor: Actor, *, at: datetime, limit: int = 200) -> int:
    """Seal runs that could not be sealed when they ended; return how many. For the worker."""
    actor.require(Permission.JOBS_RUN_ACT)
    refs = Run.objects.filter(status="ended", is_sealed=False).order_by("changed_at").values_list("ref", flat=True)
    return sum(_seal(ref, at=at) for ref in list(refs[:limit]))


def _seal(ref: str, *, at: datetime) -> bool:
    with open_unit(at=at) as unit:
        run = unit.run(ref)
        unit.seal_if_ended(run)
        return run.state["sealed"]
