"""A whole list of people, added and changed at once."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction

from tanghulu.apps.directory.actions.members import give_roles, has_administrator, keep_an_administrator
from tanghulu.apps.directory.models import Account, Certificate, Member, MemberRole, OrgUnit
from tanghulu.apps.directory.roster import Path, Plan, Planned, plan_people, unit_paths
from tanghulu.apps.tenancy import scope
from tanghulu.apps.tenancy.models import Tenant
from tanghulu.core.access import Actor, Permission
from tanghulu.core.errors import Conflict
from tanghulu.core.table.roster import Roster

_AT_ONCE = 500


@transaction.atomic
def import_people(actor: Actor, *, roster: Roster, digest: str, at: datetime) -> Plan:
    """Do what the plan of this digest says, all of it or nothing, and return it. Rows with a problem are left out.

    Whoever gets a sign-in name still needs a link to choose a password with. Raises Conflict `import_changed` where
    the list would now do something else than what was looked at, and `last_administrator`.
    """
    actor.require(Permission.DIRECTORY_MEMBER_WRITE)
    # One list after the other: two at once would add the same people. Rows that only refer to the company go on being
    # written meanwhile.
    Tenant.objects.select_for_update(no_key=True).get(pk=scope.current())
    plan = plan_people(actor, roster=roster)
    if plan.digest != digest:
        raise Conflict("import_changed")
    had_administrator = has_administrator()
    units = _units(plan.units)
    _add(plan.added, units, at)
    _change(plan.changed, units, at)
    keep_an_administrator(had=had_administrator)
    return plan


def _units(new: Sequence[Path]) -> dict[Path, int]:
    known = unit_paths()
    for path in new:  # those above come first
        known[path] = OrgUnit.objects.create(name=path[-1], parent_id=known.get(path[:-1])).pk
    return known


def _accounts(people: Iterable[Planned], at: datetime) -> dict[str, Account]:
    """An account for each of these sign-in names; no password opens it."""
    names = [one.listed.username for one in people if one.listed.username]
    rows = [Account(username=name, created_at=at, password=make_password(None)) for name in names]
    return {row.username: row for row in Account.objects.bulk_create(rows, batch_size=_AT_ONCE)}


def _add(people: Sequence[Planned], units: dict[Path, int], at: datetime) -> None:
    accounts = _accounts(people, at)
    rows = [
        Member(
            account=accounts.get(one.listed.username),
            ref=secrets.token_hex(16),
            name=one.listed.name,
            number=one.listed.number,
            unit_id=units[one.unit] if one.unit else None,
            added_at=at,
        )
        for one in people
    ]
    rows = Member.objects.bulk_create(rows, batch_size=_AT_ONCE)
    pairs = list(zip(rows, people, strict=True))
    roles = [MemberRole(member=row, role=role) for row, one in pairs for role in one.listed.roles]
    MemberRole.objects.bulk_create(roles, batch_size=_AT_ONCE)
    _certify(pairs)


def _change(people: Sequence[Planned], units: dict[Path, int], at: datetime) -> None:
    known = {row.ref: row for row in Member.objects.exclude(number="").select_related("account")}
    pairs = [(known[one.ref], one) for one in people]
    accounts = _accounts((one for row, one in pairs if row.account is None), at)
    for row, one in pairs:
        row.name = one.listed.name or row.name
        row.unit_id = units[one.unit] if one.unit else row.unit_id
        row.account = row.account or accounts.get(one.listed.username)
    Member.objects.bulk_update([row for row, _ in pairs], ["name", "unit", "account"], batch_size=_AT_ONCE)
    for row, one in pairs:
        if one.listed.roles:
            give_roles(row, one.listed.roles)
    _certify(pairs)


def _certify(pairs: Sequence[tuple[Member, Planned]]) -> None:
    known = {(card.member_id, card.kind, card.number): card for card in Certificate.objects.all()}
    new, renewed = [], []
    for row, one in pairs:
        for licence in one.listed.licences:
            card = known.get((row.pk, licence.kind, licence.number))
            if card is None:
                new.append(
                    Certificate(member=row, kind=licence.kind, number=licence.number, valid_until=licence.valid_until)
                )
            elif card.valid_until != licence.valid_until:
                card.valid_until = licence.valid_until
                renewed.append(card)
    Certificate.objects.bulk_create(new, batch_size=_AT_ONCE)
    Certificate.objects.bulk_update(renewed, ["valid_until"], batch_size=_AT_ONCE)
