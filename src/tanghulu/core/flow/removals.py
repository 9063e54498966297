"""The lock of somebody who does not come back: who may have it removed, and on what word (29 CFR 1910.147(e)(3))."""

from __future__ import annotations

from typing import Any

from tanghulu.core.flow.event import Event
from tanghulu.core.flow.people import holds_one_of
from tanghulu.core.flow.state import Entry, State, still_in
from tanghulu.core.flow.template import Template

STATEMENTS = ("not_on_site", "told_before_return", "tried_to_reach")
"""What the person who decides confirms of the owner, all of it."""


def removal_codes(template: Template, state: State, event: Event) -> list[str]:
    """Why a lock may not be removed without its owner; empty when it may."""
    actor, data = event["actor"], event["data"]
    if data["register"] not in template.removers:
        return ["removal_not_offered"]
    deciders = template.removers[data["register"]]
    codes = holds_one_of(template, state, deciders, actor, event["claimed_at"])
    if codes:
        return codes
    if not locks_of(state, data):
        return ["not_in"]
    if data["holder"] == actor:
        return ["own_lock"]
    if _is_inside(template, state, data["holder"]):
        return ["owner_inside"]
    if not set(STATEMENTS).issubset(data["confirmed"]):
        return ["statement_missing"]
    if not data["saw"]:
        return ["saw_missing"]
    return [] if "reason" in event.get("commitments", {}) else ["reason_missing"]


def locks_of(state: State, data: dict[str, Any]) -> list[Entry]:
    """The entries that are in and that an event names by item and holder, the newest last."""
    return [
        entry
        for entry in still_in(state, data["register"])
        if entry["item"] == data["item"] and entry.get("holder") == data["holder"]
    ]


def _is_inside(template: Template, state: State, member: str) -> bool:
    """Whether the registers have somebody inside; then he is on site, or they have to be put right first."""
    counted = [name for name, kind in template.registers.items() if kind == "people"]
    return any(entry["item"] == member for name in counted for entry in still_in(state, name))
