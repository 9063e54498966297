"""One question in words, answered with jobs, people and equipment.

Every word must fit a job: as one of its people, its machine, its place, its process or a step of it, the day on which
it was opened, or something that was said in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q

from tanghulu.apps.directory import finding
from tanghulu.apps.evidence import queries as chain
from tanghulu.apps.flows import queries as flows
from tanghulu.apps.jobs.models import Run, RunMember
from tanghulu.apps.jobs.queries.board import COLUMNS, JobBrief, brief
from tanghulu.apps.jobs.search import engine, texts
from tanghulu.apps.jobs.search.tokens import contains, wanted
from tanghulu.core.access import Actor, Permission
from tanghulu.core.days import beginning, read_day

MOST = 30
_MOST_WORDS = 6
_MOST_THINGS = 20
# As far back as one word is followed; a second word is then looked for among what the first found.
_REACH = 1000


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a word was found in a job: what was said, by whom is on the job's page."""

    word: str
    text: str


@dataclass(frozen=True, slots=True)
class FoundJob:
    """A job that fits, with what was said in it that made it fit."""

    job: JobBrief
    hits: Sequence[Hit]


@dataclass(frozen=True, slots=True)
class Results:
    """What was found; `is_more` where not all jobs are shown."""

    words: Sequence[str]
    jobs: Sequence[FoundJob]
    is_more: bool
    people: Sequence[finding.Person]
    equipment: Sequence[finding.Thing]


@dataclass(slots=True)
class _Word:
    """What one word may mean."""

    text: str
    people: list[finding.Person]
    equipment: list[finding.Thing]
    places: set[str]
    templates: list[str]
    day: date | None
    said: dict[int, list[tuple[int, str]]] = field(default_factory=dict)


def search(actor: Actor, *, text: str, zone: ZoneInfo) -> Results:
    """What fits the words, jobs newest first; nothing where there is no word."""
    actor.require(Permission.JOBS_RUN_READ)
    words = [_word(actor, word) for word in text.split()[:_MOST_WORDS]]
    if not words:
        return Results((), (), is_more=False, people=(), equipment=())
    found = _runs(words, zone)
    rows = list(Run.objects.filter(pk__in=found).order_by("-opened_at", "pk").values(*COLUMNS)[: MOST + 1])
    things = finding.things(actor, refs={row["equipment"] for row in rows} - {""})
    hits = _hits(words, [row["pk"] for row in rows[:MOST]])
    people = {person.ref: person for word in words for person in word.people}
    equipment = {thing.ref: thing for word in words for thing in word.equipment}
    return Results(
        words=[word.text for word in words],
        jobs=[FoundJob(brief(row, things), hits.get(row["pk"], ())) for row in rows[:MOST]],
        is_more=len(rows) > MOST,
        people=list(people.values())[:_MOST_THINGS],
        equipment=list(equipment.values())[:_MOST_THINGS],
    )


def _word(actor: Actor, text: str) -> _Word:
    places = finding.places_called(actor, word=text, limit=_MOST_THINGS)
    said: dict[int, list[tuple[int, str]]] = {}
    for run, entry, commitment in engine.matching(wanted(text), limit=_REACH):
        said.setdefault(run, []).append((entry, commitment))
    return _Word(
        text=text,
        people=finding.people_called(actor, word=text, limit=_MOST_THINGS),
        equipment=finding.equipment_called(actor, word=text, limit=_MOST_THINGS),
        places=set(finding.equipment_at(actor, places=[place.id for place in places])),
        templates=flows.templates_saying(actor, word=text),
        day=read_day(text),
        said=said,
    )


def _runs(words: Sequence[_Word], zone: ZoneInfo) -> list[int]:
    """The runs that fit every word: those of the word that fits fewest, sifted by the others."""
    candidates = [(_newest(word, zone), word) for word in words]
    first, narrowest = min(candidates, key=lambda one: len(one[0]))
    rest = Run.objects.filter(pk__in=first)
    for word in words:
        if word is not narrowest:
            rest = rest.filter(_fits(word, zone))
    return list(rest.values_list("pk", flat=True)) if len(words) > 1 else first


def _newest(word: _Word, zone: ZoneInfo) -> list[int]:
    """The newest runs that fit a word, meaning by meaning, each by its own index."""
    found = set(word.said)
    if word.people:
        members = RunMember.objects.filter(member__in=[person.ref for person in word.people])
        found.update(members.order_by("-opened_at").values_list("run_id", flat=True)[:_REACH])
    for meaning in _meanings(word, zone):
        found.update(Run.objects.filter(meaning).order_by("-opened_at").values_list("pk", flat=True)[:_REACH])
    return sorted(found)


def _meanings(word: _Word, zone: ZoneInfo) -> list[Q]:
    """What a word may mean that a run's row says."""
    refs = {thing.ref for thing in word.equipment} | word.places
    meanings = [Q(equipment__in=refs)] if refs else []
    meanings += [Q(template__in=word.templates)] if word.templates else []
    if word.day is not None:
        end = beginning(word.day + timedelta(days=1), zone)
        meanings.append(Q(opened_at__gte=beginning(word.day, zone), opened_at__lt=end))
    return meanings


def _fits(word: _Word, zone: ZoneInfo) -> Q:
    people = RunMember.objects.filter(run=OuterRef("pk"), member__in=[person.ref for person in word.people])
    fits = Q(Exists(people)) | Q(pk__in=list(word.said))
    for meaning in _meanings(word, zone):
        fits |= meaning
    return fits


def _hits(words: Sequence[_Word], runs: Sequence[int]) -> dict[int, list[Hit]]:
    """What was said in these runs, as far as the words are really in it; of each word in each run the newest."""
    found = [(run, word.text, *word.said[run][0]) for word in words for run in runs if run in word.said]
    opened = chain.openings_of({commitment for *_, commitment in found if commitment})
    logged: Mapping[int, Mapping[str, object]] = chain.payloads({entry for _, _, entry, one in found if not one})
    hits: dict[int, list[Hit]] = {}
    for run, word, entry, commitment in found:
        if commitment:
            text = texts.beside_it(opened[commitment].value) if commitment in opened else ""
        else:
            text = texts.on_the_log(logged.get(entry, {}))
        if contains(text, word):
            hits.setdefault(run, []).append(Hit(word, text))
    return hits
