"""What an allowed event changes. Every function here changes the state it is given, which `evolve` has copied."""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Mapping

from tanghulu.core.flow.event import Event
from tanghulu.core.flow.newcomers import open_for_newcomers
from tanghulu.core.flow.people import fitting
from tanghulu.core.flow.removals import locks_of
from tanghulu.core.flow.retake import close_when_settled, refuse_photo
from tanghulu.core.flow.scalars import decimal
from tanghulu.core.flow.state import Activation, Decided, Entry, Leaving, Measured, State, Task, current, still_in
from tanghulu.core.flow.template import Step, Template
from tanghulu.core.flow.timers import timers
from tanghulu.core.flow.walk import is_done, open_activations


def apply(template: Template, state: State, event: Event) -> None:
    """Change the state by an event that is allowed and known."""
    _APPLY[event["type"]](template, state, event)


def _opened(template: Template, state: State, event: Event) -> None:
    data = event["data"]
    state["status"] = "open"
    state["opened_at"] = event["claimed_at"]
    state["opened_by"] = event["actor"]
    state["opened_event"] = event["hash"]
    state["subject"] = dict(data["subject"])
    state["people"] = {part: list(data["people"].get(part, ())) for part in template.people}
    state["registers"] = {name: [] for name in template.registers}


def _assigned(template: Template, state: State, event: Event) -> None:
    part, members = event["data"]["part"], list(event["data"]["members"])
    joining = [member for member in members if member not in state["people"].get(part, ())]
    state["people"][part] = members
    meant = open_for_newcomers(template, state, part, event["claimed_at"]) if joining else set()
    for step, activation in open_activations(template, state):
        if step.who.each and part in step.who.parts:
            _reassign(step, activation, members, joining if step.path in meant else [], joining)
            _pass_when_done(activation, event["claimed_at"])


def _reassign(
    step: Step, activation: Activation, members: list[str], catching_up: list[str], joining: list[str]
) -> None:
    kept = [task for task in activation["tasks"] if "done_by" in task or task.get("member") in members]
    known = {task.get("member") for task in kept}
    new: list[Task]
    if "retake" in activation:
        new = [{"parts": list(step.who.parts), "member": member, "whole": True} for member in catching_up]
    else:
        lacking = joining if step.who.newcomers else [member for member in members if member not in known]
        new = [{"parts": list(step.who.parts), "member": member} for member in lacking]
    activation["tasks"] = kept + new


def _photo(_template: Template, state: State, event: Event) -> None:
    _activation(state, event)["photos"].append(
        {
            "slot": event["data"]["slot"],
            "commitment": event["photos"][0]["commitment"],
            "by": event["actor"],
            "at": event["claimed_at"],
            "event": event["hash"],
            "stored": False,
        }
    )


def _reading(template: Template, state: State, event: Event) -> None:
    data = event["data"]
    measured: Measured = {
        "reading": data["reading"],
        "value": data["value"],
        "unit": data["unit"],
        "sampled_at": data["sampled_at"],
        "by": event["actor"],
        "at": event["claimed_at"],
        "event": event["hash"],
        "ok": template.steps[event["step"]].readings[data["reading"]].allows(decimal(data["value"])),
    }
    if "point" in data:
        measured["point"] = data["point"]
    if "instrument" in data:
        measured["instrument"] = data["instrument"]
    _activation(state, event)["readings"].append(measured)


def _entered(_template: Template, state: State, event: Event) -> None:
    data = event["data"]
    entry: Entry = {"item": data["item"], "in_at": event["claimed_at"], "in_by": event["actor"]}
    if "holder" in data:
        entry["holder"] = data["holder"]
    if "point" in data:
        entry["point"] = data["point"]
    if "count" in data:
        entry["count"] = data["count"]
    state["registers"][data["register"]].append(entry)
    _activation(state, event)["moved"] = True


def _left(_template: Template, state: State, event: Event) -> None:
    data = event["data"]
    entry = [entry for entry in still_in(state, data["register"]) if entry["item"] == data["item"]][-1]
    entry["out_at"], entry["out_by"] = event["claimed_at"], event["actor"]
    if "step" in event:
        _activation(state, event)["moved"] = True


def _removed(_template: Template, state: State, event: Event) -> None:
    entry = locks_of(state, event["data"])[-1]
    entry["out_at"], entry["out_by"], entry["exception"] = event["claimed_at"], event["actor"], event["hash"]


def _confirmed(template: Template, state: State, event: Event) -> None:
    activation, answers = _activation(state, event), event["data"].get("answers", {})
    if template.steps[event["step"]].who.each:
        if answers:
            activation["answers"].setdefault(event["actor"], {}).update(answers)
    else:
        activation["answers"].update(answers)
    _do_task(template, state, activation, event)
    _pass_when_done(activation, event["claimed_at"])


def _decided(template: Template, state: State, event: Event) -> None:
    step, activation, data = template.steps[event["step"]], _activation(state, event), event["data"]
    decided: Decided = {
        "verdict": data["verdict"],
        "by": event["actor"],
        "at": event["claimed_at"],
        "event": event["hash"],
    }
    _do_task(template, state, activation, event)
    activation["decision"] = decided
    if data["verdict"] == "ok":
        _pass_when_done(activation, event["claimed_at"])
        return
    _pass(activation, event["claimed_at"])
    if data["verdict"] == "no":
        _leave(template, state, "refused", event["claimed_at"])
    else:
        decided["to"] = data["to"]
        _return(template, state, template.steps[data["to"]], step)


