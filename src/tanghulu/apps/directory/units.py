"""Org units looked up with the people in them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count

from tanghulu.apps.directory.models import Member, OrgUnit
from tanghulu.apps.directory.queries import MemberRow
from tanghulu.core.access import Actor, Permission
from tanghulu.core.errors import NotFound


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One org unit."""

    id: int
    name: str
    parent: int | None


def unit(actor: Actor, *, unit: int) -> UnitRow:
    """One org unit. Raises NotFound `unit_not_found`."""
    actor.require(Permission.DIRECTORY_UNIT_READ)
    row = OrgUnit.objects.filter(pk=unit).first()
    if row is None:
        raise NotFound("unit_not_found")
    return UnitRow(row.pk, row.name, row.parent_id)


def sizes(actor: Actor) -> dict[int | None, int]:
    """How many active people are in each unit itself, and under None in no unit."""
    actor.require(Permission.DIRECTORY_UNIT_READ)
    found = Member.objects.filter(active=True).order_by().values_list("unit_id").annotate(Count("pk"))
    return dict(found)


def people(actor: Actor, *, unit: int | None) -> list[MemberRow]:
    """The active people in the unit itself, or in none, by name."""
    actor.require(Permission.DIRECTORY_MEMBER_READ)
    found = Member.objects.filter(active=True, unit_id=unit).select_related("unit", "account")
    return [MemberRow.of(row) for row in found.prefetch_related("member_roles", "certificates").order_by("name", "pk")]
