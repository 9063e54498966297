"""One-time links with which people choose their own password: nobody types one for somebody else."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from tanghulu.apps.directory import sessions, sign_ins
from tanghulu.apps.directory.actions.members import hashed, member_row
from tanghulu.apps.directory.models import Account, Member, PasswordLink
from tanghulu.apps.directory.one_way import digest
from tanghulu.apps.directory.sign_ins import Origin, What
from tanghulu.apps.tenancy import queries as companies
from tanghulu.apps.tenancy import scope
from tanghulu.core.access import Actor, Permission
from tanghulu.core.errors import Conflict, Invalid, NotFound

LIVES = timedelta(days=3)

# The tenant stands in the code, so that a link is looked up inside its tenant and nowhere else.
_FORM = re.compile(r"tgl_([a-z][a-z0-9-]{1,39})_[A-Za-z0-9_-]{32}")


@dataclass(frozen=True, slots=True)
class Link:
    """A link as it is shown, this once: the code in its address, and until when it is good."""

    code: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Invited:
    """Whom a link is for."""

    name: str
    company: str
    username: str


@transaction.atomic
def make_link(actor: Actor, *, member: str, at: datetime) -> Link:
    """Make the link of a person; an earlier one that was not used stops working.

    Raises NotFound `member_not_found`, `account_not_found`, Conflict `account_shared`.
    """
    actor.require(Permission.DIRECTORY_MEMBER_WRITE)
    row = member_row(member)
    account_of(actor, row)
    PasswordLink.objects.filter(member=row, used_at=None).delete()
    code = f"tgl_{scope.current()}_{secrets.token_urlsafe(24)}"
    expires_at = at + LIVES
    PasswordLink.objects.create(
        member=row, sha256=digest(code), made_by=actor.member, made_at=at, expires_at=expires_at
    )
    sign_ins.note_member(row, What.LINK_MADE, at=at, by=actor.member)
    return Link(code=code, expires_at=expires_at)


def read_link(code: str, *, at: datetime) -> Invited:
    """Say whom a link is for; it is not used up. Raises NotFound `link_unknown`."""
    with scope.within(_tenant_of(code)):
        row = _row(code, at)
        assert row.member.account is not None  # noqa: S101 - _row looks
        return Invited(row.member.name, row.tenant.name, row.member.account.username)


def use_link(code: str, *, password: str, origin: Origin, at: datetime) -> str:
    """Set the person's password, end their sessions, and return their sign-in name; the link is used up.

    Raises NotFound `link_unknown`, Invalid `password_weak`.
    """
    with scope.within(_tenant_of(code)), transaction.atomic():
        row = _row(code, at, lock=True)
        account = row.member.account
        assert account is not None  # noqa: S101 - _row looks
        if not password:
            raise Invalid("text_missing", field="password")
        account.password = hashed(password, account)
        account.save(update_fields=["password"])
        row.used_at = at
        row.save(update_fields=["used_at"])
        sessions.end_sessions(account.pk)
        sign_ins.note_member(row.member, What.PASSWORD_CHANGED, at=at, origin=origin, way="link")
        return account.username


def account_of(actor: Actor, row: Member) -> Account:
    """The account of a member, which this actor may open or close.

    Raises NotFound `account_not_found`, and Conflict `account_shared` where the person belongs to another company too:
    an administrator here would open the door of that company as well. The operator may.
    """
    if row.account is None:
        raise NotFound("account_not_found")
    with scope.across_tenants():
        elsewhere = Member.everywhere.filter(account=row.account).exclude(tenant_id=row.tenant_id).exists()
    if elsewhere and not actor.is_operator:
        raise Conflict("account_shared")
    return row.account


def _tenant_of(code: str) -> str:
    form = _FORM.fullmatch(code)
    if form is None or not companies.exists(form[1]):
        raise NotFound("link_unknown")
    return form[1]


def _row(code: str, at: datetime, *, lock: bool = False) -> PasswordLink:
    found = PasswordLink.objects.select_related("member__account", "tenant").filter(
        sha256=digest(code), used_at=None, expires_at__gt=at, member__active=True, member__account__is_active=True
    )
    row = (found.select_for_update(of=("self",)) if lock else found).first()
    if row is None:
        raise NotFound("link_unknown")
    return row
