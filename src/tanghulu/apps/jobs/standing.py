"""How a run stands, in the few numbers by which boards, wall screens and the list of people inside are looked up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from tanghulu.core import flow

PEOPLE = "people"
"""The kind of a register of people, in docs/formats/template.md."""


class Urgency(IntEnum):
    """What an office looks at first; the order of the board. Stored, so add, never renumber."""

    STOPPED = 0
    OVERDUE = 1
    PEOPLE_INSIDE = 2
    GOING_ON = 3


@dataclass(frozen=True, slots=True)
class Standing:
    """The columns of a run's row that say it.

    `urgency` is None for a run that is not live, `inside` None where nobody is inside: rows that nobody looks for are
    then in no index. People may still be inside a run that has ended.
    """

    urgency: int | None
    inside: int | None
    contradictions: int


def standing(registers: Mapping[str, str], state: flow.State, *, is_overdue: bool) -> Standing:
    """How a run stands; `registers` maps the names of its registers to their kinds."""
    inside = sum(1 for _ in people_inside(registers, state))
    return Standing(_urgency(state["status"], inside, is_overdue=is_overdue), inside or None, _contradictions(state))


def people_inside(registers: Mapping[str, str], state: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The register and the entry of everybody who went in and has not come out."""
    for name, entries in state["registers"].items():
        if registers.get(name) == PEOPLE:
            yield from ((name, entry) for entry in entries if "out_at" not in entry)


def _urgency(status: str, inside: int, *, is_overdue: bool) -> Urgency | None:
    if status == "stopped":
        return Urgency.STOPPED
    if status != "open":
        return None
    if is_overdue:
        return Urgency.OVERDUE
    return Urgency.PEOPLE_INSIDE if inside else Urgency.GOING_ON


def _contradictions(state: flow.State) -> int:
    return len(state["contradictions"])
