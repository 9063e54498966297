"""Long lists are looked at page by page, each time where the last time ended: rows that stay keep no others waiting."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model, QuerySet

from tanghulu.apps.tenancy import scope

_Row = TypeVar("_Row", bound=Model)


class Rotation:
    """Where a duty goes on the next time, for each company; after the last row it begins again."""

    def __init__(self) -> None:
        self._after: dict[str, int] = {}

    def page(self, found: QuerySet[_Row], limit: int) -> list[_Row]:
        """The next rows, at most so many."""
        tenant = scope.current()
        rows = list(found.filter(pk__gt=self._after.get(tenant, 0)).order_by("pk")[:limit])
        self._after[tenant] = rows[-1].pk if len(rows) == limit else 0
        return rows
