"""What a step relies on that was sampled in it or before it: `sampled_within` of docs/formats/flow.md."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tanghulu.core.flow.scalars import elapsed
from tanghulu.core.flow.state import Measured, State

_SECOND = 1000


@dataclass(frozen=True, slots=True)
class Sampled:
    """The newest of each of these readings (`name` or `name.point`) must be good, and sampled so many seconds ago."""

    readings: tuple[str, ...]
    steps: tuple[str, ...]
    seconds: int


def samples_of(musts: Iterable[Mapping[str, Any]]) -> tuple[Sampled, ...]:
    """Those of a step's conditions that are about samples."""
    return tuple(
        Sampled(tuple(must["readings"]), tuple(must["steps"]), must["seconds"])
        for must in musts
        if must["is"] == "sampled_within"
    )


def sampled_codes(relied_on: Iterable[Sampled], state: State, at: str) -> list[str]:
    """What is wrong at a time with the samples that a step relies on; sorted, empty when nothing is."""
    return sorted({code for sampled in relied_on for code in _sampled(state, sampled, at)})


def _sampled(state: State, sampled: Sampled, at: str) -> Iterator[str]:
    counted = [
        measured
        for path in sampled.steps
        for activation in state["steps"].get(path, [])
        if activation["state"] != "void"
        for measured in activation["readings"]
    ]
    for wanted in sampled.readings:
        name, _, point = wanted.partition(".")
        newest: Measured | None = None
        for measured in counted:
            is_wanted = measured["reading"] == name and measured.get("point", "") == point
            if is_wanted and (newest is None or measured["sampled_at"] >= newest["sampled_at"]):
                newest = measured
        if newest is None:
            yield "reading_missing"
            continue
        if not newest["ok"]:
            yield "reading_out_of_limit"
        if elapsed(newest["sampled_at"], at) > sampled.seconds * _SECOND:
            yield "reading_stale"
