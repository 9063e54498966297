"""What waits for the worker in one company."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min, OuterRef, Subquery

from tanghulu.apps.jobs.models import Run, RunPhoto
from tanghulu.apps.photos.models import Photo
from tanghulu.core.access import Actor, Permission


@dataclass(frozen=True, slots=True)
class WaitingWork:
    """How much waits, and for how many seconds the oldest of it has; None where nothing does."""

    count: int
    oldest: float | None


def waiting_work(actor: Actor, *, at: datetime) -> WaitingWork:
    """The work of the actor's company that is due at this time.

    Timers that have run out, photos that are here and were not stated, jobs that have ended and are not sealed.
    """
    actor.require(Permission.SERVER_STATUS_READ)
    timers = Run.objects.filter(next_timer_at__lte=at)
    unsealed = Run.objects.filter(status="ended", is_sealed=False, awaits_photos=False)
    stored = Photo.objects.filter(sha256=OuterRef("sha256")).values("stored_at")[:1]
    arrivals = RunPhoto.objects.filter(stated_at=None).exclude(sha256="").annotate(came_at=Subquery(stored))
    arrivals = arrivals.filter(came_at__isnull=False)
    since = [
        timers.aggregate(first=Min("next_timer_at"))["first"],
        unsealed.aggregate(first=Min("changed_at"))["first"],
        arrivals.aggregate(first=Min("came_at"))["first"],
    ]
    oldest = max(((at - one).total_seconds() for one in since if one is not None), default=None)
    return WaitingWork(timers.count() + unsealed.count() + arrivals.count(), oldest)
