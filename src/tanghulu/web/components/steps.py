"""One step of a job as it is read in the office: its pictures, readings, people and what was odd about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from tanghulu.apps.jobs.queries import Happening, Job
from tanghulu.apps.photos.derivatives import LARGE, SMALL
from tanghulu.web.components.texts import in_language
from tanghulu.web.components.words import contradiction, duration, point_words, refused_photo, verdict_word

# What reaches the server later than this was made offline, or its device's clock is wrong; either way it is said.
LATE = timedelta(minutes=2)


@dataclass(frozen=True)
class Telling:
    """A job, told in one language: turns refs into names and texts into wordings."""

    job: Job
    language: str

    def name(self, ref: str) -> str:
        return _("The server") if ref == "server" else self.job.names.get(ref, _("Somebody"))

    def text(self, text: Mapping[str, str] | None) -> str:
        return in_language(text or {}, self.language)

    def title(self, path: str) -> str:
        """The title of a step, or its path where the template does not know it."""
        return self.text(self.job.titles.get(path)) or path

    def picture(self, commitment: str, size: int) -> str:
        """The address of a photo to show; empty while its bytes are not here."""
        return photo_url(commitment, size) if commitment in self.job.shown_photos else ""

    @cached_property
    def happenings(self) -> dict[str, Happening]:
        """The run's events by their hash."""
        return {happening.hash: happening for happening in self.job.happenings}


def photo_url(commitment: str, size: int) -> str:
    """Where the API shows a stripped photo of one of the two sizes."""
    return f"/api/v1/photos/{commitment}/{size}.jpg"


@dataclass(frozen=True, slots=True)
class Act:
    """Who did something, when they say so, when it came, and how late that was ('' where it was not).

    `ahead` is how much later than its arrival it says it was made: the device's clock was wrong.
    """

    who: str
    claimed_at: datetime
    received_at: datetime | None = None
    late: str = ""
    ahead: str = ""
    index: int | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo of a step. `large` is empty while its bytes are not here; `refused` says why it does not count."""

    title: str
    show: tuple[str, ...]
    act: Act
    large: str = ""
    small: str = ""
    void: bool = False
    event: str = ""
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """A measured value against its limit."""

    title: str
    point: str
    value: str
    unit: str
    ok: bool
    limit: str
    instrument: str
    sampled_at: datetime
    act: Act
    void: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """A question of the step and what was answered; `who` only where each person was asked."""

    title: str
    value: str
    who: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """A person's verdict with the reason they gave."""

    verdict: str
    kind: str
    reason: str
    act: Act
    to: str = ""


@dataclass(frozen=True, slots=True)
class Oddity:
    """Something that did not fit the rules: kept, marked, and said in words."""

    sentences: tuple[str, ...]
    act: Act
    type: str


@dataclass(frozen=True, slots=True)
class Step:
    """A step with everything that happened in it, over all its openings."""

    path: str
    number: int
    title: str
    say: str
    round: int
    pictures: tuple[Picture, ...]
    readings: tuple[Reading, ...]
    answers: tuple[Answer, ...]
    done_by: tuple[Act, ...]
    decisions: tuple[Decision, ...]
    oddities: tuple[Oddity, ...]
    source: tuple[str, ...]

    @property
    def frames(self) -> int:
        """How many stops the reader makes here: one per picture, at least one."""
        return max(len(self.pictures), 1)

    @property
    def has_content(self) -> bool:
        """Whether anything happened in it yet."""
        return any((self.pictures, self.readings, self.answers, self.done_by, self.decisions, self.oddities))


def build_steps(telling: Telling) -> tuple[Step, ...]:
    """The steps in the order of the skewer."""
    oddities = _oddities(telling)
    return tuple(
        _step(telling, number, haw, oddities.get(haw["path"], ()))
        for number, haw in enumerate(telling.job.haws, start=1)
    )


