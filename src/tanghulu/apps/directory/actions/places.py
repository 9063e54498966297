"""Org units, places and equipment."""

from __future__ import annotations

import secrets

from django.db import transaction

from tanghulu.apps.directory.fields import filled
from tanghulu.apps.directory.models import Equipment, OrgUnit, Place
from tanghulu.apps.tenancy import scope
from tanghulu.apps.tenancy.models import Tenant
from tanghulu.core.access import Actor, Permission
from tanghulu.core.errors import Conflict, NotFound


@transaction.atomic
def add_unit(actor: Actor, *, name: str, parent: int | None = None) -> int:
    """Add an org unit, below another where given, and return its id. Raises Conflict `name_taken`."""
    actor.require(Permission.DIRECTORY_UNIT_WRITE)
    name = filled(name, field="name", limit=100)
    if parent is not None and not OrgUnit.objects.filter(pk=parent).exists():
        raise NotFound("unit_not_found")
    if OrgUnit.objects.filter(name=name, parent_id=parent).exists():
        raise Conflict("name_taken", name=name)
    return OrgUnit.objects.create(name=name, parent_id=parent).pk


@transaction.atomic
def add_place(actor: Actor, *, name: str, parent: int | None = None) -> int:
    """Add a place, inside another where given, and return its id. Raises Conflict `name_taken`."""
    actor.require(Permission.DIRECTORY_PLACE_WRITE)
    name = filled(name, field="name", limit=100)
    if parent is not None and not Place.objects.filter(pk=parent).exists():
        raise NotFound("place_not_found")
    if Place.objects.filter(name=name, parent_id=parent).exists():
        raise Conflict("name_taken", name=name)
    return Place.objects.create(name=name, parent_id=parent).pk


@transaction.atomic
def add_equipment_at(actor: Actor, *, place_name: str, number: str, name: str, kind: str) -> str:
    """Add a piece of equipment at a place that is named; the place is added where there is none of this name.

    Returns the ref of the equipment. Raises as `add_equipment` does, and Conflict `place_ambiguous`.
    """
    actor.require(Permission.DIRECTORY_EQUIPMENT_WRITE)
    place_name = filled(place_name, field="place_name", limit=100)
    # One after the other, lists too: two at once would add the same place.
    Tenant.objects.select_for_update().get(pk=scope.current())
    known = list(Place.objects.filter(name=place_name).values_list("pk", flat=True)[:2])
    if len(known) > 1:
        raise Conflict("place_ambiguous", field="place_name", name=place_name)
    place = known[0] if known else add_place(actor, name=place_name)
    return add_equipment(actor, number=number, name=name, kind=kind, place=place)


@transaction.atomic
def add_equipment(actor: Actor, *, number: str, name: str, kind: str, place: int | None = None) -> str:
    """Add a piece of equipment and return its ref, which its QR code carries.

    `number` is what is painted on it ("C3"), `kind` what templates ask for ("conveyor").
    Raises Conflict `equipment_number_taken`, NotFound `place_not_found`.
    """
    actor.require(Permission.DIRECTORY_EQUIPMENT_WRITE)
    number = filled(number, field="number", limit=40)
    if place is not None and not Place.objects.filter(pk=place).exists():
        raise NotFound("place_not_found")
    if Equipment.objects.filter(number=number).exists():
        raise Conflict("equipment_number_taken", number=number)
    row = Equipment.objects.create(
        ref=secrets.token_hex(16),
        number=number,
        name=filled(name, field="name", limit=100),
        kind=filled(kind, field="kind", limit=40),
        place_id=place,
    )
    return row.ref
