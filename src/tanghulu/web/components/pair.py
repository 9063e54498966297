"""Two jobs side by side: their steps in one order, one of them in focus, and where the two differ.

Steps stand beside each other by their path in the template. What only one of the jobs has stands where that job did it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import zip_longest
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from tanghulu.apps.jobs.queries import Job
from tanghulu.core import canonical
from tanghulu.web.components.moment import address
from tanghulu.web.components.steps import Picture, Reading, Step, Telling, build_steps
from tanghulu.web.components.words import Pill, run_pill, span

# One took longer than the other: more than twice as long, and by at least this.
_MUCH_LONGER = timedelta(minutes=1)
_TWICE = 2


@dataclass(frozen=True, slots=True)
class Length:
    """How long a step took; `share` is its part of the longest step of both jobs, in percent."""

    text: str
    share: str
    at: datetime | None
    much_longer: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A step of the two jobs; a side is None where that job does not have it, or has not come to it."""

    path: str
    href: str
    stage: str
    title: str
    left: Length | None
    right: Length | None
    readings_differ: bool
    oddities: tuple[int, int]
    selected: bool

    @property
    def differs(self) -> bool:
        """Whether something of it is marked."""
        longer = any(side is not None and side.much_longer for side in (self.left, self.right))
        return longer or self.readings_differ or any(self.oddities) or (self.left is None) != (self.right is None)


