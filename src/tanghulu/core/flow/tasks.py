"""What waits for a person, and what it still asks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NotRequired, TypedDict

from tanghulu.core.flow.missing import missing
from tanghulu.core.flow.people import is_mine
from tanghulu.core.flow.state import State
from tanghulu.core.flow.template import Template
from tanghulu.core.flow.walk import open_activations


class Waiting(TypedDict):
    """An open activation as one person sees it; `missing` are the codes that would refuse him now."""

    path: str
    n: int
    mine: bool
    missing: list[str]
    waits_until: NotRequired[str]


def tasks(template: Template, state: State, member: str, at: str) -> list[Waiting]:
    """All open activations in document order, as a member sees them at a time."""
    return list(_tasks(template, state, member, at))


def _tasks(template: Template, state: State, member: str, at: str) -> Iterator[Waiting]:
    for step, activation in open_activations(template, state):
        waiting: Waiting = {
            "path": step.path,
            "n": activation["n"],
            "mine": is_mine(template, state, activation, member, at),
            "missing": missing(step, state, activation, member, at, {}),
        }
        opens = activation.get("not_before")
        if opens is not None and at < opens and f"not_before:{step.path}:{activation['n']}" not in state["fired"]:
            waiting["waits_until"] = opens
        yield waiting
