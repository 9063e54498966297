"""The jobs that are stopped now, as lines that nobody overlooks: on the board and on the wall."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tanghulu.apps.jobs.queries.stops import StoppedJob
from tanghulu.web.components.texts import in_language

_WARNINGS = {
    "revoked": _("a stop came from a phone that is locked out: look now"),
    "contradicting": _("a stop came that the rules did not let count: look now"),
}


@dataclass(frozen=True, slots=True)
class StopLine:
    """A job that is stopped, and who stopped it; `why` is empty where no reason was given.

    `warning` says so where it goes on nevertheless.
    """

    href: str
    title: str
    by: str
    at: datetime
    why: str
    warning: str = ""


def build_stops(stops: Sequence[StoppedJob], language: str) -> tuple[StopLine, ...]:
    """The stopped jobs in the reader's language."""
    return tuple(
        StopLine(
            href=reverse("job", args=[stop.run]),
            title=f"{stop.equipment} {in_language(stop.title, language)}".strip(),
            by=stop.by,
            at=stop.at,
            why=stop.why,
            warning=str(_WARNINGS[stop.unheeded]) if stop.unheeded else "",
        )
        for stop in stops
    )
