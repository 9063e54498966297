"""The state of a run: the canonical JSON of docs/formats/flow.md, typed.

A state that was handed out is never changed; `evolve` makes a new one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, NotRequired, TypedDict, TypeVar, cast

Status = Literal["new", "open", "stopped", "ended"]
Progress = Literal["open", "passed", "closed", "void"]
Leaving = Literal["refused", "abandoned", "expired"]
Answer = bool | str


class Task(TypedDict):
    """One person's share of an activation; `whole` of somebody who joined at a retake and has done nothing yet."""

    parts: list[str]
    member: NotRequired[str]
    whole: NotRequired[Literal[True]]
    done_by: NotRequired[str]
    done_at: NotRequired[str]


class Photo(TypedDict):
    """A photo by its commitment; `stored` once the server has the bytes, `refused` when it counts for nothing."""

    slot: str
    commitment: str
    by: str
    at: str
    event: str
    stored: bool
    refused: NotRequired[list[str]]


class Measured(TypedDict):
    """One reading; `ok` within its limits."""

    reading: str
    point: NotRequired[str]
    value: str
    unit: str
    sampled_at: str
    instrument: NotRequired[str]
    by: str
    at: str
    event: str
    ok: bool


class Decided(TypedDict):
    """A person's verdict."""

    verdict: str
    by: str
    at: str
    event: str
    to: NotRequired[str]


class Activation(TypedDict):
    """The n-th opening of a step; a `retake` was opened because a photo of the one before it was refused."""

    n: int
    state: Progress
    opened_at: str
    not_before: NotRequired[str]
    due: NotRequired[str]
    passed_at: NotRequired[str]
    again_at: NotRequired[str]
    moved: NotRequired[Literal[True]]
    retake: NotRequired[Literal[True]]
    tasks: list[Task]
    photos: list[Photo]
    readings: list[Measured]
    answers: dict[str, Any]
    decision: NotRequired[Decided]


class Entry(TypedDict):
    """Somebody or something that went in, and came out when it has `out_at`.

    `exception` is the event by which a lock was removed without its owner.
    """

    item: str
    in_at: str
    in_by: str
    holder: NotRequired[str]
    point: NotRequired[str]
    count: NotRequired[int]
    out_at: NotRequired[str]
    out_by: NotRequired[str]
    exception: NotRequired[str]


class Rounds(TypedDict):
    """How far a repeat is; the last round counts as soon as it begins, unless a person ended it before."""

    rounds: int
    ended: bool
    due: NotRequired[str]


class Facts(TypedDict):
    """Who somebody was to the company when it mattered."""

    roles: list[str]
    certificates: dict[str, str]


class Finding(TypedDict):
    """What a check noticed about an event."""

    about: str
    check: str
    verdict: str


class Contradiction(TypedDict):
    """An event that the rules did not allow."""

    event: str
    codes: list[str]


class State(TypedDict):
    """All that follows from the events of a run so far."""

    v: int
    status: Status
    outcome: NotRequired[str]
    leaving: NotRequired[Leaving]
    way_out: NotRequired[bool]
    opened_at: NotRequired[str]
    opened_by: NotRequired[str]
    opened_event: NotRequired[str]
    subject: NotRequired[dict[str, Any]]
    people: dict[str, list[str]]
    facts: dict[str, Facts]
    steps: dict[str, list[Activation]]
    base: dict[str, int]
    repeats: dict[str, Rounds]
    choices: dict[str, int]
    registers: dict[str, list[Entry]]
    fired: list[str]
    findings: list[Finding]
    contradictions: list[Contradiction]
    events: int
    sealed: bool


def new_state() -> State:
    """A run before its first event."""
    return {
        "v": 1,
        "status": "new",
        "people": {},
        "facts": {},
        "steps": {},
        "base": {},
        "repeats": {},
        "choices": {},
        "registers": {},
        "fired": [],
        "findings": [],
        "contradictions": [],
        "events": 0,
        "sealed": False,
    }


_Json = TypeVar("_Json")


def copied(value: _Json) -> _Json:
    """A JSON value that shares nothing changeable with the one given."""
    if isinstance(value, dict):
        return cast("_Json", {key: copied(item) for key, item in value.items()})
    if isinstance(value, list):
        return cast("_Json", [copied(item) for item in value])
    return value


def state_to_json(state: State) -> dict[str, Any]:
    """The state as JSON to be stored."""
    return cast("dict[str, Any]", copied(state))


def state_from_json(document: dict[str, Any]) -> State:
    """The state that was stored as this JSON."""
    return cast("State", copied(document))


def current(state: State, path: str) -> Activation | None:
    """The activation of a step that counts in this round, if it has one."""
    made = state["steps"].get(path)
    if not made or len(made) <= state["base"].get(path, 0):
        return None
    last = made[-1]
    return None if last["state"] == "void" else last


def newest(state: State, path: str) -> Activation | None:
    """The newest activation that is not void, of whatever round."""
    made: list[Activation] = state["steps"].get(path, [])
    standing = [activation for activation in made if activation["state"] != "void"]
    return standing[-1] if standing else None


def every_photo(state: State) -> Iterator[Photo]:
    """All photos of the run, those of void activations too."""
    for made in state["steps"].values():
        for activation in made:
            yield from activation["photos"]


def is_settled(photo: Photo) -> bool:
    """Whether nothing is awaited of a photo any more: its bytes are stored, or it was refused."""
    return photo["stored"] or "refused" in photo


def is_retaken(activation: Activation, member: str) -> bool:
    """Whether a person is asked only for what a refused photo took away, because he has done all else before."""
    return "retake" in activation and not any(
        task.get("member") == member and "whole" in task for task in activation["tasks"]
    )


def still_in(state: State, register: str) -> list[Entry]:
    """What is in a register now."""
    return [entry for entry in state["registers"].get(register, []) if "out_at" not in entry]
