"""What a list of people would add and change, found out before anything is written."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db.models.functions import Lower

from tanghulu.apps.directory import trees
from tanghulu.apps.directory.models import Account, Member
from tanghulu.core.access import Actor, Permission
from tanghulu.core.errors import Conflict, Invalid, Refusal
from tanghulu.core.table.roster import Column, Listed, Problem, Roster

Path = tuple[str, ...]  # the names of a unit and of those above it, from the top down

_AT_ONCE = 500  # names asked for in one query; databases bound how many values one may have


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that would be different. Roles are codes; a certificate is its kind, number and last good day."""

    column: Column
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Planned:
    """A person with what would change; `ref` is empty for somebody new. `unit` is where the list has them, in full."""

    ref: str
    listed: Listed
    unit: Path
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that the list would do. `same` counts the people of whom it says nothing new.

    `digest` is that of all of it: as long as it is the same, what was looked at is what would be done.
    """

    added: tuple[Planned, ...]
    changed: tuple[Planned, ...]
    same: int
    units: tuple[Path, ...]
    problems: tuple[Problem, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class _Known:
    """Somebody who is in the company."""

    row: Member
    unit: Path
    roles: tuple[str, ...]
    username: str
    licences: Mapping[tuple[str, str], str]


def plan_people(actor: Actor, *, roster: Roster) -> Plan:
    """What the list would add and change, and what is wrong in it. Nothing is written."""
    actor.require(Permission.DIRECTORY_MEMBER_WRITE)
    actor.require(Permission.DIRECTORY_CERTIFICATE_WRITE)
    actor.require(Permission.DIRECTORY_UNIT_WRITE)
    return _Planner(roster).plan()


def unit_paths() -> dict[Path, int]:
    """The org units of the company: names from the top down to id."""
    return {row.path: row.id for row in trees.units()}


class _Planner:
    def __init__(self, roster: Roster) -> None:
        self._people = roster.people
        self._problems = list(roster.problems)
        self._units = unit_paths()
        paths = {pk: path for path, pk in self._units.items()}
        rows = Member.objects.select_related("account").prefetch_related("member_roles", "certificates")
        known = [_known(row, paths) for row in rows]
        self._known = {one.row.number: one for one in known if one.row.number}
        self._nameless = {one.row.name for one in known if not one.row.number and one.row.active}
        self._bare = {number.lstrip("0"): number for number in self._known}
        self._taken = _taken(one.username for one in roster.people if one.username)
        self._claimed: dict[str, str] = {}

    def plan(self) -> Plan:
        """Go through everybody."""
        planned = []
        for listed in self._people:
            before = len(self._problems)
            unit = self._unit(listed)
            one = self._planned(listed, unit)
            if len(self._problems) == before:
                planned.append(one)
        added = tuple(one for one in planned if not one.ref)
        changed = tuple(one for one in planned if one.ref and one.changes)
        units = self._new_units(one.unit for one in (*added, *changed))
        problems = tuple(sorted(self._problems, key=lambda problem: problem.line))
        told = [(problem.line, problem.column, problem.refusal.code) for problem in problems]
        digest = hashlib.sha256(repr((added, changed, units, told)).encode()).hexdigest()
        return Plan(added, changed, len(planned) - len(added) - len(changed), units, problems, digest)

    def _refuse(self, listed: Listed, column: Column, refusal: Refusal) -> None:
        self._problems += [Problem(line, column, refusal) for line in listed.lines]

    def _planned(self, listed: Listed, unit: Path) -> Planned:
        known = self._known.get(listed.number)
        if known is None:
            self._check_new(listed)
        elif not known.row.active:
            self._refuse(listed, Column.NUMBER, Conflict("import_member_left", name=known.row.name))
        self._check_username(listed, known)
        return Planned(known.row.ref if known else "", listed, unit, tuple(_changes(listed, unit, known)))

    def _check_new(self, listed: Listed) -> None:
        alike = self._bare.get(listed.number.lstrip("0"))
        if alike is not None:
            self._refuse(listed, Column.NUMBER, Conflict("import_number_zeros", number=alike))
        if listed.name in self._nameless:
            self._refuse(listed, Column.NAME, Conflict("import_number_unknown", name=listed.name))

    def _check_username(self, listed: Listed, known: _Known | None) -> None:
        name = listed.username.lower()
        held = known.username.lower() if known else ""
        if not name or name == held:
            return
        if held:
            self._refuse(listed, Column.USERNAME, Conflict("import_username_differs", username=held))
        elif not _matches(listed.username):
            self._refuse(listed, Column.USERNAME, Invalid("import_username_malformed"))
        elif name in self._taken or self._claimed.setdefault(name, listed.number) != listed.number:
            self._refuse(listed, Column.USERNAME, Conflict("account_username_taken"))

    def _unit(self, listed: Listed) -> Path:
        """The unit in full: a name alone may stand for one that is somewhere below others."""
        if not listed.unit or listed.unit in self._units or len(listed.unit) > 1:
            return listed.unit
        below = [path for path in self._units if path[-1:] == listed.unit]
        if len(below) > 1:
            self._refuse(listed, Column.UNIT, Conflict("import_unit_ambiguous", unit=" / ".join(below[0])))
        return below[0] if below else listed.unit

    def _new_units(self, paths: Iterable[Path]) -> tuple[Path, ...]:
        wanted = {path[:length] for path in paths for length in range(1, len(path) + 1)}
        return tuple(sorted(wanted - set(self._units), key=lambda path: (len(path), path)))


def _known(row: Member, paths: Mapping[int, Path]) -> _Known:
    return _Known(
        row=row,
        unit=paths[row.unit_id] if row.unit_id is not None else (),
        roles=tuple(sorted(held.role for held in row.member_roles.all())),
        username=row.account.username if row.account else "",
        licences={(card.kind, card.number): card.valid_until.isoformat() for card in row.certificates.all()},
    )


def _changes(listed: Listed, unit: Path, known: _Known | None) -> Iterable[Change]:
    name, username, roles = ((known.row.name,), (known.username,), known.roles) if known else ((), (), ())
    if listed.name and (listed.name,) != name:
        yield Change(Column.NAME, name, (listed.name,))
    if unit and unit != (known.unit if known else ()):
        yield Change(Column.UNIT, known.unit if known else (), unit)
    if listed.roles and listed.roles != roles:
        yield Change(Column.ROLES, roles, tuple(role.value for role in listed.roles))
    if listed.username and not (known and known.username):
        yield Change(Column.USERNAME, username, (listed.username,))
    for card in listed.licences:
        until, day = known.licences.get((card.kind, card.number)) if known else None, card.valid_until.isoformat()
        if until != day:
            before = (card.kind, card.number, until) if until else ()
            yield Change(Column.CERTIFICATE, before, (card.kind, card.number, day))


def _matches(username: str) -> bool:
    try:
        UnicodeUsernameValidator()(username)
    except ValidationError:
        return False
    return True


def _taken(usernames: Iterable[str]) -> set[str]:
    """Those of the names, in small letters, with which somebody signs in already, in whatever company."""
    wanted = sorted({username.lower() for username in usernames})
    taken: set[str] = set()
    for start in range(0, len(wanted), _AT_ONCE):
        found = Account.objects.annotate(small=Lower("username")).filter(small__in=wanted[start : start + _AT_ONCE])
        taken.update(found.values_list("small", flat=True))
    return taken
