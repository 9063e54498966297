"""Photos arrive: their bytes, the openings that say which commitment they belong to, in whatever order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from tanghulu.apps.evidence import actions as evidence
from tanghulu.apps.evidence import queries as chain
from tanghulu.apps.jobs import fold
from tanghulu.apps.jobs.actions import seals
from tanghulu.apps.jobs.models import RunPhoto
from tanghulu.apps.photos import actions as photos
from tanghulu.apps.photos import queries as stored_photos
from tanghulu.core.access import Actor, Permission
from tanghulu.core.chain.encoding import is_hash
from tanghulu.core.chain.event import Event
from tanghulu.core.chain.event_types import EventType


def keep_photo(actor: Actor, *, sha256: str, content: bytes, at: datetime) -> bool:
    """Make a photo durable and state on the chain of its run that it is stored; return whether the bytes are new.

    Raises Invalid `photo_hash_differs`, `photo_too_large` or `photo_type_unknown`.
    """
    kept = photos.keep_bytes(actor, sha256=sha256, content=content)
    if kept is None:
        _state_all(sha256, at=at)
        return False
    with transaction.atomic():
        is_new = photos.record(actor, kept, at=at)
        _state_all(sha256, at=at)
    return is_new


def keep_opening(actor: Actor, *, opening: Mapping[str, Any], at: datetime) -> None:
    """Keep the value and salt behind a commitment. Raises Invalid `opening_invalid`."""
    actor.require(Permission.JOBS_RUN_READ)
    with transaction.atomic():
        evidence.keep_openings([opening], at=at)
        take_openings([opening], at=at)


def expect(run: fold.OpenRun, event: Event, openings: Sequence[Mapping[str, Any]], *, at: datetime) -> None:
    """Remember that the event's photos belong to the run; state at once what is stored already."""
    fold.store(run, at=at)
    values = {opening["commitment"]: opening["value"] for opening in openings}
    missing = [photo.commitment for photo in event.photos if photo.commitment not in values]
    values.update({key: opening.value for key, opening in chain.openings_of(missing).items()} if missing else {})
    for photo in event.photos:
        row, _ = RunPhoto.objects.get_or_create(commitment=photo.commitment, defaults={"run": run.row})
        row.sha256 = _sha256(values.get(photo.commitment))
        row.save()
        if row.sha256 and row.run_id == run.row.pk and stored_photos.stored([row.sha256]):
            _state(run, row, at=at)


def take_openings(openings: Sequence[Mapping[str, Any]], *, at: datetime) -> None:
    """Look whether openings that came late are those of photos that are waited for."""
    values = {opening["commitment"]: _sha256(opening["value"]) for opening in openings}
    rows = RunPhoto.objects.filter(commitment__in=values, sha256="")
    for row in rows:
        row.sha256 = values[row.commitment]
        row.save()
        if row.sha256:
            _state_all(row.sha256, at=at)


def finish_arrivals(actor: Actor, *, at: datetime, limit: int = 200) -> int:
    """State the arrival of photos that came while their event came elsewhere; return how many. For the worker."""
    actor.require(Permission.JOBS_RUN_ACT)
    waiting = RunPhoto.objects.filter(stated_at=None).exclude(sha256="").order_by("pk")[:limit]
    present = stored_photos.stored(row.sha256 for row in waiting)
    for sha256 in sorted(present):
        _state_all(sha256, at=at)
    return len(present)


@transaction.atomic
def _state_all(sha256: str, *, at: datetime) -> None:
    if not _waiting(sha256).exists():
        return
    evidence.lock_log()
    if not stored_photos.stored([sha256]):
        return
    by_run: dict[str, list[RunPhoto]] = defaultdict(list)
    for row in _waiting(sha256).select_related("run").order_by("pk"):
        by_run[row.run.ref].append(row)
    for ref, rows in by_run.items():
        run = fold.open_run(ref, at=at)
        for row in rows:
            _state(run, row, at=at)
        seals.seal_if_ended(run, at=at)
        fold.store(run, at=at)


def _waiting(sha256: str) -> QuerySet[RunPhoto]:
    return RunPhoto.objects.filter(sha256=sha256, stated_at=None)


def _state(run: fold.OpenRun, row: RunPhoto, *, at: datetime) -> None:
    if row.stated_at is None:
        fold.state_fact(run, EventType.PHOTO_STORED, {"commitment": row.commitment}, at=at)
        row.stated_at = at
        row.save()


def _sha256(value: object) -> str:
    return value if is_hash(value) else ""
