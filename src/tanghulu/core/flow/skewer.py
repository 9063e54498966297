"""The skewer: one haw for every step, as it stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NotRequired, TypedDict

from tanghulu.core.flow.state import Activation, State, current, newest
from tanghulu.core.flow.template import Step, Template
from tanghulu.core.flow.walk import is_ended, stage_counts


class Haw(TypedDict):
    """A step on the skewer; `state` is one of waiting, maybe, skipped, now, held, done, returned."""

    stage: str
    path: str
    state: str
    n: int
    rounds: int
    photos: list[str]
    by: list[str]
    at: NotRequired[str]
    overdue: bool
    found: bool


def haws(template: Template, state: State) -> list[Haw]:
    """All steps in document order, without those of branches that were never taken."""
    return list(_haws(template, state))


def _haws(template: Template, state: State) -> Iterator[Haw]:
    about = {finding["about"] for finding in state["findings"]}
    for step in template.steps.values():
        name = _state(template, state, step)
        if name is None:
            continue
        last = newest(state, step.path)
        haw: Haw = {
            "stage": template.stages[step.place.stage].id,
            "path": step.path,
            "state": name,
            "n": sum(activation["state"] != "void" for activation in state["steps"].get(step.path, ())),
            "rounds": _rounds(state, step),
            "photos": [photo["commitment"] for photo in last["photos"] if "refused" not in photo] if last else [],
            "by": _by(last) if last else [],
            "overdue": name == "now" and last is not None and _is_overdue(state, step, last),
            "found": last is not None and _is_found(last, about),
        }
        if last is not None:
            haw["at"] = last.get("passed_at", last["opened_at"])
        yield haw


def _state(template: Template, state: State, step: Step) -> str | None:
    not_taken = any(state["choices"].get(path, number) != number for path, number in step.place.branches)
    is_over = any(is_ended(state, path) for path in step.place.repeats)
    shown = current(state, step.path)
    if shown is None and (not_taken or is_over):
        shown = newest(state, step.path)
    if shown is not None:
        return {"open": "now", "passed": "held"}.get(shown["state"], "done")
    if not_taken:
        return None
    if is_over or state["status"] == "ended" or not stage_counts(template, state, step.place.stage):
        return "skipped"
    if any(path not in state["choices"] for path, _ in step.place.branches):
        return "maybe"
    made = state["steps"].get(step.path)
    return "returned" if made and made[-1]["state"] == "void" else "waiting"


def _rounds(state: State, step: Step) -> int:
    progress = state["repeats"].get(step.place.repeats[-1]) if step.place.repeats else None
    if progress is None:
        return 0
    return progress["rounds"] if progress["ended"] else progress["rounds"] - 1


def _by(activation: Activation) -> list[str]:
    return list(dict.fromkeys(task["done_by"] for task in activation["tasks"] if "done_by" in task))


def _is_overdue(state: State, step: Step, activation: Activation) -> bool:
    ids = [f"due:{step.path}:{activation['n']}"]
    if step.place.repeats:
        path = step.place.repeats[-1]
        progress = state["repeats"].get(path)
        ids += [f"every:{path}:{progress['rounds']}"] if progress else []
    return any(timer in state["fired"] for timer in ids)


def _is_found(activation: Activation, about: set[str]) -> bool:
    if any(not measured["ok"] for measured in activation["readings"]):
        return True
    if any("refused" in photo for photo in activation["photos"]):
        return True
    events = {photo["event"] for photo in activation["photos"]}
    events.update(measured["event"] for measured in activation["readings"])
    if "decision" in activation:
        events.add(activation["decision"]["event"])
    return not about.isdisjoint(events)
