"""Bearer tokens: given out once in clear, kept as a hash."""

from __future__ import annotations

import re
import secrets
from datetime import datetime, timedelta

from django.db import connection, transaction

from tanghulu.apps.directory import sign_ins
from tanghulu.apps.directory.actions.members import member_row
from tanghulu.apps.directory.fields import filled
from tanghulu.apps.directory.models import AccessToken, Member, MemberRole
from tanghulu.apps.directory.one_way import digest
from tanghulu.apps.directory.sign_ins import What
from tanghulu.apps.tenancy import rows, scope
from tanghulu.core.access import Actor, Permission, Role
from tanghulu.core.errors import Invalid, NotAllowed, NotFound

# The tenant stands in the token, so that a token is looked up inside its tenant and nowhere else.
_FORM = re.compile(r"tgh_([a-z][a-z0-9-]{1,39})_[A-Za-z0-9_-]{43}")
_NOTED_EVERY = timedelta(hours=1)

# Written out, because putting it together anew cost eight times what asking it does, before every call of a phone.
_HOLDER = f"""
    SELECT token.id, token.last_used_at IS NULL OR token.last_used_at < %s, token.only_sends, member.ref, held.role
    FROM {AccessToken._meta.db_table} token
    JOIN {Member._meta.db_table} member ON member.id = token.member_id AND member.active
    LEFT JOIN {MemberRole._meta.db_table} held ON held.member_id = member.id
    WHERE token.tenant_id = %s AND token.sha256 = %s AND token.revoked_at IS NULL
        AND (token.expires_at IS NULL OR token.expires_at > %s)
"""  # noqa: S608 - nothing but names of tables is put in


@transaction.atomic
def issue_token(
    actor: Actor, *, member: str, purpose: str, at: datetime, device: str = "", expires_at: datetime | None = None
) -> str:
    """Make a bearer token for a member and return it; it is shown this once and never again.

    `device` is the id of the enrolled device that it belongs to, where it belongs to one. Without `expires_at` it is
    good until somebody ends it. Raises Invalid `expiry_past`.
    """
    actor.require(Permission.DIRECTORY_TOKEN_ISSUE)
    if expires_at is not None and expires_at <= at:
        raise Invalid("expiry_past")
    text = f"tgh_{scope.current()}_{secrets.token_urlsafe(32)}"
    row = AccessToken.objects.create(
        member=member_row(member),
        sha256=digest(text),
        purpose=filled(purpose, field="purpose", limit=40),
        device=device,
        created_at=at,
        expires_at=expires_at,
        issued_by=actor.member,
    )
    _note(row, What.TOKEN_ISSUED, actor, at=at)
    return text


@transaction.atomic
def limit_tokens(actor: Actor, *, member: str, device: str) -> None:
    """Let a device's tokens only send from now on: what it signed still comes in, and it is told nothing more."""
    actor.require(Permission.DIRECTORY_TOKEN_ISSUE)
    AccessToken.objects.filter(member=member_row(member), device=device).update(only_sends=True)


@transaction.atomic
def revoke_tokens(actor: Actor, *, member: str, at: datetime, purpose: str = "", device: str = "") -> int:
    """End a member's tokens, all or those of one purpose or device, and return how many there were."""
    actor.require(Permission.DIRECTORY_TOKEN_ISSUE)
    tokens = AccessToken.objects.filter(member=member_row(member), revoked_at=None)
    if purpose:
        tokens = tokens.filter(purpose=purpose)
    if device:
        tokens = tokens.filter(device=device)
    for row in tokens.select_related("member"):
        _note(row, What.TOKEN_ENDED, actor, at=at)
    return tokens.update(revoked_at=at)


@transaction.atomic
def revoke_token(actor: Actor, *, member: str, token: int, at: datetime) -> None:
    """End one token of a member. Raises NotFound `token_not_found`."""
    actor.require(Permission.DIRECTORY_TOKEN_ISSUE)
    row = AccessToken.objects.filter(member=member_row(member), pk=token, revoked_at=None).first()
    if row is None or not AccessToken.objects.filter(pk=row.pk, revoked_at=None).update(revoked_at=at):
        raise NotFound("token_not_found")
    _note(row, What.TOKEN_ENDED, actor, at=at)


def resolve_token(text: str, *, at: datetime, to_send: bool = False) -> Actor:
    """The actor who holds this token. Raises NotAllowed `token_unknown` for any that is not good now.

    With `to_send` it is asked for somebody who only brings something, and is told nothing: the token of a device whose
    key was revoked is good for that alone, else it raises NotAllowed `device_revoked`.

    It runs before every call of a phone, so it is one read; the time of use is written at most once an hour.
    """
    form = _FORM.fullmatch(text)
    if form is None:
        raise NotAllowed("token_unknown")
    with scope.within(form[1]):
        used_before = connection.ops.adapt_datetimefield_value(at - _NOTED_EVERY)
        now = connection.ops.adapt_datetimefield_value(at)
        found = rows.ask(_HOLDER, [used_before, scope.current(), digest(text), now])
        if not found:
            raise NotAllowed("token_unknown")
        token, to_note, only_sends, ref, _ = found[0]
        if to_note:
            AccessToken.objects.filter(pk=token).update(last_used_at=at)
    if only_sends and not to_send:
        raise NotAllowed("device_revoked")
    return Actor(tenant=form[1], member=ref, roles=frozenset(Role(row[4]) for row in found if row[4]))


def _note(row: AccessToken, what: What, actor: Actor, *, at: datetime) -> None:
    """Write it into the book at the door; a device's tokens come and go by themselves."""
    if not row.device:
        sign_ins.note_member(row.member, what, at=at, way=row.purpose, by=actor.member)
