"""The fold of a run: state and event give the next state, and never fail."""

from __future__ import annotations

from collections.abc import Iterable

from tanghulu.core.flow.advance import advance
from tanghulu.core.flow.apply import apply
from tanghulu.core.flow.event import REVOKED, Event, is_known
from tanghulu.core.flow.refusals import refusal
from tanghulu.core.flow.state import State, copied, new_state
from tanghulu.core.flow.template import Template


def evolve(template: Template, state: State, event: Event) -> State:
    """The state after an event, allowed or not; an event that is not allowed is marked as contradicting."""
    after = copied(state)
    take_in(template, after, event)
    return after


def fold(template: Template, events: Iterable[Event], start: State | None = None) -> State:
    """The state after all these events in log order, from a start that is left as it is."""
    state = new_state() if start is None else copied(start)
    for event in events:
        take_in(template, state, event)
    return state


def take_in(template: Template, state: State, event: Event) -> None:
    """Fold one event into a state that nobody else holds, which is changed; else as `evolve`."""
    state["events"] += 1
    state["sealed"] = event["type"] == "run.sealed"
    if event.get("revoked"):
        state["contradictions"].append({"event": event["hash"], "codes": [REVOKED]})
        return
    if not is_known(event):
        return
    codes = refusal(template, state, event)
    if codes:
        state["contradictions"].append({"event": event["hash"], "codes": codes})
        return
    apply(template, state, event)
    advance(template, state, event["claimed_at"])