def _repeat_ended(template: Template, state: State, event: Event) -> None:
    path = event["data"]["repeat"]
    state["repeats"][path]["ended"] = True
    state["repeats"][path]["rounds"] -= 1
    for inside in template.inside[path]:
        activation = current(state, inside)
        if activation is not None and activation["state"] == "open":
            activation["state"] = "void"


def _stopped(_template: Template, state: State, _event: Event) -> None:
    state["status"] = "stopped"


def _resumed(_template: Template, state: State, _event: Event) -> None:
    state["status"] = "open"


def _abandoned(template: Template, state: State, event: Event) -> None:
    state["status"] = "open"
    _leave(template, state, "abandoned", event["claimed_at"])


def _resolved(template: Template, state: State, event: Event) -> None:
    data = event["data"]
    member, roles = data["member"], sorted(set(data["roles"]))
    is_first = member not in state["facts"]
    state["facts"][member] = {"roles": roles, "certificates": dict(data["certificates"])}
    if is_first and member == state.get("opened_by") and not template.opened_by.intersection(roles):
        state["contradictions"].append({"event": state["opened_event"], "codes": ["role_missing"]})
        if state["status"] == "open":
            state["status"] = "stopped"


def _stored(_template: Template, state: State, event: Event) -> None:
    commitment = event["data"]["commitment"]
    for made in state["steps"].values():
        for activation in made:
            for photo in activation["photos"]:
                if photo["commitment"] == commitment:
                    photo["stored"] = True
            close_when_settled(activation)


def _fired(template: Template, state: State, event: Event) -> None:
    timer = event["data"]["timer"]
    if all(waiting["id"] != timer for waiting in timers(template, state)):
        return
    insort(state["fired"], timer)
    if timer == "expiry" and not all(is_done(state, stage.body) for stage in template.stages if not stage.exit):
        _leave(template, state, "expired", event["claimed_at"])


def _checked(_template: Template, state: State, event: Event) -> None:
    data = event["data"]
    if data["verdict"] != "pass":
        state["findings"].append({"about": data["about"], "check": data["check"], "verdict": data["verdict"]})


def _sealed(_template: Template, _state: State, _event: Event) -> None:
    """Sealing changes nothing but `sealed`, which `evolve` sets."""


def _activation(state: State, event: Event) -> Activation:
    number: int = event["activation"]
    return state["steps"][event["step"]][number - 1]


def _do_task(template: Template, state: State, activation: Activation, event: Event) -> None:
    for task in fitting(template, state, activation, event["actor"], event["claimed_at"]):
        if "done_by" not in task:
            task["done_by"], task["done_at"] = event["actor"], event["claimed_at"]
            return


def _pass_when_done(activation: Activation, at: str) -> None:
    if all("done_by" in task for task in activation["tasks"]):
        _pass(activation, at)


def _pass(activation: Activation, at: str) -> None:
    activation["state"], activation["passed_at"] = "passed", at
    close_when_settled(activation)


def _leave(template: Template, state: State, why: Leaving, at: str) -> None:
    if "leaving" not in state:
        inside = any(still_in(state, register) for register in state["registers"])
        state["leaving"] = why
        state["way_out"] = inside and any(stage.exit for stage in template.stages)
    for step, activation in open_activations(template, state):
        if not (state["way_out"] and template.stages[step.place.stage].exit):
            _cut_off(activation, at)


def _cut_off(activation: Activation, at: str) -> None:
    if "again_at" not in activation:
        activation["state"] = "void"
        return
    # What had been done before newcomers came stays done.
    activation["tasks"] = [task for task in activation["tasks"] if "done_by" in task]
    _pass(activation, at)


def _return(template: Template, state: State, first: Step, last: Step) -> None:
    for step in template.steps.values():
        if first.order <= step.order <= last.order and step.path in state["steps"]:
            activation = current(state, step.path)
            if activation is not None:
                activation["state"] = "void"
            state["base"][step.path] = len(state["steps"][step.path])
    for path, repeat in template.repeats.items():
        if first.order <= repeat.order <= last.order:
            state["repeats"].pop(path, None)
    for path, choice in template.choices.items():
        if first.order <= choice.order <= last.order:
            state["choices"].pop(path, None)


_APPLY: Mapping[str, Callable[[Template, State, Event], None]] = {
    "run.opened": _opened,
    "people.assigned": _assigned,
    "photo.taken": _photo,
    "reading.taken": _reading,
    "register.entered": _entered,
    "register.left": _left,
    "lock.removed": _removed,
    "step.confirmed": _confirmed,
    "decision.made": _decided,
    "repeat.ended": _repeat_ended,
    "run.stopped": _stopped,
    "run.resumed": _resumed,
    "run.abandoned": _abandoned,
    "people.resolved": _resolved,
    "photo.stored": _stored,
    "photo.refused": refuse_photo,
    "timer.fired": _fired,
    "check.recorded": _checked,
    "run.sealed": _sealed,
}
