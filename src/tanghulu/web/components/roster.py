"""A list of people in words: what it would add and change, and what has to be mended in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tanghulu.apps.directory.roster import Change, Plan, Planned
from tanghulu.core.access import Role
from tanghulu.core.table.roster import Column, Problem, Roster, folded, read_roster
from tanghulu.core.table.sheet import Row, blank_book
from tanghulu.web.errors import sentence_of
from tanghulu.web.times import told
from tanghulu.web.words import CERTIFICATES, ROLES

SHOWN = 50  # how many people of a kind, and problems, stand on the page

COLUMNS: Mapping[Column, str | Promise] = {
    Column.NUMBER: pgettext_lazy("column of a list of people", "Number"),
    Column.NAME: pgettext_lazy("column of a list of people", "Name"),
    Column.UNIT: pgettext_lazy("column of a list of people", "Unit"),
    Column.ROLES: pgettext_lazy("column of a list of people", "Roles"),
    Column.USERNAME: pgettext_lazy("column of a list of people", "Sign-in name"),
    Column.CERTIFICATE: pgettext_lazy("column of a list of people", "Certificate"),
    Column.CERTIFICATE_NUMBER: pgettext_lazy("column of a list of people", "Certificate number"),
    Column.VALID_UNTIL: pgettext_lazy("column of a list of people", "Valid until"),
    Column.PROBLEM: pgettext_lazy("column of a list of people", "What to mend"),
}
MEANINGS: Mapping[Column, str | Promise] = {
    Column.NUMBER: gettext_lazy("Needed. As on the badge; the person is recognised by it in the next list."),
    Column.NAME: gettext_lazy("Needed."),
    Column.UNIT: gettext_lazy("A unit below another with both names: Operations / Shift A. A new one is added."),
    Column.ROLES: gettext_lazy("One or more, with commas between them: %(words)s."),
    Column.USERNAME: gettext_lazy(
        "Only for somebody who signs in. Make a sign-in link on the person's page afterwards."
    ),
    Column.CERTIFICATE: gettext_lazy("Such as: %(words)s. For a second certificate repeat the person on a new row."),
    Column.CERTIFICATE_NUMBER: gettext_lazy("Needed with a certificate."),
    Column.VALID_UNTIL: gettext_lazy("Needed with a certificate: its last good day, as 2027-03-31."),
}


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person, with what would be entered or changed, one sentence each."""

    name: str
    number: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProblemLine:
    """One thing to mend, and where it is."""

    line: int
    column: str
    sentence: str


def read(rows: list[Row]) -> Roster:
    """The list; words for roles and certificates may be in any language of ours. Raises as `read_roster` does."""
    return read_roster(rows, roles=_codes(ROLES), certificates=_codes(CERTIFICATES))


def unread(rows: list[Row], roster: Roster) -> list[str]:
    """The names of the columns that are not read."""
    top = next(row for row in rows if row)
    return [name for name, column in zip(top, roster.columns, strict=True) if column is None and name]


def lines(people: Iterable[Planned]) -> list[PersonLine]:
    """The first of these people in words."""
    return [
        PersonLine(one.listed.name, one.listed.number, tuple(map(_fact, _told(one)))) for one in list(people)[:SHOWN]
    ]


def problems(plan: Plan) -> list[ProblemLine]:
    """The first of the problems in words."""
    return [ProblemLine(one.line, str(COLUMNS[one.column]), sentence_of(one.refusal)) for one in plan.problems[:SHOWN]]


def reasons(found: Iterable[Problem]) -> list[tuple[int, str]]:
    """Row and reason, for the file of the rows to mend."""
    return [(one.line, f"{COLUMNS[one.column]}: {sentence_of(one.refusal)}") for one in found]


def blank() -> bytes:
    """The file to fill in, in the reader's language, with a sheet that says what belongs where."""
    help_rows = guide()
    sheets: list[tuple[str, list[Row], float]] = [
        (_("People"), [tuple(column for column, _meant in help_rows)], 18.0),
        (_("How to fill in"), [(_("Column"), _("What to write")), *help_rows], 40.0),
    ]
    return blank_book(sheets, typed_rows=1000)


def guide() -> list[tuple[str, str]]:
    """The columns, each with what belongs in it."""
    return [(str(COLUMNS[column]), _meaning(column)) for column in MEANINGS]


def _meaning(column: Column) -> str:
    words = CERTIFICATES.values() if column is Column.CERTIFICATE else ROLES.values()
    return str(MEANINGS[column]) % {"words": _(", ").join(str(word) for word in words)}


def _codes(words: Mapping[str, str | Promise] | Mapping[Role, str | Promise]) -> dict[str, str]:
    codes = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            codes.update({folded(str(word)): str(code) for code, word in words.items()})
    return codes | {folded(str(code)): str(code) for code in words}


def _told(one: Planned) -> list[Change]:
    """What is said of somebody: of somebody new the name stands there already."""
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
    if column is Column.ROLES:
        return _(", ").join(str(ROLES[Role(role)]) for role in value)
    if column is Column.CERTIFICATE and value:
        kind, number, until = value
        return _("%(kind)s %(number)s, valid until %(day)s") % {
            "kind": CERTIFICATES.get(kind, kind),
            "number": number,
            "day": told(date.fromisoformat(until), "day"),
        }
    return " / ".join(value)
