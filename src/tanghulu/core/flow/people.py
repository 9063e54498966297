"""Who somebody is in a run: whether a person holds a part, and whether people may be assigned to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from tanghulu.core.flow.state import Activation, State, Task
from tanghulu.core.flow.template import Step, Template

People = Mapping[str, Sequence[str]]


def holds(template: Template, state: State, part: str, member: str, at: str) -> list[str]:
    """Why a person does not hold a part at a time; empty when he does."""
    if member not in state["people"].get(part, ()):
        return ["not_your_part"]
    facts = state["facts"].get(member)
    if facts is None:
        return ["person_unknown"]
    asked, codes = template.people[part], []
    if not asked.roles.intersection(facts["roles"]):
        codes.append("role_missing")
    if asked.certificate is not None:
        until = facts["certificates"].get(asked.certificate)
        if until is None:
            codes.append("certificate_missing")
        elif until < at[:10]:
            codes.append("certificate_expired")
    if any(member in state["people"].get(other, ()) for other in _apart(template, part)):
        codes.append("same_person")
    return codes


def holds_one_of(template: Template, state: State, parts: Iterable[str], member: str, at: str) -> list[str]:
    """Why a person holds none of these parts: the codes of the first that lists him; empty when he holds one."""
    first: list[str] | None = None
    for part in parts:
        codes = holds(template, state, part, member, at)
        if not codes:
            return []
        if first is None and member in state["people"].get(part, ()):
            first = codes
    return first or ["not_your_part"]


def fitting(template: Template, state: State, activation: Activation, member: str, at: str) -> list[Task]:
    """The tasks of an activation that a person may do or has done; those of his own name always fit."""
    return [task for task in activation["tasks"] if _fits(template, state, task, member, at)]


def not_acting(template: Template, state: State, activation: Activation, member: str, at: str) -> list[str]:
    """Why a person may not act in an activation; empty when he may."""
    tasks = fitting(template, state, activation, member, at)
    if any("member" not in task for task in tasks):
        return []
    if tasks:
        return holds(template, state, tasks[0]["parts"][0], member, at)
    for task in activation["tasks"]:
        for part in task["parts"]:
            if member in state["people"].get(part, ()):
                return holds(template, state, part, member, at) or ["not_your_task"]
    return ["not_your_task"]


def is_mine(template: Template, state: State, activation: Activation, member: str, at: str) -> bool:
    """Say whether a task of this activation waits for this person."""
    return any(
        "done_by" not in task and ("member" not in task or not holds(template, state, task["parts"][0], member, at))
        for task in fitting(template, state, activation, member, at)
    )


def assigning(template: Template, people: People, parts: Iterable[str]) -> list[str]:
    """Why these parts cannot be held by the people they would then have, among all people of the run."""
    codes = set()
    for part in parts:
        asked, members = template.people.get(part), people.get(part, ())
        if asked is None:
            codes.add("part_unknown")
        elif not asked.least <= len(members) <= asked.most or len(set(members)) != len(members):
            codes.add("part_count")
    if any(
        set(people.get(part, ())).intersection(people.get(other, ()))
        for part, asked in template.people.items()
        for other in asked.not_same_as
    ):
        codes.add("same_person")
    return sorted(codes)


def tasks_of(step: Step, people: People) -> list[Task]:
    """The tasks with which a step opens, given who holds its parts now."""
    if step.who.each:
        part = step.who.parts[0]
        return [{"parts": [part], "member": member} for member in people.get(part, ())]
    if step.who.policy == "any":
        return [{"parts": list(step.who.parts)}]
    return [{"parts": [part]} for part in step.who.parts]


def _apart(template: Template, part: str) -> set[str]:
    named_by = {other for other, asked in template.people.items() if part in asked.not_same_as}
    return named_by.union(template.people[part].not_same_as)


def _fits(template: Template, state: State, task: Task, member: str, at: str) -> bool:
    if "member" in task:
        return task["member"] == member
    return any(not holds(template, state, part, member, at) for part in task["parts"])
