"""The browsers in which an account is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction

from tanghulu.apps.directory import sign_ins
from tanghulu.apps.directory.sign_ins import Origin, What
from tanghulu.core.errors import NotFound


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A signed-in browser; `current` is the one that asks."""

    id: int
    agent: str
    address: str
    since: datetime
    seen_at: datetime
    current: bool


def note_seen(account: int, *, key: str, origin: Origin, at: datetime) -> None:
    """Note that the session with this key has been used."""
    UserSession.objects.update_or_create(
        session_key=key,
        defaults={
            "user_id": account,
            "ip": origin.address,
            "user_agent": origin.agent,
            "last_seen_at": at,
        },
        create_defaults={
            "user_id": account,
            "ip": origin.address,
            "user_agent": origin.agent,
            "created_at": at,
            "last_seen_at": at,
        },
    )


def own_sessions(account: int, *, current: str, at: datetime) -> list[SessionRow]:
    """The sessions of an account that are good now: the one that asks first, then as they were seen last."""
    rows = list(UserSession.objects.filter(user_id=account).order_by("-last_seen_at", "-pk"))
    keys = [row.session_key for row in rows]
    good = set(Session.objects.filter(session_key__in=keys, expire_date__gt=at).values_list("session_key", flat=True))
    shown = [
        SessionRow(row.pk, row.user_agent, row.ip, row.created_at, row.last_seen_at, row.session_key == current)
        for row in rows
        if row.session_key in good
    ]
    return sorted(shown, key=lambda row: not row.current)


@transaction.atomic
def end_session(account: int, *, session: int, origin: Origin, at: datetime) -> None:
    """End one session of one's own. Raises NotFound `session_not_found`."""
    row = UserSession.objects.filter(user_id=account, pk=session).first()
    if row is None:
        raise NotFound("session_not_found")
    _end([row])
    sign_ins.note(account, What.SESSION_ENDED, origin=origin, at=at)


@transaction.atomic
def end_others(account: int, *, keep: str, origin: Origin, at: datetime) -> None:
    """End every session of one's own but the one with this key."""
    if end_sessions(account, besides=keep):
        sign_ins.note(account, What.SESSION_ENDED, origin=origin, at=at)


@transaction.atomic
def end_sessions(account: int, *, besides: str = "") -> int:
    """End every session of an account but the one with this key, and return how many there were."""
    rows = list(UserSession.objects.filter(user_id=account).exclude(session_key=besides))
    _end(rows)
    return len(rows)


def _end(rows: list[UserSession]) -> None:
    Session.objects.filter(session_key__in=[row.session_key for row in rows]).delete()
    UserSession.objects.filter(pk__in=[row.pk for row in rows]).delete()