def loose_oddities(telling: Telling) -> tuple[Oddity, ...]:
    """What did not fit the rules and belongs to no step that is shown."""
    shown = {haw["path"] for haw in telling.job.haws}
    return tuple(oddity for path, oddities in _oddities(telling).items() if path not in shown for oddity in oddities)


def _step(telling: Telling, number: int, haw: Mapping[str, Any], oddities: tuple[Oddity, ...]) -> Step:
    definition = telling.job.steps.get(haw["path"], {})
    activations = telling.job.state["steps"].get(haw["path"], [])
    retakes = {activation["n"] for activation in activations if "retake" in activation}
    return Step(
        path=haw["path"],
        number=number,
        title=telling.title(haw["path"]),
        say=telling.text(definition.get("say")),
        round=haw.get("rounds", 0),
        pictures=tuple(_picture(telling, definition, photo, a) for a, photo in _once(activations, "photos")),
        readings=tuple(_reading(telling, definition, reading, a) for a, reading in _once(activations, "readings")),
        answers=tuple(
            answer
            for a in activations
            if a["n"] + 1 not in retakes
            for answer in _answers(telling, definition, a["answers"])
        ),
        done_by=tuple(
            Act(telling.name(task["done_by"]), _time(task["done_at"]))
            for a in activations
            if a["state"] != "void"
            for task in a["tasks"]
            if "done_by" in task
        ),
        decisions=tuple(_decision(telling, a["decision"]) for a in activations if "decision" in a),
        oddities=oddities,
        source=tuple(definition.get("source", ())),
    )


