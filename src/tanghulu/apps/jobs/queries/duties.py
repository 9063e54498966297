"""Which tenants have something for the worker to do: one question for all of them, in whatever scope."""

from __future__ import annotations

from datetime import datetime

from tanghulu.apps.evidence import queries as chain
from tanghulu.apps.jobs.models import Run, RunPhoto, SearchMark, SearchText
from tanghulu.apps.tenancy import scope


def tenants_with_timers(at: datetime) -> list[str]:
    """Those with a timer that has run out."""
    with scope.across_tenants():
        due = Run.everywhere.filter(next_timer_at__lte=at)
        return list(due.order_by("tenant_id").values_list("tenant_id", flat=True).distinct())


def tenants_with_arrivals(_at: datetime) -> list[str]:
    """Those with a photo whose hash is known and whose arrival has not been stated."""
    with scope.across_tenants():
        waiting = RunPhoto.everywhere.filter(stated_at=None).exclude(sha256="")
        return list(waiting.order_by("tenant_id").values_list("tenant_id", flat=True).distinct())


def tenants_with_unsealed(_at: datetime) -> list[str]:
    """Those with a run that has ended and is not sealed, although all its photos are here."""
    with scope.across_tenants():
        waiting = Run.everywhere.filter(status="ended", is_sealed=False, awaits_photos=False)
        return list(waiting.order_by("tenant_id").values_list("tenant_id", flat=True).distinct())


def tenants_with_unindexed(_at: datetime) -> list[str]:
    """Those whose logs have grown beyond their index of words, or whose index waits for openings."""
    logs = chain.log_positions()
    with scope.across_tenants():
        marks = dict(SearchMark.everywhere.values_list("tenant_id", "next_entry"))
        waiting = SearchText.everywhere.filter(tokens__isnull=True).values_list("tenant_id", flat=True).distinct()
        return sorted({slug for slug, position in logs.items() if position > marks.get(slug, 0)} | set(waiting))
