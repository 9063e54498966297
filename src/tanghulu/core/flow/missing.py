"""What an activation still asks before a task in it can be done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tanghulu.core.flow.samples import sampled_codes
from tanghulu.core.flow.scalars import decimal, elapsed, is_decimal
from tanghulu.core.flow.state import Activation, Measured, State, is_retaken, still_in
from tanghulu.core.flow.template import Ask, Must, PhotoSlot, Reading, Step

Answers = Mapping[str, Any]
_SECOND = 1000


def missing(step: Step, state: State, activation: Activation, member: str, at: str, answers: Answers) -> list[str]:
    """The codes of all that a person's task still lacks at a time, given the answers of this moment; sorted."""
    codes: set[str] = set()
    for name, slot in step.photos.items():
        codes.update(_photos(step, activation, name, slot, member, at))
    for name, reading in step.readings.items():
        if reading.optional:
            continue
        codes.update(_readings(step, activation, name, reading, member, at))
    if not is_retaken(activation, member):
        codes.update(_registers(step, state, member))
        for must in step.must:
            codes.update(_must(state, must))
        codes.update(sampled_codes(step.sampled, state, at))
    codes.update(_answers(step, {**answered(step, activation, member), **answers}))
    return sorted(codes)


def answered(step: Step, activation: Activation, member: str) -> Answers:
    """The answers that count for a person: his own where everybody is asked, else those of the step."""
    if not step.who.each:
        return activation["answers"]
    own = activation["answers"].get(member, {})
    return own if isinstance(own, dict) else {}


def _photos(step: Step, activation: Activation, name: str, slot: PhotoSlot, member: str, at: str) -> Iterator[str]:
    taken = [
        photo
        for photo in activation["photos"]
        if photo["slot"] == name and "refused" not in photo and (not step.who.each or photo["by"] == member)
    ]
    if len(taken) < slot.count:
        yield "photo_missing"
    elif slot.fresh is not None:
        limit = slot.fresh * _SECOND
        if sum(elapsed(photo["at"], at) <= limit for photo in taken) < slot.count:
            yield "photo_stale"


def _readings(step: Step, activation: Activation, name: str, reading: Reading, member: str, at: str) -> Iterator[str]:
    own = [
        measured
        for measured in activation["readings"]
        if measured["reading"] == name and (not step.who.each or measured["by"] == member)
    ]
    for point in reading.points or (None,):
        latest: Measured | None = None
        for measured in own:
            if measured.get("point") == point:
                latest = measured
        if latest is None:
            yield "reading_missing"
            continue
        if not latest["ok"]:
            yield "reading_out_of_limit"
        # What was measured in time is not measured again for a photo: meanwhile the work may have gone on.
        if is_retaken(activation, member):
            continue
        if reading.fresh is not None and elapsed(latest["sampled_at"], at) > reading.fresh * _SECOND:
            yield "reading_stale"


def _registers(step: Step, state: State, member: str) -> Iterator[str]:
    for name, use in step.register.items():
        entries = still_in(state, name)
        own = [entry for entry in entries if member in {entry.get("holder"), entry["item"]}]
        if use.enters and use.at_least > 0 and len(own if step.who.each else entries) < use.at_least:
            yield "register_incomplete"
        if use.act == "out" and step.who.each and any(entry.get("holder") == member for entry in entries):
            yield "register_not_empty"


def _must(state: State, must: Must) -> Iterator[str]:
    entries = still_in(state, must.register)
    if must.rule == "empty":
        if entries:
            yield "register_not_empty"
        return
    present = {entry["item"] for entry in entries} | {entry.get("holder") for entry in entries}
    if any(member not in present for member in state["people"].get(must.part or "", ())):
        yield "register_incomplete"


def _answers(step: Step, answers: Answers) -> Iterator[str]:
    if any(name not in step.ask for name in answers):
        yield "answer_not_allowed"
    for name, ask in step.ask.items():
        if name not in answers:
            yield "answer_missing"
        elif not _is_allowed(ask, answers[name]):
            yield "answer_not_allowed"


def _is_allowed(ask: Ask, answer: object) -> bool:
    if ask.kind == "yes_no":
        return isinstance(answer, bool) and ask.must in {None, answer}
    if not isinstance(answer, str):
        return False
    if ask.kind == "choice":
        return answer in ask.options and ask.must in {None, answer}
    if not is_decimal(answer):
        return False
    return ask.must is None or (isinstance(ask.must, str) and decimal(answer) == decimal(ask.must))
