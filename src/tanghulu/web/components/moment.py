"""One event of a job as a replay shows it: what was done, by whom, when, what the rule asked, and how the job stood."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from tanghulu.apps.evidence.queries.devices import check_number
from tanghulu.apps.jobs.queries import Happening, Replay
from tanghulu.apps.photos.derivatives import LARGE, SMALL
from tanghulu.web.components.skewer import Skewer, Surroundings, build_skewer
from tanghulu.web.components.steps import Act, Telling, act_of, event_word, limit_words, photo_url
from tanghulu.web.components.words import Pill, contradiction, point_words, refused_photo, run_pill, verdict_word


@dataclass(frozen=True, slots=True)
class Shot:
    """A photo of a replay; `large` is empty while its bytes are not here."""

    title: str
    large: str
    at: datetime
    who: str


@dataclass(frozen=True, slots=True)
class Measured:
    """A reading at the moment at which it was taken; `ok` is what the kernel found, None where it took nothing in."""

    title: str
    value: str
    unit: str
    limit: str
    instrument: str
    sampled_at: datetime
    ok: bool | None


@dataclass(frozen=True, slots=True)
class Inside:
    """Who is inside, by the register of people, and since when."""

    who: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Moment:
    """Everything that is shown of one event. `sentence` says what changed, where no photo or reading does."""

    number: int
    count: int
    kind: str
    title: str
    act: Act
    parts: str
    device: str
    place: str
    sentence: str
    reason: str
    shot: Shot | None
    before: Shot | None
    show: tuple[str, ...]
    measured: Measured | None
    oddities: tuple[str, ...]
    say: str
    source: tuple[str, ...]
    pill: Pill
    skewer: Skewer
    inside: tuple[Inside, ...]


def address(run: str, number: int) -> str:
    """Where the replay of a run shows its event `number`."""
    return f"{reverse('replay', args=[run])}?event={number}"


def build_moment(found: Replay, language: str) -> Moment:
    """The newest event of `found.then`, which has at least one."""
    telling, now = Telling(found.then, language), found.then.happenings[-1]
    payload = now.payload
    step = payload.get("step", "")
    definition = found.whole.steps.get(step, {})
    shot, before = _shots(telling, now)
    return Moment(
        number=found.number,
        count=len(found.whole.happenings),
        kind=event_word(payload["type"]),
        title=telling.title(step) if step else "",
        act=act_of(telling, now.hash, who=payload["actor"], at=payload["claimed_at"]),
        parts=_parts(telling, payload["actor"]),
        device=check_number(payload["device"]) if payload["actor"] != "server" else "",
        place=_place_words(found, now),
        sentence=_sentence(telling, payload),
        reason=str(now.opened.get("reason", "")),
        shot=shot,
        before=before,
        show=_show(telling, definition, payload),
        measured=_measured(telling, definition, now),
        oddities=tuple(contradiction(code) for code in now.codes),
        say=telling.text(definition.get("say")),
        source=tuple(definition.get("source", ())),
        pill=run_pill(
            found.then.status, found.then.outcome, overdue=found.then.is_overdue, sealed=found.then.is_sealed
        ),
        skewer=_skewer(found, telling, step),
        inside=tuple(_inside(telling)),
    )


def _parts(telling: Telling, ref: str) -> str:
    """The parts that somebody had in the job then."""
    definitions = telling.job.document.get("people", {})
    named = [part for part, members in telling.job.state["people"].items() if ref in members]
    return _(", ").join(telling.text(definitions.get(part, {}).get("title")) or part for part in named)


def _place_words(found: Replay, now: Happening) -> str:
    """The machine and where it stands, and what the event itself tells of the place, if that was opened."""
    return " · ".join(filter(None, (found.whole.equipment, found.whole.place, str(now.opened.get("place", "")))))


def _shots(telling: Telling, now: Happening) -> tuple[Shot | None, Shot | None]:
    """The photo that the event speaks of, and the photo before it in the same place of the same step."""
    spoken = [photo["commitment"] for photo in now.payload.get("photos", ())]
    spoken += [now.payload["data"]["commitment"]] if now.payload["type"] in {"photo.stored", "photo.refused"} else []
    taken = [one for one in telling.job.happenings if one.payload["type"] == "photo.taken"]
    mine = [one for one in taken if spoken and one.payload["photos"][0]["commitment"] == spoken[0]]
    if not mine:
        return None, None
    place = _place(mine[-1])
    earlier = [one for one in taken[: taken.index(mine[-1])] if _place(one) == place]
    return _shot(telling, mine[-1]), _shot(telling, earlier[-1]) if earlier else None


def _place(happening: Happening) -> tuple[str, str]:
    return happening.payload.get("step", ""), happening.payload["photos"][0].get("slot", "")


def _shot(telling: Telling, happening: Happening) -> Shot:
    step, slot = _place(happening)
    asked = telling.job.steps.get(step, {}).get("photos", {}).get(slot, {})
    return Shot(
        title=telling.text(asked.get("title")) or slot,
        large=telling.picture(happening.payload["photos"][0]["commitment"], LARGE),
        at=datetime.fromisoformat(happening.payload["claimed_at"]),
        who=telling.name(happening.payload["actor"]),
    )


def _show(telling: Telling, definition: Mapping[str, Any], payload: Mapping[str, Any]) -> tuple[str, ...]:
    """What the rule wanted to see on this photo."""
    slot = definition.get("photos", {}).get(payload["data"].get("slot", ""), {})
    return tuple(telling.text(text) for text in slot.get("show", ()))


def _measured(telling: Telling, definition: Mapping[str, Any], now: Happening) -> Measured | None:
    if now.payload["type"] != "reading.taken":
        return None
    data = now.payload["data"]
    asked = definition.get("readings", {}).get(data["reading"], {})
    title = telling.text(asked.get("title")) or data["reading"]
    activations = telling.job.state["steps"].get(now.payload["step"], ())
    kept = [reading for one in activations for reading in one["readings"] if reading["event"] == now.hash]
    return Measured(
        title=" ".join(filter(None, (title, point_words(data.get("point", ""))))),
        value=data["value"],
        unit=data["unit"],
        limit=limit_words(asked),
        instrument=data.get("instrument", ""),
        sampled_at=datetime.fromisoformat(data["sampled_at"]),
        ok=kept[0]["ok"] if kept else None,
    )


def _sentence(telling: Telling, payload: Mapping[str, Any]) -> str:
    """What an event changed, from its own data; empty where its kind says it all."""
    kind, data = payload["type"], payload["data"]
    if kind in {"register.entered", "register.left", "lock.removed"}:
        return _register(telling, data)
    if kind == "decision.made":
        verdict = verdict_word(data["verdict"])
        return f"{verdict} → {telling.title(data['to'])}" if "to" in data else verdict
    if kind == "people.assigned":
        part = telling.job.document.get("people", {}).get(data["part"], {})
        members = _(", ").join(telling.name(ref) for ref in data["members"])
        return f"{telling.text(part.get('title')) or data['part']}: {members}"
    if kind == "people.resolved":
        return telling.name(data["member"])
    if kind == "photo.refused":
        return " ".join(refused_photo(code) for code in data["codes"])
    return ""


def _register(telling: Telling, data: Mapping[str, Any]) -> str:
    definition = telling.job.document.get("registers", {}).get(data["register"], {})
    is_people = definition.get("kind") == "people"
    item = telling.name(data["item"]) if is_people else data["item"]
    details = [telling.name(data["holder"])] if "holder" in data else []
    details += [str(data["point"])] if "point" in data else []
    details += [f"×{data['count']}"] if "count" in data else []
    return f"{telling.text(definition.get('title')) or data['register']}: {' · '.join([item, *details])}"


def _inside(telling: Telling) -> Iterator[Inside]:
    definitions = telling.job.document.get("registers", {})
    for name, entries in telling.job.state["registers"].items():
        if definitions.get(name, {}).get("kind") == "people":
            for entry in entries:
                if "out_at" not in entry:
                    yield Inside(telling.name(entry["item"]), datetime.fromisoformat(entry["in_at"]))


def _skewer(found: Replay, telling: Telling, step: str) -> Skewer:
    """The skewer of then; a haw leads to the first event of its step, if the job ever comes to one."""
    job = found.then
    firsts: dict[str, int] = {}
    for number, happening in enumerate(found.whole.happenings, start=1):
        firsts.setdefault(happening.payload.get("step", ""), number)
    taken = {photo["commitment"] for one in job.happenings for photo in one.payload.get("photos", ())}
    arrived = {one.payload["data"]["commitment"] for one in job.happenings if one.payload["type"] == "photo.stored"}
    visible = taken & arrived & job.shown_photos
    around = Surroundings(
        titles=job.titles,
        stages=job.stages,
        names=job.names,
        thumbnail=lambda commitment: photo_url(commitment, SMALL) if commitment in visible else None,
        language=telling.language,
        href=lambda path: address(job.run, firsts.get(path, found.number)),
        selected=step,
    )
    return build_skewer(telling.text(job.title), job.haws, around=around, status=job.status, outcome=job.outcome)
