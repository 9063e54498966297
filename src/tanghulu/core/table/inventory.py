"""A list of places and equipment in a table: which columns it has, and what each row says of what.

Equipment is known by its number, so that a list can be read twice. A row with a place alone is a place. A cell that is
empty says nothing, and changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from tanghulu.core.errors import Invalid, Refusal
from tanghulu.core.table.roster import Words, folded
from tanghulu.core.table.sheet import Row

Path = tuple[str, ...]  # the names of a place and of those around it, from the outermost in


class Column(StrEnum):
    """What a column of the list can hold, in the order of the file to fill in."""

    NUMBER = "number"
    NAME = "name"
    KIND = "kind"
    PLACE = "place"
    PROBLEM = "problem"


LIMITS: Mapping[Column, int] = MappingProxyType(
    {Column.NUMBER: 40, Column.NAME: 100, Column.KIND: 40, Column.PLACE: 300}
)
_PLACE_LIMIT = 100
# How the columns are called in lists that people have; the first English and the first Chinese one is ours.
HEADERS: Mapping[Column, tuple[str, ...]] = MappingProxyType(
    {
        Column.NUMBER: ("Number", "设备编号", "equipment number", "tag", "tag number", "编号", "位号"),
        Column.NAME: ("Name", "设备名称", "equipment", "equipment name", "名称", "设备"),
        Column.KIND: ("Kind", "设备类别", "type", "category", "类别", "类型", "设备类型"),
        Column.PLACE: ("Place", "地点", "location", "area", "site", "位置", "区域", "安装位置"),
        Column.PROBLEM: ("What to mend", "需要修改"),
    }
)
_BY_HEADER = {folded(header): column for column, headers in HEADERS.items() for header in headers}


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in one cell that has to be mended; `line` is the row's number in the file."""

    line: int
    column: Column
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class Item:
    """What a row says. What it says nothing about is empty; without a number it is a place alone."""

    line: int
    number: str
    name: str
    kind: str
    place: Path


@dataclass(frozen=True, slots=True)
class Inventory:
    """A list that has been read. A row with a problem is not among the `items`."""

    columns: tuple[Column | None, ...]
    items: tuple[Item, ...]
    problems: tuple[Problem, ...]


def read_inventory(rows: Sequence[Row], *, kinds: Words) -> Inventory:
    """What the list says. Its first row that is not empty names the columns; columns of other names are not read.

    `kinds` gives the codes of the words for kinds; another word is a kind of the company's own. Raises Invalid
    `import_column_missing` where there is neither number nor place, `import_column_twice`.
    """
    top = next(index for index, row in enumerate(rows) if row)
    columns = tuple(_BY_HEADER.get(folded(cell)) for cell in rows[top])
    if not {Column.NUMBER, Column.PLACE} & set(columns):
        raise Invalid("import_column_missing", column=Column.NUMBER.value)
    for column in Column:
        if columns.count(column) > 1:
            raise Invalid("import_column_twice", column=column.value)
    items: list[Item] = []
    problems: list[Problem] = []
    lines: dict[str, int] = {}
    for line, row in enumerate(rows[top + 1 :], top + 2):
        cells = {column: cell for column, cell in zip(columns, row, strict=False) if column and cell}
        cells.pop(Column.PROBLEM, None)
        if not cells:
            continue
        found = _problems(line, cells, lines)
        problems += found
        if not found:
            items.append(_item(line, cells, kinds))
    return Inventory(columns, tuple(items), tuple(problems))


def _item(line: int, cells: Mapping[Column, str], kinds: Words) -> Item:
    kind = cells.get(Column.KIND, "")
    return Item(
        line=line,
        number=cells.get(Column.NUMBER, ""),
        name=cells.get(Column.NAME, ""),
        kind=kinds.get(folded(kind), kind),
        place=path_of(cells.get(Column.PLACE, "")),
    )


def path_of(text: str) -> Path:
    """A place as it is written, `Gallery / Station 1`, from the outermost in."""
    return tuple(" ".join(part.split()) for part in re.split(r"[/／]", text)) if text else ()


def _problems(line: int, cells: Mapping[Column, str], lines: dict[str, int]) -> list[Problem]:
    """What is wrong in a row; `lines` remembers where each number stood."""
    found = [
        Problem(line, column, Invalid("import_too_long", limit=limit))
        for column, limit in LIMITS.items()
        if len(cells.get(column, "")) > limit
    ]
    number, place = cells.get(Column.NUMBER, ""), path_of(cells.get(Column.PLACE, ""))
    if not number and (Column.NAME in cells or Column.KIND in cells):
        found.append(Problem(line, Column.NUMBER, Invalid("import_equipment_number_missing")))
    if number and lines.setdefault(number, line) != line:
        found.append(Problem(line, Column.NUMBER, Invalid("import_equipment_twice", number=number, line=lines[number])))
    if not all(place):
        found.append(Problem(line, Column.PLACE, Invalid("import_place_malformed", place=cells[Column.PLACE])))
    elif any(len(part) > _PLACE_LIMIT for part in place):
        found.append(Problem(line, Column.PLACE, Invalid("import_too_long", limit=_PLACE_LIMIT)))
    return found
