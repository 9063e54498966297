"""The time axis of a replay: where each event of a job stands on it, and where nothing happened for long.

An event stands where its maker says that it happened, but never later than it came, nor before the one that the log has
before it: so the axis runs on as the log does, and what came late is marked instead of moved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate, groupby, pairwise

from tanghulu.apps.jobs.queries import Happening
from tanghulu.web.components.steps import LATE, Telling, event_word
from tanghulu.web.components.words import duration

# Longer than this nothing is shown of a pause but that there was one, and how long.
LONGEST = timedelta(minutes=2)
# What every event is given, in seconds, so that two of the same second stand side by side.
_ROOM = 12.0
_WHOLE = 1000

_LOOKS = {
    "photo.taken": "photo",
    "reading.taken": "reading",
    "decision.made": "decision",
    "lock.removed": "decision",
    "run.stopped": "stop",
    "run.abandoned": "stop",
    "register.entered": "register",
    "register.left": "register",
    "run.opened": "act",
    "run.resumed": "act",
    "people.assigned": "act",
    "repeat.ended": "act",
    "step.confirmed": "act",
    "act.acknowledged": "act",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """One event on the axis: `x` in thousandths of its length, `wait` the seconds until the next one is shown.

    `part` counts the stretches of one stage after the other; `step` is the path of the step, or empty.
    """

    number: int
    x: int
    wait: float
    look: str
    title: str
    at: datetime
    part: int
    step: str
    is_odd: bool
    is_late: bool

    @property
    def percent(self) -> str:
        """`x` as SVG takes it."""
        return _percent(self.x)

    @property
    def milliseconds(self) -> int:
        """`wait` as a browser counts."""
        return round(self.wait * 1000)


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of the axis that belongs to one stage; `tone` counts stages from 0."""

    title: str
    x: str
    width: str
    tone: int


@dataclass(frozen=True, slots=True)
class Pause:
    """Where the axis is shorter than the time was."""

    x: str
    length: str


@dataclass(frozen=True, slots=True)
class Track:
    """The whole axis."""

    marks: tuple[Mark, ...]
    bands: tuple[Band, ...]
    pauses: tuple[Pause, ...]


def build_track(telling: Telling) -> Track:
    """The axis of the telling's job, in its language."""
    happenings = telling.job.happenings
    if not happenings:
        return Track((), (), ())
    times = _times(happenings)
    gaps = [after - before for before, after in pairwise(times)]
    places = _places(gaps)
    stages = _stages(telling, happenings)
    odd = {mark["event"] for mark in telling.job.state["contradictions"]}
    parts = [part for part, (_stage, run) in enumerate(groupby(stages)) for _one in run]
    waits = [min(gap, LONGEST).total_seconds() for gap in gaps] + [0.0]
    marks = tuple(
        Mark(
            number=index + 1,
            x=places[index],
            wait=waits[index],
            look=_LOOKS.get(happening.payload["type"], "server"),
            title=title_of(telling, happening),
            at=_claimed(happening),
            part=parts[index],
            step=happening.payload.get("step", ""),
            is_odd=bool(happening.codes) or happening.hash in odd,
            is_late=happening.received_at - _claimed(happening) > LATE,
        )
        for index, happening in enumerate(happenings)
    )
    pauses = tuple(
        Pause(_percent((places[index] + places[index + 1]) // 2), duration(gap))
        for index, gap in enumerate(gaps)
        if gap > LONGEST
    )
    return Track(marks, tuple(_bands(telling, stages, places)), pauses)


def title_of(telling: Telling, happening: Happening) -> str:
    """What happened, in a few words: the kind of event, and in which step."""
    step = happening.payload.get("step", "")
    kind = event_word(happening.payload["type"])
    return f"{kind} · {telling.title(step)}" if step else kind


def _claimed(happening: Happening) -> datetime:
    return datetime.fromisoformat(happening.payload["claimed_at"])


def _times(happenings: Sequence[Happening]) -> list[datetime]:
    times: list[datetime] = []
    for happening in happenings:
        at = min(_claimed(happening), happening.received_at)
        times.append(max(at, times[-1]) if times else at)
    return times


def _places(gaps: Sequence[timedelta]) -> list[int]:
    lengths = [_ROOM + min(gap, LONGEST).total_seconds() for gap in gaps]
    whole = sum(lengths) or 1.0
    return [round(so_far / whole * _WHOLE) for so_far in accumulate(lengths, initial=0.0)]


def _stages(telling: Telling, happenings: Sequence[Happening]) -> list[str]:
    """The stage of each event; what belongs to no step happened in the stage that went on."""
    known = telling.job.stages
    stage, found = next(iter(known), ""), []
    for happening in happenings:
        named = happening.payload.get("step", "").split("/")[0]
        stage = named if named in known else stage
        found.append(stage)
    return found


def _bands(telling: Telling, stages: Sequence[str], places: Sequence[int]) -> list[Band]:
    tones = {stage: tone for tone, stage in enumerate(telling.job.stages)}
    bands, start = [], 0
    for stage, run in groupby(stages):
        end = start + len(list(run))
        left, right = places[start], places[min(end, len(places) - 1)]
        title = telling.text(telling.job.stages.get(stage)) or stage
        bands.append(Band(title, _percent(left), _percent(right - left), tones.get(stage, 0)))
        start = end
    return bands


def _percent(thousandths: int) -> str:
    return f"{thousandths // 10}.{thousandths % 10}%"
