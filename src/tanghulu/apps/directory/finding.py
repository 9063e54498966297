"""People, places and things looked up a few at a time: by their refs, by where they belong, by what they are called."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from tanghulu.apps.directory.models import Equipment, Member, MemberRole, OrgUnit, Place
from tanghulu.core.access import Actor, Permission, roles_that_may


@dataclass(frozen=True, slots=True)
class Thing:
    """A piece of equipment and where it stands."""

    ref: str
    number: str
    name: str
    place: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the company, whether still there or not."""

    ref: str
    name: str
    number: str
    unit: str


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A place."""

    id: int
    name: str


def things(actor: Actor, *, refs: Collection[str]) -> dict[str, Thing]:
    """The equipment with these refs, by ref."""
    actor.require(Permission.DIRECTORY_EQUIPMENT_READ)
    rows = Equipment.objects.filter(ref__in=set(refs)).select_related("place")
    return {row.ref: _thing(row) for row in rows}


def equipment_at(actor: Actor, *, places: Collection[int]) -> list[str]:
    """The refs of what stands at one of these places or at one inside them."""
    actor.require(Permission.DIRECTORY_PLACE_READ)
    if not places:
        return []
    found = _below(places, Place.objects.values_list("pk", "parent_id"))
    return list(Equipment.objects.filter(place__in=found).values_list("ref", flat=True))


def members_of(actor: Actor, *, unit: int) -> list[str]:
    """The refs of everybody in an org unit or in one inside it."""
    actor.require(Permission.DIRECTORY_NAME_READ)
    parents = OrgUnit.objects.values_list("pk", "parent_id")
    return list(Member.objects.filter(unit__in=_below([unit], parents)).values_list("ref", flat=True))


def _below(tops: Iterable[int], parents: Iterable[tuple[int, int | None]]) -> set[int]:
    children: dict[int | None, list[int]] = {}
    for pk, parent in parents:
        children.setdefault(parent, []).append(pk)
    found: set[int] = set()
    waiting = list(tops)
    while waiting:
        here = waiting.pop()
        if here not in found:
            found.add(here)
            waiting.extend(children.get(here, ()))
    return found


def unit_names(actor: Actor) -> list[tuple[int, str]]:
    """Every org unit, for choosing one to look at."""
    actor.require(Permission.DIRECTORY_NAME_READ)
    return list(OrgUnit.objects.order_by("name", "pk").values_list("pk", "name"))


def people_called(actor: Actor, *, word: str, limit: int) -> list[Person]:
    """People whose name or number contains the word, by name."""
    actor.require(Permission.DIRECTORY_NAME_READ)
    found = Member.objects.filter(Q(name__icontains=word) | Q(number__icontains=word)).select_related("unit")
    return [_person(row) for row in found.order_by("name", "pk")[:limit]]


def colleagues_called(actor: Actor, *, word: str, limit: int) -> list[Person]:
    """Active people who may read jobs and whose name or number contains the word, by name."""
    actor.require(Permission.DIRECTORY_NAME_READ)
    found = _readers().filter(Q(name__icontains=word) | Q(number__icontains=word))
    return [_person(row) for row in found.select_related("unit").order_by("name", "pk")[:limit]]


def colleagues_named(actor: Actor, *, names: Collection[str]) -> list[Person]:
    """Active people who may read jobs, with exactly one of these names."""
    actor.require(Permission.DIRECTORY_NAME_READ)
    found = _readers().filter(name__in=sorted(names))
    return [_person(row) for row in found.select_related("unit").order_by("name", "pk")]


def _readers() -> QuerySet[Member]:
    """Active people who may read jobs; nobody else is told what is said about one."""
    roles = [role.value for role in roles_that_may(Permission.JOBS_RUN_READ)]
    return Member.objects.filter(active=True, pk__in=MemberRole.objects.filter(role__in=roles).values("member"))


def _person(row: Member) -> Person:
    return Person(row.ref, row.name, row.number, row.unit.name if row.unit else "")


def equipment_called(actor: Actor, *, word: str, limit: int) -> list[Thing]:
    """Equipment whose name or number contains the word, by number."""
    actor.require(Permission.DIRECTORY_EQUIPMENT_READ)
    found = Equipment.objects.filter(Q(name__icontains=word) | Q(number__icontains=word)).select_related("place")
    return [_thing(row) for row in found.order_by("number", "pk")[:limit]]


def places_called(actor: Actor, *, word: str, limit: int) -> list[PlaceName]:
    """Places whose name contains the word, by name."""
    actor.require(Permission.DIRECTORY_PLACE_READ)
    found = Place.objects.filter(name__icontains=word).order_by("name", "pk")
    return [PlaceName(row.pk, row.name) for row in found[:limit]]


def _thing(row: Equipment) -> Thing:
    return Thing(row.ref, row.number, row.name, row.place.name if row.place else "")
