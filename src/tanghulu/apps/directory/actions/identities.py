"""Which account elsewhere is whose, said by an administrator."""

from __future__ import annotations

from datetime import datetime

from allauth.socialaccount.models import SocialAccount
from django.db import transaction

from tanghulu.apps.directory import sessions, sign_ins
from tanghulu.apps.directory.actions.links import account_of
from tanghulu.apps.directory.actions.members import member_row
from tanghulu.apps.directory.identities import SUBJECT_LENGTH, Kind
from tanghulu.apps.directory.sign_ins import What
from tanghulu.core.access import Actor, Permission
from tanghulu.core.errors import Conflict, Invalid, NotFound


@transaction.atomic
def link_identity(actor: Actor, *, member: str, kind: Kind, subject: str, at: datetime) -> None:
    """Let whoever has this account elsewhere sign in as the person. `subject` is the id that it has there.

    Raises Invalid `text_missing`, `text_too_long`, Conflict `identity_taken`, and as `make_link` does.
    """
    actor.require(Permission.DIRECTORY_SIGNIN_WRITE)
    row = member_row(member)
    account = account_of(actor, row)
    wanted = subject.strip()
    if not wanted:
        raise Invalid("text_missing", field="subject")
    if len(wanted) > SUBJECT_LENGTH:
        raise Invalid("text_too_long", field="subject", limit=SUBJECT_LENGTH)
    _, made = SocialAccount.objects.get_or_create(provider=kind.value, uid=wanted, defaults={"user": account})
    if not made:
        raise Conflict("identity_taken", field="subject")
    sign_ins.note_member(row, What.IDENTITY_LINKED, at=at, way=kind.way, by=actor.member)


@transaction.atomic
def remove_identity(actor: Actor, *, member: str, identity: int, at: datetime) -> None:
    """Let an account elsewhere sign in as the person no longer, and end the person's sessions.

    Raises NotFound `identity_not_found`, and as `make_link` does.
    """
    actor.require(Permission.DIRECTORY_SIGNIN_WRITE)
    row = member_row(member)
    account = account_of(actor, row)
    held = SocialAccount.objects.filter(pk=identity, user_id=account.pk, provider__in=list(Kind)).first()
    if held is None:
        raise NotFound("identity_not_found")
    held.delete()
    sessions.end_sessions(account.pk)
    sign_ins.note_member(row, What.IDENTITY_REMOVED, at=at, way=Kind(held.provider).way, by=actor.member)
