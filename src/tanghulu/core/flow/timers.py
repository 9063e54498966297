"""The times that a run waits for, to be fired by the server's clock."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NotRequired, TypedDict

from tanghulu.core.flow.scalars import later
from tanghulu.core.flow.state import State
from tanghulu.core.flow.template import Template
from tanghulu.core.flow.walk import is_running, open_activations


class Timer(TypedDict):
    """A time to come; `kind` is `expiry`, `due`, `not_before` or `every`."""

    id: str
    kind: str
    at: str
    path: NotRequired[str]


def timers(template: Template, state: State) -> list[Timer]:
    """The timers that have not fired, by time and id; a run that is new or ended has none."""
    if state["status"] in {"new", "ended"}:
        return []
    waiting = [timer for timer in _all(template, state) if timer["id"] not in state["fired"]]
    return sorted(waiting, key=lambda timer: (timer["at"], timer["id"]))


def _all(template: Template, state: State) -> Iterator[Timer]:
    if template.expires_after is not None and "leaving" not in state and "opened_at" in state:
        yield {"id": "expiry", "kind": "expiry", "at": later(state["opened_at"], template.expires_after)}
    for step, activation in open_activations(template, state):
        if "due" in activation:
            yield _timer("due", step.path, activation["n"], activation["due"])
        if "not_before" in activation:
            yield _timer("not_before", step.path, activation["n"], activation["not_before"])
    for repeat in template.repeats.values():
        progress = state["repeats"].get(repeat.path)
        if progress is not None and "due" in progress and is_running(template, state, repeat):
            yield _timer("every", repeat.path, progress["rounds"], progress["due"])


def _timer(kind: str, path: str, number: int, at: str) -> Timer:
    return {"id": f"{kind}:{path}:{number}", "kind": kind, "at": at, "path": path}
