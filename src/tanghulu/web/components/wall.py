"""The wall screen as a value: what is wrong, who is inside, the picture that came last, and every other job."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import ngettext

from tanghulu.apps.jobs.queries import NewestPhoto, Wall
from tanghulu.apps.photos.derivatives import LARGE
from tanghulu.web.components.board import Figure, Line, figures, line
from tanghulu.web.components.cards import Drawn
from tanghulu.web.components.inside import InsideView, build_inside
from tanghulu.web.components.steps import photo_url
from tanghulu.web.components.stops import StopLine, build_stops
from tanghulu.web.components.texts import in_language

_STOPS = 2
"""The newest stops are told with who and why; all of them stand among the alarms."""
_OVERDUE = 1
"""The last of the urgencies that stand in the foremost place."""


@dataclass(frozen=True, slots=True)
class Picture:
    """The newest photo."""

    url: str
    title: str
    place: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class WallView:
    """The wall screen as it is drawn; `more` says how many jobs do not fit."""

    figures: tuple[Figure, ...]
    alarms: tuple[Line, ...]
    others: tuple[Line, ...]
    more: str
    inside: InsideView
    picture: Picture | None
    stops: tuple[StopLine, ...]


def build_wall(wall: Wall, drawn: Mapping[str, Drawn], *, language: str, now: datetime) -> WallView:
    """The wall screen in its language."""
    lines = [(row, line(row, drawn[row.run], now)) for row in wall.rows if row.run in drawn]
    more = ngettext("and %(count)s more job", "and %(count)s more jobs", wall.more) % {"count": wall.more}
    return WallView(
        figures=tuple(figures(wall.counts)),
        alarms=tuple(shown for row, shown in lines if row.urgency is not None and row.urgency <= _OVERDUE),
        others=tuple(shown for row, shown in lines if row.urgency is None or row.urgency > _OVERDUE),
        more=more if wall.more else "",
        inside=build_inside(wall.inside, language=language, now=now),
        picture=_picture(wall.photo, language),
        stops=build_stops(wall.stops[:_STOPS], language),
    )


def _picture(photo: NewestPhoto | None, language: str) -> Picture | None:
    if photo is None:
        return None
    step = in_language(photo.step, language)
    what = f"{photo.equipment} {in_language(photo.title, language)}".strip()
    return Picture(
        url=photo_url(photo.commitment, LARGE),
        title=f"{what} · {step}" if step else what,
        place=photo.place,
        by=photo.by,
        at=photo.at,
    )
