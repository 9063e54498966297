"""What a list of places and equipment would add and change, found out before anything is written."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from tanghulu.apps.directory.models import Equipment, Place
from tanghulu.core.access import Actor, Permission
from tanghulu.core.errors import Conflict, Invalid
from tanghulu.core.table.inventory import Column, Inventory, Item, Path, Problem


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that would be different; a place is its names from the outermost in."""

    column: Column
    before: Path
    after: Path


@dataclass(frozen=True, slots=True)
class Planned:
    """A piece of equipment with what would change; `ref` is empty for a new one, `place` is in full."""

    ref: str
    item: Item
    place: Path
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class InventoryPlan:
    """Everything that the list would do. `same` counts the equipment of which it says nothing new.

    `digest` is that of all of it: as long as it is the same, what was looked at is what would be done.
    """

    added: tuple[Planned, ...]
    changed: tuple[Planned, ...]
    same: int
    places: tuple[Path, ...]
    problems: tuple[Problem, ...]
    digest: str


def plan_inventory(actor: Actor, *, inventory: Inventory) -> InventoryPlan:
    """What the list would add and change, and what is wrong in it. Nothing is written."""
    actor.require(Permission.DIRECTORY_EQUIPMENT_WRITE)
    actor.require(Permission.DIRECTORY_PLACE_WRITE)
    return _Planner(inventory).plan()


def place_paths() -> dict[Path, int]:
    """The places of the company: names from the outermost in to id."""
    rows = {pk: (name, parent) for pk, name, parent in Place.objects.values_list("pk", "name", "parent_id")}

    def path(pk: int | None) -> Path:
        names: list[str] = []
        while pk is not None:
            name, pk = rows[pk]
            names.insert(0, name)
        return tuple(names)

    return {path(pk): pk for pk in rows}


class _Planner:
    def __init__(self, inventory: Inventory) -> None:
        self._items = inventory.items
        self._problems = list(inventory.problems)
        self._places = place_paths()
        self._paths = {pk: path for path, pk in self._places.items()}
        self._known = {row.number: row for row in Equipment.objects.all()}

    def plan(self) -> InventoryPlan:
        """Go through every row."""
        planned: list[Planned] = []
        wanted: list[Path] = []
        for item in self._items:
            before = len(self._problems)
            place = self._place(item)
            one = self._planned(item, place)
            if len(self._problems) > before:
                continue
            wanted.append(place)
            if item.number:
                planned.append(one)
        added = tuple(one for one in planned if not one.ref)
        changed = tuple(one for one in planned if one.ref and one.changes)
        places = self._new_places(wanted)
        problems = tuple(sorted(self._problems, key=lambda problem: problem.line))
        told = [(problem.line, problem.column, problem.refusal.code) for problem in problems]
        digest = hashlib.sha256(repr((added, changed, places, told)).encode()).hexdigest()
        return InventoryPlan(added, changed, len(planned) - len(added) - len(changed), places, problems, digest)

    def _planned(self, item: Item, place: Path) -> Planned:
        row = self._known.get(item.number)
        if row is None and item.number:
            for column, value, code in (
                (Column.NAME, item.name, "import_equipment_name_missing"),
                (Column.KIND, item.kind, "import_equipment_kind_missing"),
            ):
                if not value:
                    self._problems.append(Problem(item.line, column, Invalid(code)))
        return Planned(row.ref if row else "", item, place, tuple(self._changes(item, place, row)))

    def _changes(self, item: Item, place: Path, row: Equipment | None) -> Iterable[Change]:
        at = self._paths[row.place_id] if row and row.place_id is not None else ()
        for column, before, after in (
            (Column.NAME, (row.name,) if row else (), (item.name,)),
            (Column.KIND, (row.kind,) if row else (), (item.kind,)),
            (Column.PLACE, at, place),
        ):
            if any(after) and after != before:
                yield Change(column, before, after)

    def _place(self, item: Item) -> Path:
        """The place in full: a name alone may stand for one that is somewhere inside others."""
        if not item.place or item.place in self._places or len(item.place) > 1:
            return item.place
        inside = [path for path in self._places if path[-1:] == item.place]
        if len(inside) > 1:
            refusal = Conflict("import_place_ambiguous", place=" / ".join(inside[0]))
            self._problems.append(Problem(item.line, Column.PLACE, refusal))
        return inside[0] if inside else item.place

    def _new_places(self, paths: Iterable[Path]) -> tuple[Path, ...]:
        wanted = {path[:length] for path in paths for length in range(1, len(path) + 1)}
        return tuple(sorted(wanted - set(self._places), key=lambda path: (len(path), path)))
