"""Why an event is not allowed: `refusal` of docs/formats/flow.md, group by group."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tanghulu.core.flow.event import ACTS, FACTS, SERVER, Event, is_known, is_well_formed
from tanghulu.core.flow.missing import missing
from tanghulu.core.flow.people import People, assigning, fitting, holds_one_of, not_acting
from tanghulu.core.flow.removals import removal_codes
from tanghulu.core.flow.samples import sampled_codes
from tanghulu.core.flow.scalars import milliseconds
from tanghulu.core.flow.state import Activation, State, current, every_photo, is_retaken, still_in
from tanghulu.core.flow.template import Deciding, Step, Template
from tanghulu.core.flow.walk import is_running

_PHOTOS_OF_A_SLOT = 50
_WHILE_STOPPED = frozenset({"register.left", "lock.removed", "people.assigned", "run.resumed", "run.abandoned"})

Codes = list[str]


def refusal(template: Template, state: State, event: Event) -> Codes:
    """The sorted codes of the first rule that an event breaks; empty when it is allowed."""
    kind = event["type"]
    if not is_known(event):
        return []
    if (event["actor"] == SERVER) is not (kind in FACTS):
        return ["machine_cannot_act" if kind in ACTS else "type_not_allowed"]
    if not is_well_formed(event):
        return ["data_malformed"]
    if kind in FACTS:
        return []
    return _by_status(state, kind) or sorted(_BY_TYPE.get(kind, _in_step)(template, state, event))


def _by_status(state: State, kind: str) -> Codes:
    status = state["status"]
    if kind == "run.opened":
        return [] if status == "new" else ["run_already_open"]
    if status == "new":
        return ["run_not_open"]
    if status == "ended":
        return ["run_ended"]
    if status == "stopped" and kind not in _WHILE_STOPPED:
        return ["run_stopped"]
    return []


def _opened(template: Template, _state: State, event: Event) -> Codes:
    data = event["data"]
    if (data["template"], data["version"]) != (template.slug, template.version):
        return ["template_differs"]
    if template.asks_equipment and not isinstance(data["subject"].get("equipment"), str):
        return ["subject_missing"]
    return assigning(template, data["people"], {*template.people, *data["people"]})


def _assigned(template: Template, state: State, event: Event) -> Codes:
    actor, data = event["actor"], event["data"]
    if actor != state.get("opened_by") and _not_leading(template, state, event):
        return ["not_your_part"]
    people = {**state["people"], data["part"]: data["members"]}
    codes = assigning(template, people, [data["part"]])
    gone = set(state["people"].get(data["part"], ())).difference(data["members"])
    return [*codes, "lock_still_on"] if _leaves_a_lock(template, state, people, data["part"], gone) else codes


def _leaves_a_lock(template: Template, state: State, people: People, part: str, gone: set[str]) -> bool:
    """Whoever is in no part any more that takes locks off could not take off his own."""
    for register, kind in template.registers.items():
        takers = _takers(template, register) if kind == "locks" else set()
        staying = {member for taker in takers for member in people.get(taker, ())}
        holders = {entry.get("holder") for entry in still_in(state, register)}
        if part in takers and (gone - staying) & holders:
            return True
    return False


def _takers(template: Template, register: str) -> set[str]:
    steps = [step for step in template.steps.values() if register in step.register]
    return {part for step in steps if step.register[register].leaves for part in step.who.parts}


def _not_leading(template: Template, state: State, event: Event) -> Codes:
    return holds_one_of(template, state, template.leads, event["actor"], event["claimed_at"])


def _no_reason(event: Event) -> bool:
    return "reason" not in event.get("commitments", {})


def _stopped(_template: Template, state: State, event: Event) -> Codes:
    return [] if event["actor"] in state["facts"] else ["person_unknown"]


def _resumed(template: Template, state: State, event: Event) -> Codes:
    if state["status"] != "stopped":
        return ["run_not_stopped"]
    return _not_leading(template, state, event) or (["reason_missing"] if _no_reason(event) else [])


def _abandoned(template: Template, state: State, event: Event) -> Codes:
    if "leaving" in state:
        return ["already_leaving"]
    return _not_leading(template, state, event) or (["reason_missing"] if _no_reason(event) else [])


def _repeat_ended(template: Template, state: State, event: Event) -> Codes:
    repeat = template.repeats.get(event["data"]["repeat"])
    if repeat is None or repeat.ended_by is None:
        return ["repeat_unknown"]
    if not is_running(template, state, repeat):
        return ["repeat_not_open"]
    codes = holds_one_of(template, state, repeat.ended_by, event["actor"], event["claimed_at"])
    if codes:
        return codes
    if state["repeats"][repeat.path]["rounds"] - 1 < repeat.at_least:
        return ["too_few_rounds"]
    begun = (current(state, path) for path in template.inside[repeat.path])
    if any(activation is not None and not _is_untouched(activation) for activation in begun):
        return ["round_begun"]
    return []


def _is_untouched(activation: Activation) -> bool:
    return (
        activation["state"] == "open"
        and not activation["photos"]
        and not activation["readings"]
        and not activation["answers"]
        and "moved" not in activation
        and "retake" not in activation
        and not any("done_by" in task for task in activation["tasks"])
    )


def _left(template: Template, state: State, event: Event) -> Codes:
    if "step" in event:
        return _in_step(template, state, event)
    register = event["data"]["register"]
    if template.registers.get(register, "locks") == "locks":
        return ["register_not_here"]
    if not any(entry["item"] == event["data"]["item"] for entry in still_in(state, register)):
        return ["not_in"]
    actor = event["actor"]
    takes_part = actor in state["facts"] and any(actor in members for members in state["people"].values())
    return [] if takes_part else ["not_your_part"]


def _in_step(template: Template, state: State, event: Event) -> Codes:
    step = template.steps.get(event["step"])
    if step is None:
        return ["step_unknown"]
    made, number = state["steps"].get(step.path, []), event["activation"]
    if number > len(made):
        return ["step_not_open"]
    activation = made[number - 1]
    if activation["state"] in {"passed", "closed"}:
        return ["step_closed"]
    if activation["state"] == "void" or number - 1 < state["base"].get(step.path, 0):
        return ["step_void"]
    return (
        not_acting(template, state, activation, event["actor"], event["claimed_at"])
        or _too_early(state, step, activation, event["claimed_at"])
        or _IN_STEP[event["type"]](_Act(template, state, step, activation, event))
    )


def _too_early(state: State, step: Step, activation: Activation, at: str) -> Codes:
    opens = activation.get("not_before")
    if opens is None or at >= opens or f"not_before:{step.path}:{activation['n']}" in state["fired"]:
        return []
    return ["too_early"]


class _Act:
    """An act in an open activation by somebody who may act there."""

    def __init__(self, template: Template, state: State, step: Step, activation: Activation, event: Event) -> None:
        self.template, self.state, self.step, self.activation = template, state, step, activation
        self.event, self.data = event, event["data"]
        self.actor: str = event["actor"]
        self.at: str = event["claimed_at"]

    def is_done(self) -> bool:
        tasks = fitting(self.template, self.state, self.activation, self.actor, self.at)
        return all("done_by" in task for task in tasks)

    def missing(self) -> Codes:
        answers = self.data.get("answers", {}) if self.event["type"] == "step.confirmed" else {}
        return missing(self.step, self.state, self.activation, self.actor, self.at, answers)


def _photo(act: _Act) -> Codes:
    slot, photo = act.data["slot"], act.event["photos"][0]
    if slot not in act.step.photos or photo["slot"] != slot:
        return ["slot_unknown"]
    if sum(taken["slot"] == slot and "refused" not in taken for taken in act.activation["photos"]) >= _PHOTOS_OF_A_SLOT:
        return ["slot_full"]
    if any(taken["commitment"] == photo["commitment"] for taken in every_photo(act.state)):
        return ["photo_twice"]
    return []


def _reading(act: _Act) -> Codes:
    reading = act.step.readings.get(act.data["reading"])
    if reading is None:
        return ["reading_unknown"]
    if act.data["unit"] != reading.unit:
        return ["unit_differs"]
    if act.data.get("point") not in (reading.points or (None,)):
        return ["point_unknown"]
    if reading.instrument and not act.data.get("instrument"):
        return ["instrument_missing"]
    if milliseconds(act.data["sampled_at"]) > milliseconds(act.at):
        return ["sampled_later"]
    return []


def _entered(act: _Act) -> Codes:
    name, item = act.data["register"], act.data["item"]
    use = act.step.register.get(name)
    if use is None or not use.enters or is_retaken(act.activation, act.actor):
        return ["register_not_here"]
    if any(entry["item"] == item for entry in still_in(act.state, name)):
        return ["already_in"]
    kind = act.template.registers[name]
    if kind == "people" and not any(item in members for members in act.state["people"].values()):
        return ["person_unknown"]
    if kind == "locks" and act.data.get("holder") != act.actor:
        return ["holder_differs"]
    return sampled_codes(act.step.sampled, act.state, act.at)


def _left_in_step(act: _Act) -> Codes:
    name, item = act.data["register"], act.data["item"]
    use = act.step.register.get(name)
    if use is None or not use.leaves:
        return ["register_not_here"]
    entries = [entry for entry in still_in(act.state, name) if entry["item"] == item]
    if not entries:
        return ["not_in"]
    if act.template.registers[name] == "locks" and entries[-1].get("holder") != act.actor:
        return ["not_your_lock"]
    return []


def _confirmed(act: _Act) -> Codes:
    if act.step.decision is not None:
        return ["decision_needed"]
    return ["task_done"] if act.is_done() else act.missing()


def _decided(act: _Act) -> Codes:
    offered = act.step.decision
    if offered is None:
        return ["no_decision_here"]
    verdict = act.data["verdict"]
    if verdict not in offered.verdicts:
        return ["verdict_not_offered"]
    if not act.data["saw"]:
        return ["saw_missing"]
    if _no_reason(act.event) and _asks_reason(offered, verdict):
        return ["reason_missing"]
    if verdict == "back" and act.data.get("to") not in offered.back_to:
        return ["return_not_allowed"]
    if act.is_done():
        return ["task_done"]
    return act.missing() if verdict == "ok" else []


def _asks_reason(offered: Deciding, verdict: str) -> bool:
    return offered.reason == "always" or verdict != "ok"


_BY_TYPE: Mapping[str, Callable[[Template, State, Event], Codes]] = {
    "run.opened": _opened,
    "run.stopped": _stopped,
    "run.resumed": _resumed,
    "run.abandoned": _abandoned,
    "people.assigned": _assigned,
    "repeat.ended": _repeat_ended,
    "register.left": _left,
    "lock.removed": removal_codes,
}

_IN_STEP: Mapping[str, Callable[[_Act], Codes]] = {
    "photo.taken": _photo,
    "reading.taken": _reading,
    "register.entered": _entered,
    "register.left": _left_in_step,
    "step.confirmed": _confirmed,
    "decision.made": _decided,
}
