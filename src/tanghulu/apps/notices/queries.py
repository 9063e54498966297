"""What is looked up about notices. Everybody sees their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tanghulu.apps.notices.models import Notice
from tanghulu.core.access import Actor, Permission

MOST = 100


@dataclass(frozen=True, slots=True)
class Told:
    """Something that the reader was told; `by` is a ref, empty for the server."""

    kind: str
    about: str
    item: int
    by: str
    at: datetime
    is_read: bool


def unread(actor: Actor) -> int:
    """How many notices the actor has not read."""
    actor.require(Permission.DIRECTORY_NAME_READ)
    return Notice.objects.filter(member=actor.member, read_at=None).count() if actor.member else 0


def notices(actor: Actor) -> Sequence[Told]:
    """The newest notices of the actor, at most `MOST`."""
    actor.require(Permission.DIRECTORY_NAME_READ)
    rows = Notice.objects.filter(member=actor.member).order_by("-at", "-pk")[:MOST]
    return [Told(row.kind, row.about, row.item, row.by, row.at, row.read_at is not None) for row in rows]
