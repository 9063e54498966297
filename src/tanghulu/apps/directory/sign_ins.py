"""What happens at the door: who came in, who was refused, who changed how they come in. Apart from the evidence log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Q

from tanghulu.apps.directory.models import Account, Member, SignInRecord
from tanghulu.apps.tenancy import scope
from tanghulu.core.access import Actor, Permission

PAGE = 50


class What(StrEnum):
    """What happened. Add, never rename."""

    SIGNED_IN = "signed_in"
    REFUSED = "refused"
    SIGNED_OUT = "signed_out"
    SESSION_ENDED = "session_ended"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - the name of what happened, not a secret
    LINK_MADE = "link_made"
    FACTOR_ADDED = "factor_added"
    FACTOR_REMOVED = "factor_removed"
    FACTOR_RESET = "factor_reset"
    IDENTITY_LINKED = "identity_linked"
    IDENTITY_REMOVED = "identity_removed"
    RULE_CHANGED = "rule_changed"
    TOKEN_ISSUED = "token_issued"  # noqa: S105 - the name of what happened, not a secret
    TOKEN_ENDED = "token_ended"  # noqa: S105 - the name of what happened, not a secret


@dataclass(frozen=True, slots=True)
class Origin:
    """From where a request came: the network address, and what the browser says that it is."""

    address: str = ""
    agent: str = ""


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One line of the book at the door. `by` is the name of another person who did it, or empty."""

    id: int
    at: datetime
    name: str
    ref: str
    what: What
    way: str
    reason: str
    address: str
    agent: str
    by: str


@dataclass(frozen=True, slots=True)
class RecordPage:
    """Some lines, the newest first; `before` asks for the next ones, None where there are none."""

    rows: tuple[RecordRow, ...]
    before: int | None


def account_named(login: str) -> int | None:
    """The account that somebody means with a sign-in name or an e-mail address, or None."""
    wanted = login.strip()
    named = Account.objects.filter(Q(username__iexact=wanted) | (Q(email__iexact=wanted) & ~Q(email="")))
    return named.values_list("pk", flat=True).first()


def account_with_email(email: str) -> int | None:
    """The account with this e-mail address, or None."""
    found = Account.objects.filter(email__iexact=email.strip()).exclude(email="")
    return found.values_list("pk", flat=True).first()


def note(account: int | None, what: What, *, origin: Origin, at: datetime, way: str = "", reason: str = "") -> None:
    """Write it down in each company in which the account is a member. What nobody is known for is not kept."""
    if account is None:
        return
    with scope.across_tenants():
        members = list(Member.everywhere.filter(account_id=account, active=True))
    for member in members:
        with scope.within(member.tenant_id):
            note_member(member, what, origin=origin, at=at, way=way, reason=reason)


def note_member(
    member: Member, what: What, *, at: datetime, origin: Origin | None = None, way: str = "", reason: str = "",
    by: str = "",
) -> None:  # fmt: skip
    """Write it down in the present company."""
    origin = origin or Origin()
    SignInRecord.objects.create(
        member=member,
        at=at,
        what=what,
        way=way[:80],
        reason=reason[:40],
        address=origin.address[:64],
        agent=origin.agent[:200],
        by=by,
    )


def records(
    actor: Actor, *, search: str = "", what: str = "", before: int | None = None, limit: int = PAGE
) -> RecordPage:
    """The book at the door, newest first; `search` looks in names and numbers, `before` is the `before` of a page."""
    actor.require(Permission.DIRECTORY_SIGNIN_READ)
    found = SignInRecord.objects.select_related("member").order_by("-id")
    if search.strip():
        found = found.filter(Q(member__name__icontains=search.strip()) | Q(member__number__icontains=search.strip()))
    if what:
        found = found.filter(what=what)
    if before is not None:
        found = found.filter(id__lt=before)
    rows = list(found[: limit + 1])
    names = dict(Member.objects.filter(ref__in={row.by for row in rows} - {""}).values_list("ref", "name"))
    shown = rows[:limit]
    return RecordPage(rows=tuple(_row(row, names) for row in shown), before=shown[-1].pk if len(rows) > limit else None)


def _row(row: SignInRecord, names: dict[str, str]) -> RecordRow:
    return RecordRow(
        id=row.pk,
        at=row.at,
        name=row.member.name,
        ref=row.member.ref,
        what=What(row.what),
        way=row.way,
        reason=row.reason,
        address=row.address,
        agent=row.agent,
        by=names.get(row.by, ""),
    )
