"""A list of people in a table: which columns it has, and what each row says of whom.

A person is known by their number, so that a list can be read twice. A person with several certificates stands on
several rows. A cell that is empty says nothing, and changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from tanghulu.core.access import Role
from tanghulu.core.errors import Invalid, Refusal
from tanghulu.core.table.sheet import Row


class Column(StrEnum):
    """What a column of the list can hold, in the order of the file to fill in."""

    NUMBER = "number"
    NAME = "name"
    UNIT = "unit"
    ROLES = "roles"
    USERNAME = "username"
    CERTIFICATE = "certificate"
    CERTIFICATE_NUMBER = "certificate_number"
    VALID_UNTIL = "valid_until"
    PROBLEM = "problem"


LIMITS: Mapping[Column, int] = MappingProxyType(
    {
        Column.NUMBER: 40,
        Column.NAME: 100,
        Column.UNIT: 300,
        Column.USERNAME: 150,
        Column.CERTIFICATE: 40,
        Column.CERTIFICATE_NUMBER: 80,
    }
)
_UNIT_LIMIT = 100
_CERTIFICATE = (Column.CERTIFICATE, Column.CERTIFICATE_NUMBER, Column.VALID_UNTIL)
# How the columns are called in lists that people have; the first English and the first Chinese one is ours.
HEADERS: Mapping[Column, tuple[str, ...]] = MappingProxyType(
    {
        Column.NUMBER: (
            "Number",
            "工号",
            "employee number",
            "staff number",
            "badge number",
            "编号",
            "员工编号",
            "人员编号",
            "員工編號",
            "工號",
            "編號",
        ),
        Column.NAME: ("Name", "姓名", "full name", "名字", "员工姓名"),
        Column.UNIT: (
            "Unit",
            "部门",
            "department",
            "org unit",
            "team",
            "单位",
            "所属部门",
            "班组",
            "部門",
            "單位",
            "班組",
        ),
        Column.ROLES: ("Roles", "角色", "role"),
        Column.USERNAME: (
            "Sign-in name",
            "登录名",
            "username",
            "login",
            "用户名",
            "账号",
            "登入名稱",
            "帳號",
            "使用者名稱",
        ),
        Column.CERTIFICATE: (
            "Certificate",
            "证书",
            "certificate kind",
            "kind of certificate",
            "证书类型",
            "证书种类",
            "證書",
            "證書種類",
        ),
        Column.CERTIFICATE_NUMBER: (
            "Certificate number",
            "证书编号",
            "certificate no.",
            "证书号",
            "证书号码",
            "證書編號",
            "證書號碼",
        ),
        Column.VALID_UNTIL: (
            "Valid until",
            "有效期至",
            "expiry",
            "expiry date",
            "expires",
            "有效期",
            "到期日",
            "到期日期",
        ),
        Column.PROBLEM: ("What to mend", "需要修改"),
    }
)
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?: 00:00(?::00)?)?")
_BETWEEN = re.compile(r"[,，、;；|]")

Words = Mapping[str, str]  # what people write -> the code that it stands for; the keys as `folded` gives them


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in one cell that has to be mended; `line` is the row's number in the file."""

    line: int
    column: Column
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class Licence:
    """A certificate as a row gives it; `valid_until` is its last good day."""

    kind: str
    number: str
    valid_until: date


@dataclass(frozen=True, slots=True)
class Listed:
    """A person as the list gives them; what it says nothing about is empty. `lines` are the rows that say it."""

    lines: tuple[int, ...]
    number: str
    name: str
    unit: tuple[str, ...]
    roles: tuple[Role, ...]
    username: str
    licences: tuple[Licence, ...]


@dataclass(frozen=True, slots=True)
class Roster:
    """A list that has been read. Who has a row with a problem is not among the `people`."""

    columns: tuple[Column | None, ...]
    people: tuple[Listed, ...]
    problems: tuple[Problem, ...]


def folded(text: str) -> str:
    """The text as it is compared with another: neither case, blanks nor signs at its end make a difference."""
    return re.sub(r"[\s_*:：()（）-]+", "", text).casefold()


_BY_HEADER = {folded(header): column for column, headers in HEADERS.items() for header in headers}


def read_roster(rows: Sequence[Row], *, roles: Words, certificates: Words) -> Roster:
    """What the list says. Its first row that is not empty names the columns; columns of other names are not read.

    Raises Invalid `import_column_missing`, `import_column_twice`.
    """
    top = next(index for index, row in enumerate(rows) if row)
    columns = tuple(_BY_HEADER.get(folded(cell)) for cell in rows[top])
    _check(columns)
    reader = _Reader(columns, roles, certificates)
    for line, row in enumerate(rows[top + 1 :], top + 2):
        if row:
            reader.read(line, row)
    return Roster(columns, reader.people(), tuple(reader.problems))


def _check(columns: Sequence[Column | None]) -> None:
    for column in (Column.NUMBER, Column.NAME):
        if column not in columns:
            raise Invalid("import_column_missing", column=column.value)
    for column in Column:
        if columns.count(column) > 1:
            raise Invalid("import_column_twice", column=column.value)


