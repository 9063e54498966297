"""What opens by itself: advance walks the stages that count and opens whatever has come to its turn."""

from __future__ import annotations

from tanghulu.core.flow.conditions import is_true
from tanghulu.core.flow.people import tasks_of
from tanghulu.core.flow.scalars import later
from tanghulu.core.flow.state import Activation, State, current
from tanghulu.core.flow.template import Choice, Node, Parallel, Repeat, Sequence, Step, Template
from tanghulu.core.flow.walk import branch, counting, is_done


def advance(template: Template, state: State, at: str) -> None:
    """Open what has come to its turn in an open run, or end it. Changes the state given."""
    if state["status"] != "open":
        return
    for stage in counting(template, state):
        _open(template, state, stage.body, at)
        if not is_done(state, stage.body):
            return
    if any(activation["state"] == "passed" for made in state["steps"].values() for activation in made):
        return
    state["status"] = "ended"
    state["outcome"] = state.get("leaving", "completed")


def _open(template: Template, state: State, node: Node, at: str) -> None:
    match node:
        case Step():
            if current(state, node.path) is None:
                _open_step(state, node, at)
        case Sequence():
            for child in node.children:
                _open(template, state, child, at)
                if not is_done(state, child):
                    return
        case Parallel():
            for child in node.children:
                _open(template, state, child, at)
        case Choice():
            _open(template, state, _branch_taken(template, state, node), at)
        case Repeat():
            _open_repeat(template, state, node, at)


def _open_step(state: State, step: Step, at: str) -> None:
    made = state["steps"].setdefault(step.path, [])
    activation: Activation = {
        "n": len(made) + 1,
        "state": "open",
        "opened_at": at,
        "tasks": tasks_of(step, state["people"]),
        "photos": [],
        "readings": [],
        "answers": {},
    }
    if step.not_before is not None:
        after = current(state, step.not_before.after) if step.not_before.after else None
        start = at if after is None else after.get("passed_at", at)
        activation["not_before"] = later(start, step.not_before.seconds)
    if step.due is not None:
        activation["due"] = later(at, step.due)
    made.append(activation)


def _branch_taken(template: Template, state: State, choice: Choice) -> Sequence:
    if choice.path not in state["choices"]:
        state["choices"][choice.path] = _take(template, state, choice)
    return branch(choice, state["choices"][choice.path])


def _take(template: Template, state: State, choice: Choice) -> int:
    for number, (condition, _) in enumerate(choice.options):
        if is_true(template, state, condition):
            return number
    return -1


def _open_repeat(template: Template, state: State, repeat: Repeat, at: str) -> None:
    if repeat.path not in state["repeats"]:
        state["repeats"][repeat.path] = {"rounds": 1, "ended": False}
    progress = state["repeats"][repeat.path]
    while not progress["ended"]:
        _open(template, state, repeat.body, at)
        if not is_done(state, repeat.body):
            return
        if _is_over(template, state, repeat, progress["rounds"]):
            progress["ended"] = True
            return
        progress["rounds"] += 1
        if repeat.every is not None:
            progress["due"] = later(at, repeat.every)
        _begin_round(template, state, repeat)


def _is_over(template: Template, state: State, repeat: Repeat, rounds: int) -> bool:
    if rounds == repeat.at_most:
        return True
    return repeat.until is not None and rounds >= repeat.at_least and is_true(template, state, repeat.until)


def _begin_round(template: Template, state: State, repeat: Repeat) -> None:
    for path in template.inside[repeat.path]:
        if path in state["steps"]:
            state["base"][path] = len(state["steps"][path])
    for path, inner in template.repeats.items():
        if repeat.path in inner.place.repeats:
            state["repeats"].pop(path, None)
    for path, choice in template.choices.items():
        if repeat.path in choice.place.repeats:
            state["choices"].pop(path, None)
