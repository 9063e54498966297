"""Steps that are over when somebody comes who has to do them too: `newcomers` of docs/formats/flow.md."""

from __future__ import annotations

from collections.abc import Iterator

from tanghulu.core.flow.scalars import later
from tanghulu.core.flow.state import Activation, State, current
from tanghulu.core.flow.template import Step, Template
from tanghulu.core.flow.walk import is_ended, stage_counts


def open_for_newcomers(template: Template, state: State, part: str, at: str) -> set[str]:
    """Open again what is over and whoever joins this part at that time must do as well; the paths of these steps.

    A retake that is open counts as over: others have done the step. Changes the state given.
    """
    over = list(_over(template, state, part))
    last = {register: step.path for step, _ in over for register in _filled(step)}
    meant = set()
    for step, activation in over:
        if not _filled(step) or any(last[register] == step.path for register in _filled(step)):
            meant.add(step.path)
            if activation["state"] != "open":
                _open_again(state, step, activation, at)
    return meant


def _over(template: Template, state: State, part: str) -> Iterator[tuple[Step, Activation]]:
    going_out = any(current(state, step.path) for step in template.steps.values() if _is_exit(template, step))
    for step in template.steps.values():
        activation = current(state, step.path)
        if activation is None or (activation["state"] == "open" and "retake" not in activation):
            continue
        if not step.who.newcomers or part not in step.who.parts or (going_out and not _is_exit(template, step)):
            continue
        if _is_on_the_way(template, state, step) and not _is_being_emptied(template, state, step):
            yield step, activation


def _is_exit(template: Template, step: Step) -> bool:
    return template.stages[step.place.stage].exit


def _is_on_the_way(template: Template, state: State, step: Step) -> bool:
    """Whether the walk still passes here, so that it stops at the step when that is open."""
    return (
        stage_counts(template, state, step.place.stage)
        and all(state["choices"].get(path) == number for path, number in step.place.branches)
        and all(path in state["repeats"] and not is_ended(state, path) for path in step.place.repeats)
    )


def _is_being_emptied(template: Template, state: State, step: Step) -> bool:
    """Whether a later step that takes out again what this one puts in has had its turn."""
    return any(
        later_one.order > step.order and later_one.register[register].act == "out" and current(state, later_one.path)
        for register in _filled(step)
        for later_one in template.steps.values()
        if register in later_one.register
    )


def _filled(step: Step) -> list[str]:
    return [register for register, use in step.register.items() if use.enters]


def _open_again(state: State, step: Step, activation: Activation, at: str) -> None:
    activation["state"], activation["again_at"] = "open", at
    del activation["passed_at"]
    if step.due is not None:
        activation["due"] = later(at, step.due)
        state["fired"] = [timer for timer in state["fired"] if timer != f"due:{step.path}:{activation['n']}"]
