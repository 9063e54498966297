"""Runs are sealed: when one has ended and all its photos are here, the server says how many events there were."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tanghulu.apps.evidence import actions as evidence
from tanghulu.apps.jobs import fold
from tanghulu.apps.jobs.models import Run, RunPhoto
from tanghulu.core.access import Actor, Permission


def seal_if_ended(run: fold.OpenRun, *, at: datetime) -> None:
    """Seal the run, or seal it again, when nothing of it is missing."""
    if run.state["status"] != "ended" or run.state["sealed"]:
        return
    if run.row.pk and RunPhoto.objects.filter(run=run.row, stated_at=None).exists():
        return
    sealed = evidence.seal(run.ref, at=at)
    if sealed is not None:
        fold.apply(run, sealed)


def seal_ended(actor: Actor, *, at: datetime, limit: int = 200) -> int:
    """Seal runs that could not be sealed when they ended; return how many. For the worker."""
    actor.require(Permission.JOBS_RUN_ACT)
    refs = Run.objects.filter(status="ended", is_sealed=False).order_by("changed_at").values_list("ref", flat=True)
    return sum(_seal(ref, at=at) for ref in list(refs[:limit]))


@transaction.atomic
def _seal(ref: str, *, at: datetime) -> bool:
    evidence.lock_log()
    run = fold.open_run(ref, at=at)
    seal_if_ended(run, at=at)
    if run.state["sealed"]:
        fold.store(run, at=at)
    return bool(run.state["sealed"])
