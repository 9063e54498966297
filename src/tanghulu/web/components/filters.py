"""The filters of the board: read from an address, kept in links, told in words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tanghulu.apps.directory import finding
from tanghulu.apps.directory import queries as directory
from tanghulu.apps.flows import queries as flows
from tanghulu.apps.jobs.queries import SHOWS, Filters, Show
from tanghulu.core.access import Actor
from tanghulu.core.days import read_day
from tanghulu.web.components.texts import in_language
from tanghulu.web.times import told

_REF = re.compile("[0-9a-f]{32}")
_SLUG = re.compile("[a-z0-9-]{1,60}")
_NUMBER = re.compile("[0-9]{1,15}")
# A longer list is no longer chosen from but searched.
_MOST = 300

SHOW_WORDS: Mapping[Show, str | Promise] = {
    "open": gettext_lazy("Going on"),
    "stopped": gettext_lazy("Stopped"),
    "overdue": gettext_lazy("Overdue"),
    "inside": gettext_lazy("With people inside"),
    "ended": gettext_lazy("Ended"),
    "all": gettext_lazy("All"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that can be chosen in a filter."""

    value: str
    title: str


@dataclass(frozen=True, slots=True)
class FilterBar:
    """What can be chosen, and what is. `people` and `equipment` are empty where there are too many to choose from.

    `chips` are the filters that are set, in words, each with the address without it.
    """

    filters: Filters
    tabs: tuple[tuple[str, str, bool], ...]
    templates: tuple[Choice, ...]
    places: tuple[Choice, ...]
    equipment: tuple[Choice, ...]
    people: tuple[Choice, ...]
    units: tuple[Choice, ...]
    chips: tuple[tuple[str, str], ...]
    clear: str


def read(query: Mapping[str, str]) -> Filters:
    """The filters in the query of an address; what is not of the form is left out."""
    show = query.get("show", "")
    return Filters(
        show=show if show in SHOWS else "open",
        template=_fit(_SLUG, query.get("template")),
        place=_number(query.get("place")),
        equipment=_fit(_REF, query.get("equipment")),
        person=_fit(_REF, query.get("person")),
        unit=_number(query.get("unit")),
        since=read_day(query.get("since", "")),
        until=read_day(query.get("until", "")),
        mine=query.get("mine") == "1",
    )


def address(filters: Filters, *, after: str = "") -> str:
    """The address of the board with these filters."""
    given: dict[str, Any] = {name: value for name, value in asdict(filters).items() if value not in ("", None, False)}
    if filters.mine:
        given["mine"] = 1
    if filters.show == "open":
        del given["show"]
    if after:
        given["after"] = after
    return f"{reverse('jobs')}?{urlencode(given)}" if given else reverse("jobs")


def build_bar(actor: Actor, filters: Filters, *, language: str) -> FilterBar:
    """The filters with all that can be chosen in them."""
    templates = [Choice(slug, in_language(title, language)) for slug, title in flows.titles(actor)]
    places = [Choice(str(row.id), " / ".join(row.path)) for row in directory.places(actor)]
    units = [Choice(str(pk), name) for pk, name in finding.unit_names(actor)]
    people = [Choice(row.ref, row.name) for row in finding.people_called(actor, word="", limit=_MOST + 1)]
    things = finding.equipment_called(actor, word="", limit=_MOST + 1)
    equipment = [Choice(row.ref, f"{row.number} {row.name}") for row in things]
    chosen = {
        "template": (_("Process"), filters.template, templates),
        "place": (_("Place"), str(filters.place or ""), places),
        "equipment": (_("Equipment"), filters.equipment, _with_thing(actor, equipment, filters.equipment)),
        "person": (_("Person in the job"), filters.person, _with_person(actor, people, filters.person)),
        "unit": (_("Unit"), str(filters.unit or ""), units),
    }
    return FilterBar(
        filters=filters,
        tabs=tuple(
            (address(replace(filters, show=show)), str(SHOW_WORDS[show]), show == filters.show) for show in SHOWS
        ),
        templates=tuple(templates),
        places=tuple(places),
        equipment=tuple(equipment) if len(equipment) <= _MOST else (),
        people=tuple(people) if len(people) <= _MOST else (),
        units=tuple(units),
        chips=tuple(_chips(filters, chosen)),
        clear=address(Filters(show=filters.show)),
    )


def _chips(filters: Filters, chosen: Mapping[str, tuple[str, str, Sequence[Choice]]]) -> list[tuple[str, str]]:
    empty = Filters()
    chips = []
    for name, (title, value, choices) in chosen.items():
        if value:
            word = next((choice.title for choice in choices if choice.value == value), _("unknown"))
            chips.append((f"{title}: {word}", address(replace(filters, **{name: getattr(empty, name)}))))
    if filters.since is not None:
        chips.append((_("from %(day)s") % {"day": told(filters.since, "day")}, address(replace(filters, since=None))))
    if filters.until is not None:
        chips.append((_("until %(day)s") % {"day": told(filters.until, "day")}, address(replace(filters, until=None))))
    if filters.mine:
        chips.append((_("waits for me"), address(replace(filters, mine=False))))
    return chips


def _with_thing(actor: Actor, choices: Sequence[Choice], ref: str) -> Sequence[Choice]:
    """The choices, with what is chosen among them even where they are too many."""
    if not ref or any(choice.value == ref for choice in choices):
        return choices
    return [Choice(thing.ref, f"{thing.number} {thing.name}") for thing in finding.things(actor, refs=[ref]).values()]


def _with_person(actor: Actor, choices: Sequence[Choice], ref: str) -> Sequence[Choice]:
    if not ref or any(choice.value == ref for choice in choices):
        return choices
    return [Choice(found, name) for found, name in directory.member_names(actor, refs=[ref]).items()]


def _fit(pattern: re.Pattern[str], text: str | None) -> str:
    return text if text and pattern.fullmatch(text) else ""


def _number(text: str | None) -> int | None:
    return int(text) if text and _NUMBER.fullmatch(text) else None
