"""A list of places and equipment in words: what it would add and change, and what has to be mended in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tanghulu.apps.directory.inventory import Change, InventoryPlan, Planned
from tanghulu.core.table.inventory import Column, Inventory, Problem, read_inventory
from tanghulu.core.table.roster import folded
from tanghulu.core.table.sheet import Row, blank_book
from tanghulu.web.components.roster import PersonLine, ProblemLine
from tanghulu.web.errors import sentence_of
from tanghulu.web.words import EQUIPMENT

SHOWN = 50  # how many of a kind, and problems, stand on the page

COLUMNS: Mapping[Column, str | Promise] = {
    Column.NUMBER: pgettext_lazy("column of a list of equipment", "Number"),
    Column.NAME: pgettext_lazy("column of a list of equipment", "Name"),
    Column.KIND: pgettext_lazy("column of a list of equipment", "Kind"),
    Column.PLACE: pgettext_lazy("column of a list of equipment", "Place"),
    Column.PROBLEM: pgettext_lazy("column of a list of people", "What to mend"),
}
MEANINGS: Mapping[Column, str | Promise] = {
    Column.NUMBER: gettext_lazy(
        "As painted on it; it is recognised by it in the next list. Without one the row is a place."
    ),
    Column.NAME: gettext_lazy("Needed for new equipment."),
    Column.KIND: gettext_lazy("Needed for new equipment. Such as: %(words)s. Processes ask for it."),
    Column.PLACE: gettext_lazy("A place inside another with both names: Gallery / Station 1. A new one is added."),
}


def read(rows: list[Row]) -> Inventory:
    """The list; words for kinds may be in any language of ours. Raises as `read_inventory` does."""
    kinds = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            kinds.update({folded(str(word)): code for code, word in EQUIPMENT.items()})
    return read_inventory(rows, kinds=kinds | {folded(code): code for code in EQUIPMENT})


def unread(rows: list[Row], inventory: Inventory) -> list[str]:
    """The names of the columns that are not read."""
    top = next(row for row in rows if row)
    return [name for name, column in zip(top, inventory.columns, strict=True) if column is None and name]


def lines(planned: Iterable[Planned]) -> list[PersonLine]:
    """The first of the equipment in words."""
    return [PersonLine(one.item.name, one.item.number, tuple(map(_fact, _told(one)))) for one in list(planned)[:SHOWN]]


def problems(plan: InventoryPlan) -> list[ProblemLine]:
    """The first of the problems in words."""
    return [ProblemLine(one.line, str(COLUMNS[one.column]), sentence_of(one.refusal)) for one in plan.problems[:SHOWN]]


def reasons(found: Iterable[Problem]) -> list[tuple[int, str]]:
    """Row and reason, for the file of the rows to mend."""
    return [(one.line, f"{COLUMNS[one.column]}: {sentence_of(one.refusal)}") for one in found]


def blank() -> bytes:
    """The file to fill in, in the reader's language, with a sheet that says what belongs where."""
    help_rows = guide()
    sheets: list[tuple[str, list[Row], float]] = [
        (_("Equipment"), [tuple(column for column, _meant in help_rows)], 22.0),
        (_("How to fill in"), [(_("Column"), _("What to write")), *help_rows], 40.0),
    ]
    return blank_book(sheets, typed_rows=1000)


def guide() -> list[tuple[str, str]]:
    """The columns, each with what belongs in it."""
    words = _(", ").join(str(word) for word in EQUIPMENT.values())
    return [(str(COLUMNS[column]), str(meaning) % {"words": words}) for column, meaning in MEANINGS.items()]


def _told(one: Planned) -> list[Change]:
    """What is said: of something new the name stands there already."""
    return [change for change in one.changes if one.ref or change.column is not Column.NAME]


def _fact(change: Change) -> str:
    values = {
        "column": str(COLUMNS[change.column]),
        "before": _value(change.column, change.before),
        "after": _value(change.column, change.after),
    }
    if not any(change.before):
        return _("%(column)s: %(after)s") % values
    return _("%(column)s: %(after)s, until now %(before)s") % values


def _value(column: Column, value: tuple[str, ...]) -> str:
    if column is Column.KIND:
        return _(", ").join(str(EQUIPMENT.get(kind, kind)) for kind in value)
    return " / ".join(value)
