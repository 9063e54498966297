"""The jobs that are stopped now, as lines that nobody overlooks: on the board and on the wall."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from tanghulu.apps.jobs.queries.stops import StoppedJob
from tanghulu.web.components.texts import in_language


@dataclass(frozen=True, slots=True)
class StopLine:
    """A job that is stopped, and who stopped it; `why` is empty where no reason was given."""

    href: str
    title: str
    by: str
    at: datetime
    why: str


def build_stops(stops: Sequence[StoppedJob], language: str) -> tuple[StopLine, ...]:
    """The stopped jobs in the reader's language."""
    return tuple(
        StopLine(
            href=reverse("job", args=[stop.run]),
            title=f"{stop.equipment} {in_language(stop.title, language)}".strip(),
            by=stop.by,
            at=stop.at,
            why=stop.why,
        )
        for stop in stops
    )
