"""The board of jobs as a value: figures at the top, a line with a small skewer for each job."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tanghulu.apps.jobs.queries import Board, JobRow
from tanghulu.web.components.skewer import Skewer, Surroundings, build_skewer
from tanghulu.web.components.steps import photo_url
from tanghulu.web.components.texts import in_language
from tanghulu.web.components.words import Pill, duration, run_pill

_SMALL = 320


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its name, what it is a number of, and whether it should worry."""

    name: str
    value: str
    note: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One job on the board."""

    href: str
    title: str
    place: str
    people: str
    skewer: Skewer
    pill: Pill
    elapsed: str
    opened_at: datetime | None
    inside: int
    contradictions: int


@dataclass(frozen=True, slots=True)
class BoardView:
    """The board as it is drawn; `before` and `more` jobs stand before these and after them."""

    figures: tuple[Figure, ...]
    lines: tuple[Line, ...]
    before: int
    more: int


def build_board(board: Board, *, language: str, now: datetime) -> BoardView:
    """The board in the reader's language; `now` gives how long a job has been going on."""
    return BoardView(
        figures=tuple(_figures(board)),
        lines=tuple(_line(row, language, now) for row in board.rows),
        before=board.before,
        more=board.more,
    )


def _figures(board: Board) -> Iterator[Figure]:
    stopped = ngettext("%(count)s stopped", "%(count)s stopped", board.stopped) % {"count": board.stopped}
    yield Figure(_("At work"), str(board.going_on), stopped if board.stopped else "", "alarm" if board.stopped else "")
    yield Figure(_("People inside"), str(board.inside))
    yield Figure(_("Overdue"), str(board.overdue), kind="alarm" if board.overdue else "")
    yield Figure(_("Against the rules"), str(board.contradicting), kind="alarm" if board.contradicting else "")
    yield Figure(_("Closed today"), str(board.ended_today))


def _line(row: JobRow, language: str, now: datetime) -> Line:
    title = in_language(row.title, language)
    around = Surroundings(
        titles=row.titles,
        stages=row.stages,
        names=row.names,
        thumbnail=lambda commitment: photo_url(commitment, _SMALL),
        language=language,
    )
    until = row.ended_at or now
    # The bytes of a step's photos are all here once it is done; before that a picture might be asked for in vain.
    haws = [haw if haw["state"] == "done" else {**haw, "photos": []} for haw in row.haws]
    return Line(
        href=reverse("job", args=[row.run]),
        title=f"{row.equipment} {title}".strip(),
        place=row.place,
        people=_people(row),
        skewer=build_skewer(title, haws, around=around, status=row.status, outcome=row.outcome),
        pill=run_pill(row.status, row.outcome, overdue=row.is_overdue, sealed=row.is_sealed),
        elapsed=duration(until - row.opened_at) if row.opened_at else "",
        opened_at=row.opened_at,
        inside=row.inside,
        contradictions=row.contradictions,
    )


def _people(row: JobRow) -> str:
    """Everybody with a part, each once, in the order of the parts."""
    return _(", ").join(dict.fromkeys(name for names in row.people.values() for name in names))
