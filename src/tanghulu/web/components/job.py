"""The page of one job as a value: what it is, how it stands, one step in focus, and what proves it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from tanghulu.apps.jobs.queries import Job, open_decision
from tanghulu.apps.photos.derivatives import SMALL
from tanghulu.web.components.acknowledged import HandOver, acknowledged_by, hand_overs, names, not_seen
from tanghulu.web.components.removals import Removal, removals_of
from tanghulu.web.components.skewer import Skewer, Surroundings, build_skewer
from tanghulu.web.components.steps import (
    Act,
    Oddity,
    Picture,
    Step,
    Telling,
    act_of,
    build_steps,
    lateness,
    loose_oddities,
)
from tanghulu.web.components.words import Pill, duration, run_pill


@dataclass(frozen=True, slots=True)
class PartPeople:
    """Who has a part in the job."""

    title: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """Somebody or something that went in, and when it came out; `is_exception` where a lock's owner was not there."""

    item: str
    detail: str
    in_at: datetime
    in_by: str
    out_at: datetime | None
    out_by: str
    is_exception: bool = False


@dataclass(frozen=True, slots=True)
class Register:
    """People, tools or locks, in the order in which they went in."""

    title: str
    entries: tuple[RegisterEntry, ...]
    is_locks: bool = False

    @property
    def inside(self) -> int:
        return sum(entry.out_at is None for entry in self.entries)


@dataclass(frozen=True, slots=True)
class Stop:
    """Why the job is marked as a whole."""

    title: str
    reason: str
    act: Act
    seen: str = ""
    """Names of those who answered a stop on their phones."""
    unseen: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where the job lies in the log, and how much of it is published. Indexes count from 0."""

    events: int
    first: int
    last: int
    published_size: int
    is_published: bool
    is_sealed: bool
    forks: int
    late: int
    missing_photos: int


@dataclass(frozen=True, slots=True)
class Focus:
    """The step, and the picture in it, that the reader looks at."""

    step: Step
    picture: Picture | None
    photo: int
    place: int
    places: int
    previous: str
    following: str
    stops: tuple[tuple[str, Picture, bool], ...]


@dataclass(frozen=True, slots=True)
class Option:
    """One of several answers that a form offers."""

    value: str
    title: str


@dataclass(frozen=True, slots=True)
class Review:
    """A decision that waits for somebody; `is_mine` where that is the reader."""

    step: str
    activation: int
    title: str
    say: str
    verdicts: tuple[Option, ...]
    back_to: tuple[Option, ...]
    reason: str
    waits_for: tuple[str, ...]
    is_mine: bool


@dataclass(frozen=True, slots=True)
class JobView:
    """The whole page."""

    run: str
    href: str
    title: str
    equipment: str
    place: str
    pill: Pill
    opened_at: datetime | None
    opened_by: str
    elapsed: str
    inside: int
    parts: tuple[PartPeople, ...]
    hand_overs: tuple[HandOver, ...]
    registers: tuple[Register, ...]
    removals: tuple[Removal, ...]
    skewer: Skewer
    focus: Focus | None
    stop: Stop | None
    oddities: tuple[Oddity, ...]
    contradictions: int
    evidence: Evidence
    review: Review | None


def build_job(job: Job, *, language: str, now: datetime, step: str, photo: int, reader: str) -> JobView:
    """The page of `job` in `language`, with photo number `photo` of `step` in focus; `reader` is the reader's ref."""
    telling = Telling(job, language)
    steps = build_steps(telling)
    href = reverse("job", args=[job.run])
    focus = _focus(steps, href, job.haws, step, photo)
    return JobView(
        run=job.run,
        href=href,
        title=telling.text(job.title),
        equipment=job.equipment,
        place=job.place,
        pill=run_pill(job.status, job.outcome, overdue=job.is_overdue, sealed=job.is_sealed),
        opened_at=job.opened_at,
        opened_by=telling.name(job.state["opened_by"]) if "opened_by" in job.state else "",
        elapsed=duration((job.ended_at or now) - job.opened_at) if job.opened_at else "",
        inside=job.inside,
        parts=tuple(_parts(telling)),
        hand_overs=tuple(hand_overs(telling)),
        registers=tuple(_registers(telling)),
        removals=removals_of(telling),
        skewer=_skewer(telling, href, focus, steps),
        focus=focus,
        stop=_stop(telling),
        oddities=loose_oddities(telling),
        contradictions=len(job.state["contradictions"]),
        evidence=_evidence(job),
        review=_review(telling, reader),
    )