def _once(activations: Sequence[Mapping[str, Any]], name: str) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Photos or readings with their activation, each once: what a retake took over is shown there alone."""
    last = {one["event"]: activation["n"] for activation in activations for one in activation[name]}
    for activation in activations:
        for one in activation[name]:
            if last[one["event"]] == activation["n"]:
                yield activation, one


def _picture(
    telling: Telling, definition: Mapping[str, Any], photo: Mapping[str, Any], activation: Mapping[str, Any]
) -> Picture:
    slot = definition.get("photos", {}).get(photo["slot"], {})
    return Picture(
        title=telling.text(slot.get("title")) or photo["slot"],
        show=tuple(telling.text(text) for text in slot.get("show", ())),
        act=act_of(telling, photo["event"], who=photo["by"], at=photo["at"]),
        large=telling.picture(photo["commitment"], LARGE),
        small=telling.picture(photo["commitment"], SMALL),
        void=activation["state"] == "void" and "refused" not in photo,
        event=photo["event"],
        refused=tuple(refused_photo(code) for code in photo.get("refused", ())),
    )


def _reading(
    telling: Telling, definition: Mapping[str, Any], reading: Mapping[str, Any], activation: Mapping[str, Any]
) -> Reading:
    asked = definition.get("readings", {}).get(reading["reading"], {})
    return Reading(
        title=telling.text(asked.get("title")) or reading["reading"],
        point=point_words(reading.get("point", "")),
        value=reading["value"],
        unit=reading["unit"],
        ok=reading["ok"],
        limit=limit_words(asked),
        instrument=reading.get("instrument", ""),
        sampled_at=_time(reading["sampled_at"]),
        act=act_of(telling, reading["event"], who=reading["by"], at=reading["at"]),
        void=activation["state"] == "void",
    )


def limit_words(asked: Mapping[str, Any]) -> str:
    """The limits as a worker knows them: `≥ 19.5, ≤ 21 %`, and `= 0 V` where only that is allowed."""
    if "at_most" in asked and asked["at_most"] == asked.get("at_least"):
        return f"= {asked['at_most']} {asked.get('unit', '')}".strip()
    parts = [f"{sign} {asked[key]}" for key, sign in (("at_least", "≥"), ("at_most", "≤")) if key in asked]
    return f"{', '.join(parts)} {asked.get('unit', '')}".strip() if parts else ""


def _answers(telling: Telling, definition: Mapping[str, Any], answers: Mapping[str, Any]) -> Iterator[Answer]:
    asked = definition.get("ask", {})
    each = definition.get("who", {}).get("each", False)
    people = answers.items() if each else [("", answers)]
    for ref, given in people:
        # As the author asks; what was answered besides comes last.
        for name in dict.fromkeys((*(name for name in asked if name in given), *given)):
            question, value = asked.get(name, {}), given[name]
            yield Answer(
                title=telling.text(question.get("title")) or name,
                value=_answer(telling, question, value),
                who=telling.name(ref) if ref else "",
            )


def _answer(telling: Telling, question: Mapping[str, Any], value: object) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    for option in question.get("options", ()):
        if option["id"] == value:
            return telling.text(option["title"])
    return str(value)


def _decision(telling: Telling, decision: Mapping[str, Any]) -> Decision:
    happening = telling.happenings.get(decision["event"])
    to = decision.get("to", "")
    return Decision(
        verdict=verdict_word(decision["verdict"]),
        kind={"ok": "done", "no": "alarm", "back": "alarm"}.get(decision["verdict"], "wait"),
        reason=str(happening.opened.get("reason", "")) if happening else "",
        act=act_of(telling, decision["event"], who=decision["by"], at=decision["at"]),
        to=telling.title(to) if to else "",
    )


def _oddities(telling: Telling) -> dict[str, tuple[Oddity, ...]]:
    by_step: dict[str, list[Oddity]] = {}
    for mark in telling.job.state["contradictions"]:
        happening = telling.happenings.get(mark["event"])
        if happening is None:
            continue
        payload = happening.payload
        by_step.setdefault(payload.get("step", ""), []).append(
            Oddity(
                sentences=tuple(contradiction(code) for code in mark["codes"]),
                act=act_of(telling, happening.hash, who=payload["actor"], at=payload["claimed_at"]),
                type=event_word(payload["type"]),
            )
        )
    return {path: tuple(found) for path, found in by_step.items()}


def act_of(telling: Telling, event: str, *, who: str, at: str) -> Act:
    """The act behind an event; where the log's row is not at hand, what the state says of it."""
    happening = telling.happenings.get(event)
    if happening is None:
        return Act(telling.name(who), _time(at))
    return Act(
        who=telling.name(who),
        claimed_at=_time(happening.payload["claimed_at"]),
        received_at=happening.received_at,
        late=lateness(_time(happening.payload["claimed_at"]), happening.received_at),
        ahead=lateness(happening.received_at, _time(happening.payload["claimed_at"])),
        index=happening.index,
    )


def lateness(claimed_at: datetime, received_at: datetime) -> str:
    """How much later an event came than it says it was made, in words; empty when it came at once."""
    delay = received_at - claimed_at
    return f"+{duration(delay)}" if delay > LATE else ""


def event_word(kind: str) -> str:
    """What an event is, in a word or two."""
    words = {
        "run.opened": _("Job opened"),
        "people.assigned": _("People assigned"),
        "photo.taken": _("Photo"),
        "reading.taken": _("Reading"),
        "register.entered": _("In"),
        "register.left": _("Out"),
        "lock.removed": _("Lock removed without its owner"),
        "step.confirmed": _("Confirmed"),
        "decision.made": _("Decision"),
        "repeat.ended": _("Rounds ended"),
        "run.stopped": _("Stop"),
        "run.resumed": _("Work goes on"),
        "run.abandoned": _("Job abandoned"),
        "act.acknowledged": _("Seen"),
        "people.resolved": _("Person checked"),
        "photo.stored": _("Photo stored"),
        "photo.refused": _("Photo refused"),
        "timer.fired": _("Time reached"),
        "check.recorded": _("Check"),
        "run.sealed": _("Sealed"),
    }
    return words.get(kind, kind)


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
