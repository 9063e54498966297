"""All jobs at one look: which they are, a page at a time, and what is drawn of each.

A page is found by its columns alone; states and templates are read only for what a reader has not drawn yet, which is
what `cards` is for. Pages go on after the last line of the one before, so the thousandth costs what the first does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet, Sum

from tanghulu.apps.directory import finding
from tanghulu.apps.evidence import queries as chain
from tanghulu.apps.jobs.models import Run
from tanghulu.apps.jobs.queries import parts
from tanghulu.apps.jobs.queries.filters import Filters, chosen
from tanghulu.apps.jobs.queries.stops import StoppedJob, stops
from tanghulu.apps.jobs.standing import Urgency
from tanghulu.core import flow
from tanghulu.core.access import Actor, Permission

PAGE, PAGE_OF_ENDED = 50, 25
"""Lines of a page of live jobs, and of a page on which are ended ones: nobody reads far in those."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DIGITS = re.compile("[0-9]{1,17}")
_MICRO = timedelta(microseconds=1)
COLUMNS = (
    "pk", "ref", "equipment", "status", "outcome", "is_overdue", "is_sealed", "opened_at", "changed_at", "ended_at",
    "urgency", "inside", "contradictions",
)  # fmt: skip
"""The columns of a row that `brief` reads: never the state, which is larger than all others together."""


@dataclass(frozen=True, slots=True)
class JobBrief:
    """One job on the board, as far as its row says."""

    run: str
    equipment: str
    place: str
    status: str
    outcome: str
    is_overdue: bool
    is_sealed: bool
    opened_at: datetime | None
    changed_at: datetime
    ended_at: datetime | None
    urgency: int | None
    inside: int
    contradictions: int


@dataclass(frozen=True, slots=True)
class JobCard:
    """What is drawn of a job. Texts map language tags to wordings, `people` parts to names; `haws` are the kernel's."""

    run: str
    changed_at: datetime
    title: parts.Text
    status: str
    outcome: str
    people: Mapping[str, Sequence[str]]
    names: Mapping[str, str]
    haws: Sequence[Mapping[str, Any]]
    stages: Mapping[str, parts.Text]
    titles: Mapping[str, parts.Text]


@dataclass(frozen=True, slots=True)
class Counts:
    """The figures over all jobs of the company, whatever is shown of them."""

    going_on: int
    stopped: int
    overdue: int
    contradicting: int
    inside: int
    ended_today: int


@dataclass(frozen=True, slots=True)
class Board:
    """A page of jobs. `matching` counts the live jobs that fit and is None where ended ones are asked for too."""

    rows: Sequence[JobBrief]
    counts: Counts
    matching: int | None
    following: str
    stops: Sequence[StoppedJob] = ()
    """Jobs that are stopped now, whichever jobs were asked for."""


def first_run(actor: Actor) -> str:
    """The ref of the company's first job that the rules know; empty where there is none yet. One indexed look-up."""
    actor.require(Permission.JOBS_RUN_READ)
    found = Run.objects.filter(opened_at__isnull=False).order_by("opened_at").values_list("ref", flat=True)
    return found.first() or ""


def board_version() -> int:
    """A number that grows whenever any job of the company changes: every change is an entry of its log."""
    return chain.log_position()


def board(actor: Actor, *, filters: Filters, since: datetime, at: datetime, zone: ZoneInfo, after: str = "") -> Board:
    """A page of the board; `since` is when the reader's day began, `after` the `following` of the page before.

    Live jobs come by urgency, then newest first; others newest first.
    """
    actor.require(Permission.JOBS_RUN_READ)
    runs = chosen(actor, filters, at=at, zone=zone)
    size = PAGE if filters.is_live else PAGE_OF_ENDED
    page = list(_beyond(runs, after, filters).values(*COLUMNS)[: size + 1])
    shown = page[:size]
    things = finding.things(actor, refs={row["equipment"] for row in shown} - {""})
    figures = counts(actor, since=since)
    return Board(
        rows=[brief(row, things) for row in shown],
        counts=figures,
        matching=runs.count() if filters.is_live else None,
        following=_place_of(shown[-1], by_urgency=filters.is_live) if len(page) > size else "",
        stops=stops(actor) if figures.stopped or figures.contradicting else (),
    )