def _skewer(telling: Telling, href: str, focus: Focus | None, steps: Sequence[Step]) -> Skewer:
    job = telling.job
    around = Surroundings(
        titles=job.titles,
        stages=job.stages,
        names=job.names,
        thumbnail=lambda commitment: telling.picture(commitment, SMALL) or None,
        language=telling.language,
        href=lambda path: _address(href, path, 1),
        selected=focus.step.path if focus else "",
        badges={step.path: (_("Against the rules"),) for step in steps if step.oddities},
    )
    return build_skewer(telling.text(job.title), job.haws, around=around, status=job.status, outcome=job.outcome)


def _address(href: str, step: str, photo: int) -> str:
    query = {"step": step} if photo == 1 else {"step": step, "photo": photo}
    return f"{href}?{urlencode(query, safe='/')}"


def _focus(steps: Sequence[Step], href: str, haws: Sequence[Mapping[str, Any]], path: str, photo: int) -> Focus | None:
    """The stop that was asked for; without one, or where it does not exist, the newest that there is to see."""
    stops = [(step, number) for step in steps for number in range(1, step.frames + 1)]
    if not stops:
        return None
    asked = [place for place, (step, number) in enumerate(stops) if step.path == path and number == photo]
    same_step = [place for place, (step, _number) in enumerate(stops) if step.path == path]
    place = (asked or same_step or [_newest(stops, haws)])[0]
    step, number = stops[place]
    return Focus(
        step=step,
        picture=step.pictures[number - 1] if step.pictures else None,
        photo=number,
        place=place + 1,
        places=len(stops),
        previous=_address(href, stops[place - 1][0].path, stops[place - 1][1]) if place else "",
        following=_address(href, stops[place + 1][0].path, stops[place + 1][1]) if place + 1 < len(stops) else "",
        stops=tuple(
            (_address(href, step.path, index), picture, index == number)
            for index, picture in enumerate(step.pictures, start=1)
        ),
    )


def _newest(stops: Sequence[tuple[Step, int]], haws: Sequence[Mapping[str, Any]]) -> int:
    states = {haw["path"]: haw["state"] for haw in haws}
    with_pictures = [place for place, (step, _number) in enumerate(stops) if step.pictures]
    current = [place for place, (step, _number) in enumerate(stops) if states.get(step.path) == "now"]
    seen_now = [place for place in current if place in with_pictures]
    return (seen_now or with_pictures[-1:] or current or [0])[0]


def _parts(telling: Telling) -> Iterator[PartPeople]:
    people = telling.job.state["people"]
    for part, definition in telling.job.document.get("people", {}).items():
        names = tuple(telling.name(ref) for ref in people.get(part, ()))
        if names:
            yield PartPeople(telling.text(definition.get("title")) or part, names)


def _registers(telling: Telling) -> Iterator[Register]:
    definitions = telling.job.document.get("registers", {})
    registers = telling.job.state["registers"]
    for name in dict.fromkeys((*(name for name in definitions if name in registers), *registers)):
        definition, entries = definitions.get(name, {}), registers[name]
        is_people = definition.get("kind") == "people"
        rows = tuple(_entry(telling, entry, is_people=is_people) for entry in entries)
        if rows:
            yield Register(
                telling.text(definition.get("title")) or name, rows, is_locks=definition.get("kind") == "locks"
            )


