"""From what somebody wants to do to the events that say so, or the reasons why not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tanghulu.core.flow.event import SERVER
from tanghulu.core.flow.refusals import refusal
from tanghulu.core.flow.state import Facts, State
from tanghulu.core.flow.template import Template

Command = Mapping[str, Any]
"""`type`, `actor`, `data` and, where they apply, `step`, `activation`, `photos`, `commitments`."""

Directory = Mapping[str, Facts]
"""Who everybody is to the company now, by ref."""

Draft = dict[str, Any]
"""An event without what its signer adds: links, device, counters, clocks."""

_KEPT = ("type", "actor", "step", "activation", "data", "photos", "commitments")


@dataclass(frozen=True, slots=True)
class Decided:
    """Either the drafts to be signed and appended in order, or the codes that refuse the command."""

    events: tuple[Draft, ...] = ()
    codes: tuple[str, ...] = ()


def decide(template: Template, state: State, command: Command, at: str, directory: Directory) -> Decided:
    """Judge a command at a time, as if everybody whom its rules look at had been resolved from the directory."""
    act: Draft = {key: command[key] for key in _KEPT if key in command} | {"claimed_at": at}
    before, after = unresolved(state, act)
    known = {ref: directory[ref] for ref in (*before, *after) if ref in directory}
    judged: State = {**state, "facts": {**state["facts"], **known}}
    codes = refusal(template, judged, act)
    if codes:
        return Decided(codes=tuple(codes))
    return Decided(
        events=(
            *(resolved(ref, known[ref], at) for ref in before if ref in known),
            act,
            *(resolved(ref, known[ref], at) for ref in after if ref in known),
        )
    )


def unresolved(state: State, act: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """The people whom an act's rules look at and whom the run does not know: to be stated before it, and after it."""
    actor, given = act["actor"], act.get("data")
    data = given if isinstance(given, dict) else {}
    after: set[str] = set()
    if act["type"] == "run.opened":
        after.update(ref for members in _people(data) for ref in members)
        after.add(actor)
    elif act["type"] == "people.assigned":
        after.update(_refs(data.get("members")))
    after = {ref for ref in after if ref not in state["facts"] and ref != SERVER}
    before = [] if actor in state["facts"] or actor in {*after, SERVER} else [actor]
    if act["type"] == "people.assigned" and actor in after:
        before, after = [actor], after - {actor}
    return before, sorted(after)


def resolved(member: str, facts: Facts, at: str) -> Draft:
    """The server's statement of who somebody is."""
    return {
        "type": "people.resolved",
        "actor": SERVER,
        "claimed_at": at,
        "data": {
            "member": member,
            "roles": sorted(set(facts["roles"])),
            "certificates": dict(facts["certificates"]),
        },
    }


def _people(data: Mapping[str, Any]) -> list[list[str]]:
    people = data.get("people")
    return [_refs(members) for members in people.values()] if isinstance(people, dict) else []


def _refs(members: object) -> list[str]:
    return [ref for ref in members if isinstance(ref, str)] if isinstance(members, list) else []
