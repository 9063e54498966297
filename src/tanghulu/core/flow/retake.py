"""What a refused photo changes: it counts for nothing, and a step that was passed on it is opened again."""

from __future__ import annotations

from tanghulu.core.flow.event import Event
from tanghulu.core.flow.scalars import later
from tanghulu.core.flow.state import Activation, State, Task, copied, current, is_settled
from tanghulu.core.flow.template import Step, Template
from tanghulu.core.flow.walk import stage_counts


def refuse_photo(template: Template, state: State, event: Event) -> None:
    """The photo counts for nothing any more; whoever passed a step on it is asked for another."""
    commitment, codes = event["data"]["commitment"], event["data"]["codes"]
    for made in state["steps"].values():
        for activation in made:
            for photo in activation["photos"]:
                if photo["commitment"] == commitment:
                    photo["refused"] = sorted({*photo.get("refused", ()), *codes})
    for step in template.steps.values() if state["status"] != "ended" else ():
        now = current(state, step.path)
        if now is not None and any(photo["commitment"] == commitment for photo in now["photos"]):
            _ask_again(template, state, step, now, event["claimed_at"])
    for made in state["steps"].values():
        for activation in made:
            close_when_settled(activation)


def close_when_settled(activation: Activation) -> None:
    """A passed activation is closed as soon as none of its photos is awaited."""
    if activation["state"] == "passed" and all(map(is_settled, activation["photos"])):
        activation["state"] = "closed"


def _ask_again(template: Template, state: State, step: Step, activation: Activation, at: str) -> None:
    short = _short(state, step, activation)
    if not short or not stage_counts(template, state, step.place.stage):
        return
    if activation["state"] == "open":
        # Whoever confirms a common step next is asked for the photo; in an each-step nobody else is.
        for number in short if step.who.each else ():
            activation["tasks"][number] = _undone(activation["tasks"][number])
        return
    if activation.get("decision", {"verdict": "ok"})["verdict"] == "ok":
        _open_again(state, step, activation, short, at)


def _short(state: State, step: Step, activation: Activation) -> set[int]:
    """The tasks, by number, that were done on photos of which there are now too few."""
    done = {number for number, task in enumerate(activation["tasks"]) if "done_by" in task}
    if not step.who.each:
        return done if _lacks_photos(step, activation, None) else set()
    # Whoever is no longer in the part cannot be asked any more.
    present = state["people"].get(step.who.parts[0], [])
    members = {number: activation["tasks"][number].get("member") for number in done}
    return {
        number for number, member in members.items() if member in present and _lacks_photos(step, activation, member)
    }


def _lacks_photos(step: Step, activation: Activation, member: str | None) -> bool:
    for name, slot in step.photos.items():
        taken = (photo for photo in activation["photos"] if photo["slot"] == name and "refused" not in photo)
        if sum(member in {None, photo["by"]} for photo in taken) < slot.count:
            return True
    return False


def _open_again(state: State, step: Step, activation: Activation, short: set[int], at: str) -> None:
    """Void the activation and open another with all that still stands, so that only the photo is asked again."""
    made = state["steps"][step.path]
    again: Activation = {
        "n": len(made) + 1,
        "state": "open",
        "opened_at": at,
        "retake": True,
        "tasks": [
            _undone(task) if number in short else copied(task) for number, task in enumerate(activation["tasks"])
        ],
        "photos": [copied(photo) for photo in activation["photos"] if "refused" not in photo],
        "readings": copied(activation["readings"]),
        "answers": copied(activation["answers"]),
    }
    if step.due is not None:
        again["due"] = later(at, step.due)
    activation["state"] = "void"
    made.append(again)
    for path in step.place.repeats:
        if path in state["repeats"]:
            state["repeats"][path]["ended"] = False


def _undone(task: Task) -> Task:
    undone: Task = {"parts": list(task["parts"])}
    if "member" in task:
        undone["member"] = task["member"]
    return undone
