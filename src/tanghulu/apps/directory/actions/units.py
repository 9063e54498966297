"""The tree of org units: renamed, moved, and the people in them moved."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from tanghulu.apps.directory.fields import filled
from tanghulu.apps.directory.models import Member, OrgUnit
from tanghulu.apps.tenancy import scope
from tanghulu.apps.tenancy.models import Tenant
from tanghulu.core.access import Actor, Permission
from tanghulu.core.errors import Conflict, Invalid, NotFound


@transaction.atomic
def change_unit(actor: Actor, *, unit: int, name: str, parent: int | None) -> None:
    """Rename an org unit, and put it below another, or at the top where `parent` is None.

    Raises NotFound `unit_not_found`, Conflict `name_taken`, Invalid `unit_inside_itself` where the other is below it.
    """
    actor.require(Permission.DIRECTORY_UNIT_WRITE)
    # One change of the tree after the other: two at once could close a circle that neither of them sees.
    Tenant.objects.select_for_update().get(pk=scope.current())
    parents = dict(OrgUnit.objects.values_list("pk", "parent_id"))
    if unit not in parents or (parent is not None and parent not in parents):
        raise NotFound("unit_not_found")
    above = parent
    while above is not None:
        if above == unit:
            raise Invalid("unit_inside_itself", field="parent")
        above = parents[above]
    name = filled(name, field="name", limit=100)
    if OrgUnit.objects.filter(name=name, parent_id=parent).exclude(pk=unit).exists():
        raise Conflict("name_taken", name=name)
    OrgUnit.objects.filter(pk=unit).update(name=name, parent_id=parent)


@transaction.atomic
def move_members(actor: Actor, *, members: Collection[str], unit: int | None) -> int:
    """Put people into an org unit, or into none; return how many were elsewhere.

    All or nobody. Raises NotFound `unit_not_found`, `member_not_found`.
    """
    actor.require(Permission.DIRECTORY_MEMBER_WRITE)
    if unit is not None and not OrgUnit.objects.filter(pk=unit).exists():
        raise NotFound("unit_not_found")
    found = Member.objects.filter(ref__in=set(members))
    if found.count() != len(set(members)):
        raise NotFound("member_not_found")
    rows = [row for row in found if row.unit_id != unit]
    for row in rows:
        row.unit_id = unit
    Member.objects.bulk_update(rows, ["unit"], batch_size=500)
    return len(rows)
