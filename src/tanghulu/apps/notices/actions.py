"""What changes about notices: somebody is told, and has read it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from tanghulu.apps.notices.models import Notice
from tanghulu.core.access import Actor, Permission


@transaction.atomic
def notify(actor: Actor, *, members: Collection[str], kind: str, about: str, item: int, at: datetime) -> None:
    """Tell these members, each once, of something that the actor did; never the actor of what they did themselves."""
    actor.require(Permission.DIRECTORY_NAME_READ)
    told = [
        Notice(member=member, kind=kind, about=about, item=item, by=actor.member, at=at)
        for member in sorted(set(members) - {actor.member})
    ]
    Notice.objects.bulk_create(told, ignore_conflicts=True)


@transaction.atomic
def withdraw(actor: Actor, *, kind: str, item: int) -> None:
    """Take back what was told of something that is there no more."""
    actor.require(Permission.DIRECTORY_NAME_READ)
    Notice.objects.filter(kind=kind, item=item).delete()


@transaction.atomic
def read(actor: Actor, *, at: datetime, about: str = "") -> None:
    """Note that the actor has read their notices: all, or those about one job."""
    actor.require(Permission.DIRECTORY_NAME_READ)
    mine = Notice.objects.filter(member=actor.member, read_at=None)
    (mine.filter(about=about) if about else mine).update(read_at=at)