def counts(actor: Actor, *, since: datetime) -> Counts:
    """The figures of the company; `since` is when the reader's day began."""
    actor.require(Permission.JOBS_RUN_READ)
    live = Run.objects.filter(urgency__gte=0).aggregate(
        going_on=Count("pk"),
        stopped=Count("pk", filter=Q(urgency=Urgency.STOPPED)),
        overdue=Count("pk", filter=Q(urgency=Urgency.OVERDUE)),
        contradicting=Count("pk", filter=Q(contradictions__gte=1)),
    )
    inside = Run.objects.filter(inside__gte=1).aggregate(all=Sum("inside"))
    ended = Run.objects.filter(ended_at__gte=since).count()
    return Counts(**live, inside=inside["all"] or 0, ended_today=ended)


def cards(actor: Actor, *, refs: Sequence[str]) -> list[JobCard]:
    """What is drawn of these jobs, in no order."""
    actor.require(Permission.JOBS_RUN_READ)
    runs = list(Run.objects.filter(ref__in=refs)) if refs else []
    names, scripts = parts.names_of(actor, runs), parts.scripts_of(runs)
    return [_card(row, names, scripts.get(row.version)) for row in runs]


def _beyond(runs: QuerySet[Run], after: str, filters: Filters) -> QuerySet[Run]:
    """What comes after a place in the order, in this order; everything where there is no such place."""
    by_urgency, opened = filters.is_live, filters.opened
    runs = runs.order_by(*(["urgency"] if by_urgency else []), f"-{opened}", "pk")
    found = after.split(".")
    if len(found) != 2 + by_urgency or not all(_DIGITS.fullmatch(part) for part in found):
        return runs
    *urgency, micros, pk = map(int, found)
    at = _EPOCH + timedelta(microseconds=micros)
    later = Q((f"{opened}__lte", at)) & (Q((f"{opened}__lt", at)) | Q(pk__gt=pk))
    if not by_urgency:
        return runs.filter(later)
    return runs.filter(Q(urgency__gte=urgency[0]) & (Q(urgency__gt=urgency[0]) | later))


def _place_of(row: Mapping[str, Any], *, by_urgency: bool) -> str:
    opened = (row["opened_at"] - _EPOCH) // _MICRO
    return f"{row['urgency']}.{opened}.{row['pk']}" if by_urgency else f"{opened}.{row['pk']}"


def brief(row: Mapping[str, Any], things: Mapping[str, finding.Thing]) -> JobBrief:
    """A job as its row says; `things` has its equipment."""
    thing = things.get(row["equipment"])
    return JobBrief(
        run=row["ref"],
        equipment=thing.name if thing else "",
        place=thing.place if thing else "",
        inside=row["inside"] or 0,
        **{name: row[name] for name in _SAME},
    )


_SAME = (
    "status", "outcome", "is_overdue", "is_sealed", "opened_at", "changed_at", "ended_at", "urgency", "contradictions",
)  # fmt: skip


def _card(row: Run, names: Mapping[str, str], script: parts.Script | None) -> JobCard:
    return JobCard(
        run=row.ref,
        changed_at=row.changed_at,
        title=script.title if script else {"en": row.template},
        status=row.status,
        outcome=row.outcome,
        people={part: [names[ref] for ref in refs if ref in names] for part, refs in row.state["people"].items()},
        names=names,
        haws=flow.haws(script.template, row.state) if script else [],
        stages=script.stages if script else {},
        titles=script.titles if script else {},
    )
