"""What a search has found, as a value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from tanghulu.apps.jobs.search import FoundJob, Hit, Results
from tanghulu.core.access import Actor, Permission
from tanghulu.web.components import cards, filters
from tanghulu.web.components.board import Line, line

_AROUND = 24
"""How many characters of a text stand before and after the word that was found in it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text; `is_hit` where it is what was searched for."""

    text: str
    is_hit: bool


@dataclass(frozen=True, slots=True)
class Job:
    """A job that fits, with snippets of what was said in it."""

    line: Line
    snippets: tuple[tuple[Piece, ...], ...]


@dataclass(frozen=True, slots=True)
class Named:
    """A person or a machine that fits; `jobs` leads to their jobs, `href` to the thing itself where that is open."""

    name: str
    note: str
    jobs: str
    href: str


@dataclass(frozen=True, slots=True)
class Found:
    """All that fits."""

    jobs: tuple[Job, ...]
    is_more: bool
    people: tuple[Named, ...]
    equipment: tuple[Named, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.jobs or self.people or self.equipment)


def build_found(actor: Actor, found: Results, *, language: str, now: datetime) -> Found:
    """What was found, in the reader's language."""
    drawn = cards.drawn(actor, [one.job for one in found.jobs], language=language, now=now)
    sees_people = actor.may(Permission.DIRECTORY_MEMBER_READ)
    every = filters.read({"show": "all"})
    return Found(
        jobs=tuple(_job(one, drawn[one.job.run], now) for one in found.jobs if one.job.run in drawn),
        is_more=found.is_more,
        people=tuple(
            Named(
                name=person.name,
                note=" · ".join(filter(None, (person.number, person.unit))),
                jobs=filters.address(every.of(person=person.ref)),
                href=reverse("person", args=[person.ref]) if sees_people else "",
            )
            for person in found.people
        ),
        equipment=tuple(
            Named(
                name=f"{thing.number} {thing.name}",
                note=thing.place,
                jobs=filters.address(every.of(equipment=thing.ref)),
                href="",
            )
            for thing in found.equipment
        ),
    )


def _job(found: FoundJob, drawn: cards.Drawn, now: datetime) -> Job:
    return Job(line(found.job, drawn, now), tuple(tuple(_pieces(hit)) for hit in found.hits))


def _pieces(hit: Hit) -> Iterator[Piece]:
    """The text around the first place where the word stands."""
    place = re.search(re.escape(hit.word), hit.text, re.IGNORECASE)
    if place is None:
        yield Piece(hit.text[: 3 * _AROUND], is_hit=False)
        return
    start, end = max(place.start() - _AROUND, 0), place.end() + _AROUND
    yield Piece(("…" if start else "") + hit.text[start : place.start()], is_hit=False)
    yield Piece(place[0], is_hit=True)
    yield Piece(hit.text[place.end() : end] + ("…" if end < len(hit.text) else ""), is_hit=False)
