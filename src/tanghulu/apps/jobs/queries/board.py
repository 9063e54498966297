"""All jobs at one look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db.models import Count, Max, Q, QuerySet, Sum

from tanghulu.apps.directory import queries as directory
from tanghulu.apps.jobs.models import Run
from tanghulu.apps.jobs.queries import parts
from tanghulu.core import flow
from tanghulu.core.access import Actor, Permission

Which = Literal["open", "ended", "all"]
MOST = 50
"""So many jobs the board shows at once."""


@dataclass(frozen=True, slots=True)
class JobRow:
    """One job on the board.

    Texts map language tags to wordings, `people` maps parts to names; `haws` are the kernel's.
    """

    run: str
    title: parts.Text
    equipment: str
    place: str
    status: str
    outcome: str
    is_overdue: bool
    is_sealed: bool
    opened_at: datetime | None
    changed_at: datetime
    ended_at: datetime | None
    people: Mapping[str, Sequence[str]]
    names: Mapping[str, str]
    inside: int
    contradictions: int
    haws: Sequence[Mapping[str, Any]]
    stages: Mapping[str, parts.Text]
    titles: Mapping[str, parts.Text]


@dataclass(frozen=True, slots=True)
class Board:
    """Some of the jobs that are asked for, overdue ones first, and the counts over all of them.

    `before` and `more` say how many stand before these and after them.
    """

    rows: Sequence[JobRow]
    going_on: int
    overdue: int
    stopped: int
    ended_today: int
    contradicting: int
    inside: int
    before: int
    more: int


def board_stamp(actor: Actor) -> str:
    """A text that changes whenever something on the board does: for ETags."""
    actor.require(Permission.JOBS_RUN_READ)
    found = Run.objects.aggregate(newest=Max("changed_at"), count=Count("pk"))
    return f"{found['newest'].timestamp() if found['newest'] else 0}-{found['count']}"


def board(actor: Actor, *, which: Which, since: datetime, start: int = 0, limit: int = MOST) -> Board:
    """The board as it stands, at most `limit` jobs from the job `start` on; `since` is when the reader's day began."""
    actor.require(Permission.JOBS_RUN_READ)
    counts = Run.objects.aggregate(
        going_on=Count("pk", filter=Q(status__in=["open", "stopped"])),
        overdue=Count("pk", filter=Q(status="open", is_overdue=True)),
        stopped=Count("pk", filter=Q(status="stopped")),
        ended_today=Count("pk", filter=Q(status="ended", changed_at__gte=since)),
    )
    chosen = _chosen(which)
    of_all = chosen.aggregate(
        count=Count("pk"), contradicting=Count("pk", filter=Q(contradictions__gt=0)), inside=Sum("inside")
    )
    start = start if start < of_all["count"] else 0
    runs = list(chosen.order_by("-is_overdue", "-opened_at", "pk")[start : start + limit])
    scripts = parts.scripts_of(runs)
    names = parts.names_of(actor, runs)
    equipment = {row.ref: row for row in directory.equipment(actor)}
    rows = [_row(row, scripts.get(row.version), names, equipment) for row in runs]
    return Board(
        rows=rows,
        contradicting=of_all["contradicting"],
        inside=of_all["inside"] or 0,
        before=start,
        more=max(of_all["count"] - start - len(rows), 0),
        **counts,
    )


def _chosen(which: Which) -> QuerySet[Run]:
    known = Run.objects.exclude(status="new")
    if which == "open":
        return known.filter(status__in=["open", "stopped"])
    return known.filter(status="ended") if which == "ended" else known


def _row(
    row: Run,
    script: parts.Script | None,
    names: Mapping[str, str],
    equipment: Mapping[str, directory.EquipmentRow],
) -> JobRow:
    state = row.state
    thing = equipment.get(row.equipment)
    return JobRow(
        run=row.ref,
        title=script.title if script else {"en": row.template},
        equipment=thing.name if thing else "",
        place=thing.place if thing else "",
        status=row.status,
        outcome=row.outcome,
        is_overdue=row.is_overdue,
        is_sealed=row.is_sealed,
        opened_at=row.opened_at,
        changed_at=row.changed_at,
        ended_at=row.changed_at if row.status == "ended" else None,
        people={part: [names[ref] for ref in refs if ref in names] for part, refs in state["people"].items()},
        names=names,
        inside=row.inside,
        contradictions=row.contradictions,
        haws=flow.haws(script.template, state) if script else [],
        stages=script.stages if script else {},
        titles=script.titles if script else {},
    )