@dataclass(frozen=True, slots=True)
class Values:
    """A reading of both jobs. `difference` is right minus left, empty where one is missing."""

    title: str
    left: Reading | None
    right: Reading | None
    difference: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two jobs, and what it shows of the step in focus; `moment` is where its own replay shows that."""

    mark: str
    run: str
    title: str
    equipment: str
    place: str
    pill: Pill
    opened_at: datetime | None
    length: str
    step: Step | None
    moment: str


@dataclass(frozen=True, slots=True)
class Pair:
    """The whole page. `shots` are the photos of the step, one beside the other."""

    left: Side
    right: Side
    lines: tuple[Line, ...]
    focus: Line | None
    place: int
    shots: tuple[tuple[Picture | None, Picture | None], ...]
    values: tuple[Values, ...]
    same_process: bool
    previous: str
    following: str
    stage_before: str
    stage_after: str
    first: str
    last: str
    swapped: str


def build_pair(left: Job, right: Job, *, language: str, path: str, now: datetime) -> Pair:
    """`left` and `right` in one language, with the step `path` in focus, or the first that both have come to."""
    tellings = Telling(left, language), Telling(right, language)
    steps = tuple({step.path: step for step in build_steps(telling)} for telling in tellings)
    lines = _lines(tellings, steps, path, now)
    chosen = next((place for place, line in enumerate(lines) if line.selected), 0)
    focus = lines[chosen] if lines else None
    ours, theirs = (found.get(focus.path) if focus else None for found in steps)
    around = [line.href for line in lines]
    stages = [place for place, line in enumerate(lines) if not place or line.stage != lines[place - 1].stage]
    return Pair(
        left=_side(tellings[0], _("A"), ours, now),
        right=_side(tellings[1], _("B"), theirs, now),
        lines=lines,
        focus=focus,
        place=chosen + 1,
        shots=tuple(zip_longest(ours.pictures if ours else (), theirs.pictures if theirs else ())),
        values=tuple(_values(ours, theirs)),
        same_process=left.version == right.version,
        previous=around[chosen - 1] if chosen else "",
        following=around[chosen + 1] if chosen + 1 < len(around) else "",
        stage_before=next((around[place] for place in reversed(stages) if place < chosen), ""),
        stage_after=next((around[place] for place in stages if place > chosen), ""),
        first=around[0] if around else "",
        last=around[-1] if around else "",
        swapped=_address(right.run, left.run, focus.path if focus else ""),
    )


def in_one_order(left: Sequence[str], right: Sequence[str]) -> list[str]:
    """Every path once: as the left has them, with what only the right has behind what it comes after there."""
    order, known, behind = list(left), set(left), ""
    for path in right:
        if path not in known:
            order.insert(order.index(behind) + 1 if behind else 0, path)
            known.add(path)
        behind = path
    return order


def _address(run: str, other: str, path: str) -> str:
    query = {"with": other} | ({"step": path} if path else {})
    return f"{reverse('replay', args=[run])}?{urlencode(query, safe='/')}"


def _side(telling: Telling, mark: str, step: Step | None, now: datetime) -> Side:
    job = telling.job
    until = job.ended_at or now
    numbers = (number for number, one in enumerate(job.happenings, start=1) if step and _is_of(one.payload, step))
    return Side(
        mark=mark,
        run=job.run,
        title=telling.text(job.title),
        equipment=job.equipment,
        place=job.place,
        pill=run_pill(job.status, job.outcome, overdue=job.is_overdue, sealed=job.is_sealed),
        opened_at=job.opened_at,
        length=span(until - job.opened_at) if job.opened_at else "",
        step=step,
        moment=address(job.run, next(numbers, 1)),
    )


def _is_of(payload: Mapping[str, Any], step: Step) -> bool:
    return bool(payload.get("step", "") == step.path)


def _lines(
    tellings: tuple[Telling, Telling], steps: tuple[dict[str, Step], ...], path: str, now: datetime
) -> tuple[Line, ...]:
    order = in_one_order(list(steps[0]), list(steps[1]))
    times = [{path: _took(telling.job, path, now) for path in order} for telling in tellings]
    longest = max((length for side in times for length, _at in side.values() if length), default=timedelta())
    reached = [one for one in order if all(side[one][1] for side in times)]
    selected = path if path in order else next(iter(reached or order), "")
    return tuple(
        Line(
            path=one,
            href=_address(tellings[0].job.run, tellings[1].job.run, one),
            stage=_stage(tellings, one),
            title=(steps[0].get(one) or steps[1][one]).title,
            left=_length(times[0][one], times[1][one], longest),
            right=_length(times[1][one], times[0][one], longest),
            readings_differ=any(found.differs for found in _values(steps[0].get(one), steps[1].get(one))),
            oddities=(_odd(steps[0].get(one)), _odd(steps[1].get(one))),
            selected=one == selected,
        )
        for one in order
    )


def _stage(tellings: tuple[Telling, Telling], path: str) -> str:
    name = path.split("/", maxsplit=1)[0]
    return next((text for one in tellings if (text := one.text(one.job.stages.get(name)))), name)


def _odd(step: Step | None) -> int:
    return len(step.oddities) if step else 0


def _took(job: Job, path: str, now: datetime) -> tuple[timedelta, datetime | None]:
    """How long the openings of a step lasted together, and when it was opened first; None where it never was."""
    # An opening that nobody is at any more, such as the round after the last one, has no length.
    is_now = any(haw["path"] == path and haw["state"] == "now" for haw in job.haws)
    openings = [one for one in job.state["steps"].get(path, ()) if "passed_at" in one or is_now]
    if not openings:
        return timedelta(), None
    starts = [canonical.parse_time(one["opened_at"]) for one in openings]
    ends = [canonical.parse_time(one["passed_at"]) if "passed_at" in one else now for one in openings]
    lengths = (max(end - start, timedelta()) for start, end in zip(starts, ends, strict=True))
    return sum(lengths, timedelta()), starts[0]


def _length(
    mine: tuple[timedelta, datetime | None], other: tuple[timedelta, datetime | None], longest: timedelta
) -> Length | None:
    if mine[1] is None:
        return None
    share = 100 * mine[0] / longest if longest else 0.0
    much = other[1] is not None and mine[0] > _TWICE * other[0] and mine[0] - other[0] >= _MUCH_LONGER
    return Length(text=span(mine[0]), share=f"{share:.1f}%", at=mine[1], much_longer=much)


def _values(left: Step | None, right: Step | None) -> Iterator[Values]:
    """The last good reading of each kind and point, in the order in which they were asked for."""
    ours, theirs = ({_key(one): one for one in step.readings if not one.void} if step else {} for step in (left, right))
    for key in dict.fromkeys((*ours, *theirs)):
        mine, other = ours.get(key), theirs.get(key)
        difference = _difference(mine, other)
        differs = (mine is None) != (other is None) or bool(mine and other and mine.ok != other.ok)
        yield Values(" ".join(filter(None, key[:2])), mine, other, difference, differs)


def _key(reading: Reading) -> tuple[str, str, str]:
    return reading.title, reading.point, reading.unit


def _difference(left: Reading | None, right: Reading | None) -> str:
    if left is None or right is None:
        return ""
    difference = Decimal(right.value) - Decimal(left.value)
    return f"{difference:+f} {right.unit}" if difference else _("the same")
