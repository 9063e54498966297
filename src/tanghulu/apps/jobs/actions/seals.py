"""Runs are sealed: when one has ended and all its photos are here, the server says how many events there were."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef

from tanghulu.apps.jobs.models import Run, RunPhoto
from tanghulu.apps.jobs.unit import open_unit
from tanghulu.core.access import Actor, Permission


def seal_ended(actor: Actor, *, at: datetime, limit: int = 200) -> int:
    """Seal runs that could not be sealed when they ended; return how many. For the worker."""
    actor.require(Permission.JOBS_RUN_ACT)
    # A run that waits for a photo is sealed when the photo comes; here it would only keep others from their turn.
    missing = RunPhoto.objects.filter(run=OuterRef("pk"), stated_at=None)
    ready = Run.objects.filter(~Exists(missing), status="ended", is_sealed=False).order_by("changed_at")
    return sum(_seal(ref, at=at) for ref in list(ready.values_list("ref", flat=True)[:limit]))


def _seal(ref: str, *, at: datetime) -> bool:
    with open_unit(at=at) as unit:
        run = unit.run(ref)
        unit.seal_if_ended(run)
        return run.state["sealed"]
