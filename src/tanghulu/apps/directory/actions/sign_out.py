"""Somebody is signed out by another: the phone on which they are signed in is in other hands."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tanghulu.apps.directory import sessions, sign_ins
from tanghulu.apps.directory.actions.members import member_row
from tanghulu.apps.directory.sign_ins import What
from tanghulu.core.access import Actor, Permission


@transaction.atomic
def sign_out(actor: Actor, *, member: str, besides: str, by: str, at: datetime) -> None:
    """End the sessions of a person in every browser but the one with this session key; `by` decided it.

    Raises NotFound `member_not_found`.
    """
    actor.require(Permission.DIRECTORY_SIGNIN_WRITE)
    row = member_row(member)
    if row.account_id is not None and sessions.end_sessions(row.account_id, besides=besides):
        sign_ins.note_member(row, What.SESSION_ENDED, at=at, by=by)
