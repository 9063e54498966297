"""Photos arrive: their bytes, and the openings that say which commitment they belong to, in whatever order."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tanghulu.apps.evidence import actions as evidence
from tanghulu.apps.jobs.actions.receive import photo_names
from tanghulu.apps.jobs.models import RunPhoto
from tanghulu.apps.jobs.rotation import Rotation
from tanghulu.apps.jobs.till import TILL, Work
from tanghulu.apps.jobs.unit import Unit, open_unit
from tanghulu.apps.photos import actions as photos
from tanghulu.apps.photos import queries as stored_photos
from tanghulu.core.access import Actor, Permission
from tanghulu.core.errors import Invalid

_AWAITED = Rotation()


def keep_photo(actor: Actor, *, sha256: str, content: bytes, at: datetime) -> bool:
    """Make a photo durable and state on the chain of its run what came; return whether the bytes are new.

    Raises Invalid `photo_hash_differs`, `photo_too_large` or `photo_type_unknown`. Runs that wait for bytes of a type
    that nobody may send wait no longer: the photo is refused on their chains.
    """
    try:
        kept = photos.keep_bytes(actor, sha256=sha256, content=content)
    except Invalid as refusal:
        if refusal.code == "photo_type_unknown" and RunPhoto.objects.filter(sha256=sha256, stated_at=None).exists():
            TILL.do(Work(do=lambda unit: unit.photo_unusable(sha256), at=at, photos=[sha256]))
        raise
    if kept is None:
        return False
    return TILL.do(Work(do=lambda unit: unit.keep_photo(kept), at=at, photos=[sha256]))


def keep_opening(actor: Actor, *, opening: Mapping[str, Any], at: datetime) -> None:
    """Keep the value and salt behind a commitment. Raises Invalid `opening_invalid`."""
    actor.require(Permission.JOBS_RUN_READ)
    openings = evidence.examine_openings([opening])
    names = photo_names(openings)

    def record(unit: Unit) -> None:
        unit.book.keep_openings(openings)
        if names:
            unit.open_photos(names)

    TILL.do(Work(do=record, at=at, photos=list(names.values())))


def finish_arrivals(actor: Actor, *, at: datetime, limit: int = 200) -> int:
    """State the arrival of photos that came while their event came elsewhere; return how many. For the worker."""
    actor.require(Permission.JOBS_RUN_ACT)
    waiting = _AWAITED.page(RunPhoto.objects.filter(stated_at=None).exclude(sha256=""), limit)
    present = stored_photos.stored({row.sha256 for row in waiting})
    if not present:
        return 0
    with open_unit(at=at) as unit:
        return unit.photos_arrived(sorted(present))
