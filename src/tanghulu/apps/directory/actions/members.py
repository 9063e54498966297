"""People: added, changed, given roles."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from tanghulu.apps.directory.fields import filled, optional
from tanghulu.apps.directory.models import Account, Member, MemberRole, OrgUnit
from tanghulu.core.access import Actor, Permission, Role
from tanghulu.core.errors import Conflict, Invalid, NotFound


@transaction.atomic
def add_member(
    actor: Actor,
    *,
    name: str,
    roles: Iterable[str],
    at: datetime,
    number: str = "",
    unit: int | None = None,
    username: str = "",
    email: str = "",
    password: str = "",
    language: str = "",
) -> str:
    """Add a person to the company and return their ref; with `username` and `password` they can also sign in.

    An account that already exists is joined by the operator only, since it may belong to a person elsewhere.
    Raises Invalid, NotFound `unit_not_found`, Conflict `member_number_taken`, `account_username_taken`,
    `account_email_taken`.
    """
    actor.require(Permission.DIRECTORY_MEMBER_WRITE)
    wanted = wanted_roles(roles)
    number = _free_number(number, besides=None)
    account = _account(actor, username, email, password, language, at) if username.strip() else None
    member = Member.objects.create(
        account=account,
        ref=secrets.token_hex(16),
        name=filled(name, field="name", limit=100),
        number=number,
        unit=_unit(unit),
        language=language,
        added_at=at,
    )
    MemberRole.objects.bulk_create(MemberRole(member=member, role=role) for role in wanted)
    return member.ref


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody to be added."""

    name: str
    number: str
    roles: tuple[str, ...]
    username: str


@transaction.atomic
def add_members(actor: Actor, *, people: Sequence[NewPerson], at: datetime) -> list[str]:
    """Add several people, all or none; their refs. Raises as `add_member` does."""
    actor.require(Permission.DIRECTORY_MEMBER_WRITE)
    return [
        add_member(actor, name=one.name, number=one.number, roles=one.roles, username=one.username, at=at)
        for one in people
    ]


@transaction.atomic
def change_member(
    actor: Actor, *, member: str, name: str, number: str, unit: int | None, active: bool, language: str = ""
) -> None:
    """Change what is known of a person. Somebody who is not active can no longer sign in or act.

    Raises as `add_member` does, and Conflict `last_administrator`.
    """
    actor.require(Permission.DIRECTORY_MEMBER_WRITE)
    row, had_administrator = member_row(member), has_administrator()
    row.name = filled(name, field="name", limit=100)
    row.number = _free_number(number, besides=row)
    row.unit = _unit(unit)
    row.language = language
    row.active = active
    row.save()
    keep_an_administrator(had=had_administrator)


@transaction.atomic
def change_roles(actor: Actor, *, member: str, roles: Iterable[str]) -> None:
    """Give a person exactly these roles. Raises Invalid `role_unknown`, Conflict `last_administrator`."""
    actor.require(Permission.DIRECTORY_MEMBER_WRITE)
    wanted = wanted_roles(roles)
    row, had_administrator = member_row(member), has_administrator()
    give_roles(row, wanted)
    keep_an_administrator(had=had_administrator)


def give_roles(row: Member, wanted: Iterable[str]) -> None:
    """Leave a person with exactly these roles, for another action."""
    row.member_roles.exclude(role__in=wanted).delete()
    held = set(row.member_roles.values_list("role", flat=True))
    MemberRole.objects.bulk_create(MemberRole(member=row, role=role) for role in wanted if role not in held)


def member_row(ref: str) -> Member:
    """The member's row for another action. Raises NotFound `member_not_found`."""
    row = Member.objects.select_related("account").filter(ref=ref).first()
    if row is None:
        raise NotFound("member_not_found")
    return row


def wanted_roles(roles: Iterable[str]) -> list[str]:
    """The roles, sorted, each once. Raises Invalid `role_unknown`."""
    wanted = sorted(set(roles))
    for role in wanted:
        if role not in set(Role):
            raise Invalid("role_unknown", role=role)
    return wanted


def hashed(password: str, account: Account) -> str:
    """The password as it is stored; empty gives one that opens nothing. Raises Invalid `password_weak`."""
    if not password:
        return make_password(None)  # the account exists, and no password opens it
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise Invalid("password_weak", reason=" ".join(error.messages)) from error
    return make_password(password)


def _free_number(number: str, *, besides: Member | None) -> str:
    text = optional(number, field="number", limit=40)
    others = Member.objects.filter(number=text)
    if besides is not None:
        others = others.exclude(pk=besides.pk)
    if text and others.exists():
        raise Conflict("member_number_taken", number=text)
    return text


def _unit(unit: int | None) -> OrgUnit | None:
    if unit is None:
        return None
    row = OrgUnit.objects.filter(pk=unit).first()
    if row is None:
        raise NotFound("unit_not_found")
    return row


def _account(actor: Actor, username: str, email: str, password: str, language: str, at: datetime) -> Account:
    username = filled(username, field="username", limit=150)
    email = optional(email, field="email", limit=254).lower()
    existing = Account.objects.filter(username__iexact=username).first()
    if existing is not None:
        if not actor.is_operator:
            raise Conflict("account_username_taken", username=username)
        return existing
    if email and Account.objects.filter(email=email).exists():
        raise Conflict("account_email_taken")
    account = Account(username=username, email=email, language=language, created_at=at)
    account.password = hashed(password, account)
    try:
        account.clean_fields()
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise Invalid("text_malformed", field=field, reason=" ".join(messages)) from error
    account.save()
    return account


def has_administrator() -> bool:
    """Say whether the company has an active administrator."""
    return MemberRole.objects.filter(role=Role.ADMINISTRATOR, member__active=True).exists()


def keep_an_administrator(*, had: bool) -> None:
    """Raise Conflict `last_administrator` if there was one and is none any more."""
    # A company that had none yet is left alone: the operator is still setting it up.
    if had and not has_administrator():
        raise Conflict("last_administrator")
