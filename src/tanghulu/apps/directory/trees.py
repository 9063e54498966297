"""Org units and places, each below the one that it is in."""

from __future__ import annotations

from dataclasses import dataclass

from tanghulu.apps.directory.models import OrgUnit, Place


@dataclass(frozen=True, slots=True)
class TreeRow:
    """An org unit or a place. `depth` counts from 0 at the top; `path` has the names from the top down."""

    id: int
    name: str
    depth: int
    path: tuple[str, ...]


def units() -> list[TreeRow]:
    """The org units of the company, from the top down, those beside each other by name."""
    return _tree(list(OrgUnit.objects.order_by("name", "pk").values_list("pk", "name", "parent_id")))


def places() -> list[TreeRow]:
    """The places of the company, as the units."""
    return _tree(list(Place.objects.order_by("name", "pk").values_list("pk", "name", "parent_id")))


def _tree(rows: list[tuple[int, str, int | None]]) -> list[TreeRow]:
    below: dict[int | None, list[tuple[int, str]]] = {}
    for pk, name, parent in rows:
        below.setdefault(parent, []).append((pk, name))
    ordered: list[TreeRow] = []
    waiting: list[tuple[int, str, tuple[str, ...]]] = [(pk, name, ()) for pk, name in reversed(below.get(None, []))]
    while waiting:
        pk, name, above = waiting.pop()
        path = (*above, name)
        ordered.append(TreeRow(id=pk, name=name, depth=len(above), path=path))
        waiting.extend((child, title, path) for child, title in reversed(below.get(pk, [])))
    return ordered
