"""A job as somebody goes through it who has to decide: one frame for each photo, and what is decided on at the end.

Each frame knows which events it shows, so that the decision names what was on the screen and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass

from tanghulu.apps.jobs.queries import Job
from tanghulu.web.components.steps import Picture, Step, Telling, build_steps

# Photos are looked at by people; what the server states about them adds nothing to what a reviewer saw.
_SEEN = frozenset(
    {
        "photo.taken",
        "reading.taken",
        "register.entered",
        "register.left",
        "lock.removed",
        "step.confirmed",
        "decision.made",
    }
)


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture of a step, or a step without pictures; `event` is that of the picture, `shows` are all its events."""

    number: int
    step: Step
    picture: Picture | None
    event: str
    shows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Inspection:
    """All frames in the order of the skewer; `rest` are the events that the registers beside them show."""

    frames: tuple[Frame, ...]
    rest: tuple[str, ...]


def build_inspection(job: Job, language: str) -> Inspection:
    """The frames of everything that has happened so far."""
    steps = [step for step in build_steps(Telling(job, language)) if step.has_content]
    pictured = {picture.event for step in steps for picture in step.pictures}
    told: dict[str, list[str]] = {step.path: [] for step in steps}
    rest: list[str] = []
    for happening in job.happenings:
        if happening.payload["type"] in _SEEN and happening.hash not in pictured:
            told.get(happening.payload.get("step", ""), rest).append(happening.hash)
    places = [(step, picture) for step in steps for picture in (step.pictures or (None,))]
    frames = tuple(
        Frame(
            number=number,
            step=step,
            picture=picture,
            event=picture.event if picture else "",
            shows=tuple(sorted({*told[step.path], *([picture.event] if picture else [])})),
        )
        for number, (step, picture) in enumerate(places, start=1)
    )
    return Inspection(frames=frames, rest=tuple(sorted(rest)))
