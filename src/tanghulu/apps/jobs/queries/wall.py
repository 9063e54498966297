"""What hangs on the wall: everything live, and the picture that came last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tanghulu.apps.directory import finding
from tanghulu.apps.directory import queries as directory
from tanghulu.apps.jobs.models import Run
from tanghulu.apps.jobs.queries import parts
from tanghulu.apps.jobs.queries.board import COLUMNS, Counts, JobBrief, brief, counts
from tanghulu.apps.jobs.queries.inside import JobInside, inside
from tanghulu.apps.jobs.queries.stops import StoppedJob, stops
from tanghulu.core import canonical
from tanghulu.core.access import Actor, Permission

_MOST = 60
_LOOKED_THROUGH = 8


@dataclass(frozen=True, slots=True)
class NewestPhoto:
    """The picture that came last of those whose bytes are here. Texts map language tags to wordings."""

    run: str
    commitment: str
    title: parts.Text
    step: parts.Text
    equipment: str
    place: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Wall:
    """All that a wall screen shows; `rows` come by urgency, and `more` live jobs do not fit."""

    counts: Counts
    rows: Sequence[JobBrief]
    more: int
    inside: Sequence[JobInside]
    photo: NewestPhoto | None
    stops: Sequence[StoppedJob] = ()


def wall(actor: Actor, *, since: datetime) -> Wall:
    """The wall screen as it stands; `since` is when the company's day began."""
    actor.require(Permission.JOBS_RUN_READ)
    live = Run.objects.filter(urgency__gte=0).order_by("urgency", "-opened_at", "pk")
    rows = list(live.values(*COLUMNS)[:_MOST])
    things = finding.things(actor, refs={row["equipment"] for row in rows} - {""})
    figures = counts(actor, since=since)
    return Wall(
        counts=figures,
        rows=[brief(row, things) for row in rows],
        more=max(figures.going_on - len(rows), 0),
        inside=inside(actor),
        photo=_newest_photo(actor),
        stops=stops(actor) if figures.stopped or figures.contradicting else (),
    )


def _newest_photo(actor: Actor) -> NewestPhoto | None:
    """Looked for in the live jobs that changed last."""
    found = []
    for row in Run.objects.filter(urgency__gte=0).order_by("-changed_at")[:_LOOKED_THROUGH]:
        found += [(photo["at"], path, photo, row) for path, photo in _stored(row.state)]
    if not found:
        return None
    _, path, photo, row = max(found, key=lambda one: one[0])
    script = parts.script_of(row)
    thing = finding.things(actor, refs=[row.equipment]).get(row.equipment)
    return NewestPhoto(
        run=row.ref,
        commitment=photo["commitment"],
        title=script.title if script else {},
        step=script.titles.get(path, {}) if script else {},
        equipment=thing.name if thing else "",
        place=thing.place if thing else "",
        by=directory.member_names(actor, refs=[photo["by"]]).get(photo["by"], ""),
        at=canonical.parse_time(photo["at"]),
    )


def _stored(state: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, activations in state["steps"].items():
        for activation in activations:
            yield from ((path, photo) for photo in activation["photos"] if photo["stored"])
