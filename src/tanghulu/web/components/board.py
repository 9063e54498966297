"""The board of jobs as a value: figures at the top, a line with a small skewer for each job."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tanghulu.apps.jobs.queries import Board, Counts, Filters, JobBrief
from tanghulu.web.components.cards import Drawn
from tanghulu.web.components.stops import StopLine, build_stops
from tanghulu.web.components.words import Pill, duration, run_pill


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its name, what it is a number of, whether it should worry, and where to see what it counts."""

    name: str
    value: str
    note: str = ""
    kind: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One job on the board."""

    href: str
    title: str
    place: str
    people: str
    skewer: SafeString
    pill: Pill
    elapsed: str
    opened_at: datetime | None
    inside: int
    contradictions: int


@dataclass(frozen=True, slots=True)
class BoardView:
    """The board as it is drawn; `count` says in words what is shown of what, `following` continues it."""

    figures: tuple[Figure, ...]
    lines: tuple[Line, ...]
    count: str
    following: str
    stops: tuple[StopLine, ...]


def build_board(
    board: Board, drawn: Mapping[str, Drawn], *, filters: Filters, language: str, now: datetime, first: bool
) -> BoardView:
    """The board in the reader's language; `now` gives how long a job has been going on."""
    return BoardView(
        figures=tuple(figures(board.counts)),
        lines=tuple(line(row, drawn[row.run], now) for row in board.rows if row.run in drawn),
        count=_count(board, filters, first=first),
        following=board.following,
        stops=build_stops(board.stops, language),
    )


def figures(counts: Counts) -> Iterator[Figure]:
    """How it is going, in five numbers."""
    stopped = ngettext("%(count)s stopped", "%(count)s stopped", counts.stopped) % {"count": counts.stopped}
    jobs = reverse("jobs")
    yield Figure(
        _("At work"),
        str(counts.going_on),
        stopped if counts.stopped else "",
        "alarm" if counts.stopped else "",
        f"{jobs}?show=stopped" if counts.stopped else jobs,
    )
    yield Figure(_("People inside"), str(counts.inside), href=reverse("inside"))
    yield Figure(_("Overdue"), str(counts.overdue), kind="alarm" if counts.overdue else "", href=f"{jobs}?show=overdue")
    yield Figure(_("Against the rules"), str(counts.contradicting), kind="alarm" if counts.contradicting else "")
    yield Figure(_("Closed today"), str(counts.ended_today), href=f"{jobs}?show=ended")


def _count(board: Board, filters: Filters, *, first: bool) -> str:
    """What the reader sees, in words; ended jobs are not counted, there may be a million."""
    shown, matching = len(board.rows), board.matching
    if not shown:
        return ""
    if matching is None:
        text = ngettext(
            "%(count)s job on this page, newest first.", "%(count)s jobs on this page, newest first.", shown
        )
        return text % {"count": shown}
    if not first:
        return ngettext("%(count)s more job.", "%(count)s more jobs.", shown) % {"count": shown}
    values = {"shown": shown, "count": matching}
    if shown < matching:
        return _("The %(shown)s most urgent of %(count)s jobs; the others follow below.") % values
    if filters.is_narrow or filters.show != "open":
        return ngettext("%(count)s job fits.", "%(count)s jobs fit.", matching) % values
    return (
        ngettext("%(count)s job, the most urgent first.", "%(count)s jobs, the most urgent first.", matching) % values
    )


def line(row: JobBrief, drawn: Drawn, now: datetime) -> Line:
    """One job as a line."""
    until = row.ended_at or now
    return Line(
        href=reverse("job", args=[row.run]),
        title=f"{row.equipment} {drawn.title}".strip(),
        place=row.place,
        people=drawn.people,
        skewer=drawn.skewer,
        pill=run_pill(row.status, row.outcome, overdue=row.is_overdue, sealed=row.is_sealed),
        elapsed=duration(until - row.opened_at) if row.opened_at else "",
        opened_at=row.opened_at,
        inside=row.inside,
        contradictions=row.contradictions,
    )