class _Reader:
    """Goes down the rows, and gathers people and problems."""

    def __init__(self, columns: Sequence[Column | None], roles: Words, certificates: Words) -> None:
        self.problems: list[Problem] = []
        self._columns, self._roles, self._certificates = columns, roles, certificates
        self._found: dict[str, Listed] = {}
        self._bad: set[str] = set()

    def read(self, line: int, row: Row) -> None:
        cells = {column: cell for column, cell in zip(self._columns, row, strict=False) if column and cell}
        before = len(self.problems)
        if Column.NUMBER not in cells:
            self._refuse(line, Column.NUMBER, Invalid("import_number_missing"))
            return
        for column, limit in LIMITS.items():
            if len(cells.get(column, "")) > limit:
                self._refuse(line, column, Invalid("import_too_long", limit=limit))
        listed = Listed(
            lines=(line,),
            number=cells[Column.NUMBER],
            name=cells.get(Column.NAME, ""),
            unit=self._unit(line, cells.get(Column.UNIT, "")),
            roles=self._roles_of(line, cells.get(Column.ROLES, "")),
            username=cells.get(Column.USERNAME, ""),
            licences=self._licences(line, cells),
        )
        joined = self._joined(listed)
        if len(self.problems) > before:
            self._bad.add(listed.number)
        self._found[listed.number] = joined

    def people(self) -> tuple[Listed, ...]:
        """Everybody of whom each row is good; the rows of the others that have no problem are told of too."""
        told = {problem.line for problem in self.problems}
        for number in sorted(self._bad):
            for line in self._found[number].lines:
                if line not in told:
                    self._refuse(line, Column.NUMBER, Invalid("import_other_row_bad", number=number))
        self.problems.sort(key=lambda problem: problem.line)
        return tuple(one for number, one in self._found.items() if number not in self._bad)

    def _refuse(self, line: int, column: Column, refusal: Refusal) -> None:
        self.problems.append(Problem(line, column, refusal))

    def _joined(self, new: Listed) -> Listed:
        """The person with what an earlier row said of them; two rows must not say different things."""
        old = self._found.get(new.number)
        if old is None:
            if not new.name:
                self._refuse(new.lines[0], Column.NAME, Invalid("import_name_missing"))
            return new
        for column in (Column.NAME, Column.UNIT, Column.ROLES, Column.USERNAME):
            said, says = getattr(old, column), getattr(new, column)
            if said and says and said != says:
                self._refuse(new.lines[0], column, Invalid("import_rows_differ", line=old.lines[0]))
        return Listed(
            lines=(*old.lines, *new.lines),
            number=old.number,
            name=old.name or new.name,
            unit=old.unit or new.unit,
            roles=old.roles or new.roles,
            username=old.username or new.username,
            licences=self._together(old.licences, new),
        )

    def _together(self, licences: tuple[Licence, ...], new: Listed) -> tuple[Licence, ...]:
        for licence in new.licences:
            if any((one.kind, one.number) == (licence.kind, licence.number) and one != licence for one in licences):
                refusal = Invalid("import_certificate_twice", number=licence.number)
                self._refuse(new.lines[0], Column.CERTIFICATE_NUMBER, refusal)
        return (*licences, *(one for one in new.licences if one not in licences))

    def _unit(self, line: int, text: str) -> tuple[str, ...]:
        path = tuple(" ".join(part.split()) for part in re.split(r"[/／]", text)) if text else ()
        if not all(path):
            self._refuse(line, Column.UNIT, Invalid("import_unit_malformed", unit=text))
        if any(len(part) > _UNIT_LIMIT for part in path):
            self._refuse(line, Column.UNIT, Invalid("import_too_long", limit=_UNIT_LIMIT))
        return path

    def _roles_of(self, line: int, text: str) -> tuple[Role, ...]:
        found = set()
        for word in filter(None, (part.strip() for part in _BETWEEN.split(text))):
            code = self._roles.get(folded(word))
            if code is None:
                self._refuse(line, Column.ROLES, Invalid("role_unknown", role=word))
            else:
                found.add(Role(code))
        return tuple(sorted(found))

    def _licences(self, line: int, cells: Mapping[Column, str]) -> tuple[Licence, ...]:
        given = [column for column in _CERTIFICATE if column in cells]
        if not given:
            return ()
        missing = [column for column in _CERTIFICATE if column not in cells]
        for column in missing:
            self._refuse(line, column, Invalid("import_certificate_incomplete"))
        until = day_of(cells.get(Column.VALID_UNTIL, ""))
        if until is None:
            if Column.VALID_UNTIL not in missing:
                refusal = Invalid("import_day_malformed", text=cells[Column.VALID_UNTIL])
                self._refuse(line, Column.VALID_UNTIL, refusal)
            return ()
        if missing:
            return ()
        kind = cells[Column.CERTIFICATE]
        return (Licence(self._certificates.get(folded(kind), kind), cells[Column.CERTIFICATE_NUMBER], until),)


def day_of(text: str) -> date | None:
    """The day, from 2027-03-31, 2027/3/31, 2027.3.31 or 2027年3月31日; None for what is no such day.

    Days with the year at the end are not read, since nobody can tell whether 3/4 is in March or in April.
    """
    found = _DAY.fullmatch(text)
    if found is None:
        return None
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError:
        return None


def bad_rows(rows: Sequence[Row], reasons: Iterable[tuple[int, str]], *, header: str) -> list[Row]:
    """The rows that are spoken of, under the first one, each with its reasons in a last column of this name."""
    top = next(row for row in rows if row)
    width = max(len(row) for row in rows)
    drop = {index for index, cell in enumerate(top) if _BY_HEADER.get(folded(cell)) is Column.PROBLEM}
    told: dict[int, list[str]] = {}
    for line, reason in reasons:
        told.setdefault(line, []).append(reason)

    def with_last(row: Row, last: str) -> Row:
        cells = (*row, *[""] * (width - len(row)))
        return (*(cell for index, cell in enumerate(cells) if index not in drop), last)

    return [with_last(top, header), *(with_last(rows[line - 1], " ".join(why)) for line, why in sorted(told.items()))]
