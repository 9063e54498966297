"""What in a run is done, what counts and what runs: questions about the tree that are answered from the state alone."""

from __future__ import annotations

from collections.abc import Iterator

from tanghulu.core.flow.state import Activation, State, current, is_settled
from tanghulu.core.flow.template import Choice, Node, Parallel, Repeat, Sequence, Stage, Step, Template


def counting(template: Template, state: State) -> Iterator[Stage]:
    """The stages to be walked: all, or when leaving the exit stages, if there is a way out to walk."""
    if "leaving" not in state:
        yield from template.stages
    elif state.get("way_out"):
        yield from (stage for stage in template.stages if stage.exit)


def stage_counts(template: Template, state: State, number: int) -> bool:
    """Say whether the stage of this number is one of those to be walked."""
    return "leaving" not in state or (state.get("way_out", False) and template.stages[number].exit)


def is_running(template: Template, state: State, repeat: Repeat) -> bool:
    """Say whether rounds of a repeat are being done."""
    return (
        repeat.path in state["repeats"]
        and not any(is_ended(state, path) for path in (*repeat.place.repeats, repeat.path))
        and stage_counts(template, state, repeat.place.stage)
    )


def is_ended(state: State, path: str) -> bool:
    """Say whether a repeat has been entered and is over."""
    rounds = state["repeats"].get(path)
    return rounds is not None and rounds["ended"]


def is_done(state: State, node: Node) -> bool:
    """Say whether a node is done, as flow.md defines it."""
    match node:
        case Step():
            return _step_is_done(state, node)
        case Sequence() | Parallel():
            return all(is_done(state, child) for child in node.children)
        case Choice():
            taken = state["choices"].get(node.path)
            return taken is not None and is_done(state, branch(node, taken))
        case Repeat():
            return is_ended(state, node.path)


def branch(choice: Choice, taken: int) -> Sequence:
    """The branch of this number; -1 is the last."""
    return choice.otherwise if taken < 0 else choice.options[taken][1]


def _step_is_done(state: State, step: Step) -> bool:
    activation = current(state, step.path)
    if activation is None:
        return False
    if activation["state"] == "passed":
        return all(is_settled(photo) or step.photos[photo["slot"]].provisional for photo in activation["photos"])
    return activation["state"] == "closed"


def open_activations(template: Template, state: State) -> Iterator[tuple[Step, Activation]]:
    """The current activations that are open, in document order."""
    for step in template.steps.values():
        activation = current(state, step.path)
        if activation is not None and activation["state"] == "open":
            yield step, activation
