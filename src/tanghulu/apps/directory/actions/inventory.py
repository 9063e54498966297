"""A whole list of places and equipment, added and changed at once."""

from __future__ import annotations

import secrets

from django.db import transaction

from tanghulu.apps.directory.inventory import InventoryPlan, place_paths, plan_inventory
from tanghulu.apps.directory.models import Equipment, Place
from tanghulu.apps.tenancy import scope
from tanghulu.apps.tenancy.models import Tenant
from tanghulu.core.access import Actor, Permission
from tanghulu.core.errors import Conflict
from tanghulu.core.table.inventory import Inventory

_AT_ONCE = 500


@transaction.atomic
def import_inventory(actor: Actor, *, inventory: Inventory, digest: str) -> InventoryPlan:
    """Do what the plan of this digest says, all of it or nothing, and return it. Rows with a problem are left out.

    Raises Conflict `import_changed` where the list would now do something else than what was looked at.
    """
    actor.require(Permission.DIRECTORY_EQUIPMENT_WRITE)
    # One list after the other: two at once would add the same things.
    Tenant.objects.select_for_update().get(pk=scope.current())
    plan = plan_inventory(actor, inventory=inventory)
    if plan.digest != digest:
        raise Conflict("import_changed")
    places = place_paths()
    for path in plan.places:  # those around it come first
        places[path] = Place.objects.create(name=path[-1], parent_id=places.get(path[:-1])).pk
    Equipment.objects.bulk_create(
        (
            Equipment(
                ref=secrets.token_hex(16),
                number=one.item.number,
                name=one.item.name,
                kind=one.item.kind,
                place_id=places[one.place] if one.place else None,
            )
            for one in plan.added
        ),
        batch_size=_AT_ONCE,
    )
    known = {row.ref: row for row in Equipment.objects.all()}
    for one in plan.changed:
        row = known[one.ref]
        row.name, row.kind = one.item.name or row.name, one.item.kind or row.kind
        row.place_id = places[one.place] if one.place else row.place_id
    Equipment.objects.bulk_update([known[one.ref] for one in plan.changed], ["name", "kind", "place"], _AT_ONCE)
    return plan