def _entry(telling: Telling, entry: Mapping[str, Any], *, is_people: bool) -> RegisterEntry:
    details = [telling.name(entry["holder"])] if "holder" in entry else []
    details += [str(entry["point"])] if "point" in entry else []
    details += [f"×{entry['count']}"] if "count" in entry else []
    return RegisterEntry(
        item=telling.name(entry["item"]) if is_people else entry["item"],
        detail=" · ".join(details),
        in_at=datetime.fromisoformat(entry["in_at"]),
        in_by=telling.name(entry["in_by"]),
        out_at=datetime.fromisoformat(entry["out_at"]) if "out_at" in entry else None,
        out_by=telling.name(entry["out_by"]) if "out_by" in entry else "",
        is_exception="exception" in entry,
    )


def _stop(telling: Telling) -> Stop | None:
    """The newest stop while the job is stopped, or why it is being left."""
    titles = {
        "stopped": ("run.stopped", _("This job is stopped. Nobody works until a leader lets it go on.")),
        "abandoned": ("run.abandoned", _("This job was abandoned.")),
        "refused": ("decision.made", _("This job was refused.")),
    }
    state = telling.job.state
    why = "stopped" if state["status"] == "stopped" else state.get("leaving", "")
    if why == "expired":
        opened = telling.job.happenings[-1]
        payload = opened.payload
        act = act_of(telling, opened.hash, who=payload["actor"], at=payload["claimed_at"])
        return Stop(_("This job ran out of time."), "", act)
    if why not in titles:
        return None
    kind, title = titles[why]
    found = [happening for happening in telling.job.happenings if happening.payload["type"] == kind]
    if not found:
        return None
    happening = found[-1]
    act = act_of(telling, happening.hash, who=happening.payload["actor"], at=happening.payload["claimed_at"])
    reason = str(happening.opened.get("reason", ""))
    if why != "stopped":
        return Stop(title, reason, act)
    unseen = not_seen(telling, happening.hash, by=happening.payload["actor"])
    seen = names(telling, acknowledged_by(telling, happening.hash))
    return Stop(title, reason, act, seen=seen, unseen=names(telling, unseen))


def _evidence(job: Job) -> Evidence:
    late = sum(
        bool(lateness(datetime.fromisoformat(happening.payload["claimed_at"]), happening.received_at))
        for happening in job.happenings
    )
    taken = {photo["commitment"] for h in job.happenings for photo in h.payload.get("photos", ())}
    # Of those that were refused nothing is awaited, whether their bytes were kept or not.
    taken -= {h.payload["data"]["commitment"] for h in job.happenings if h.payload["type"] == "photo.refused"}
    return Evidence(
        events=len(job.happenings),
        first=job.first_index,
        last=job.last_index,
        published_size=job.published_size,
        is_published=job.published_size > job.last_index,
        is_sealed=job.is_sealed,
        forks=job.forks,
        late=late,
        missing_photos=len(taken - job.shown_photos),
    )


def _review(telling: Telling, reader: str) -> Review | None:
    """The decision that is open now, whoever may make it."""
    job = telling.job
    found = open_decision(job.haws, job.steps, job.state, reader=reader) if job.status == "open" else None
    if found is None:
        return None
    decision = found.definition["decision"]
    words = {"ok": _("Accept"), "no": _("Refuse"), "back": _("Send back")}
    return Review(
        step=found.path,
        activation=found.activation,
        title=telling.title(found.path),
        say=telling.text(found.definition.get("say")),
        verdicts=tuple(Option(verdict, words.get(verdict, verdict)) for verdict in decision["verdicts"]),
        back_to=tuple(Option(path, telling.title(path)) for path in decision.get("back_to", ())),
        reason=decision["reason"],
        waits_for=tuple(telling.name(ref) for ref in found.holders),
        is_mine=reader in found.holders,
    )
