"""Who has seen what they had to answer: a stop, or a part that changed hands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tanghulu.web.components.steps import Act, Telling, act_of

_ACKNOWLEDGED = "act.acknowledged"


@dataclass(frozen=True, slots=True)
class HandOver:
    """A part that changed hands: who went, who came, why, and who has not confirmed it on their own phone."""

    part: str
    gone: tuple[str, ...]
    came: tuple[str, ...]
    reason: str
    waits: tuple[str, ...]
    act: Act


def acknowledged_by(telling: Telling, about: str) -> tuple[str, ...]:
    """The refs of those who acknowledged an act, each once, in the order in which their word came."""
    return tuple(
        dict.fromkeys(
            happening.payload["actor"]
            for happening in telling.job.happenings
            if happening.payload["type"] == _ACKNOWLEDGED and happening.payload["data"].get("about") == about
        )
    )


def names(telling: Telling, refs: tuple[str, ...]) -> str:
    """Names one after the other."""
    return _(", ").join(telling.name(ref) for ref in refs)


def hand_overs(telling: Telling) -> Iterator[HandOver]:
    """Every change of people that the rules allowed, oldest first."""
    against = {mark["event"] for mark in telling.job.state["contradictions"]}
    people: dict[str, list[str]] = {}
    for happening in telling.job.happenings:
        kind, data = happening.payload["type"], happening.payload["data"]
        if happening.hash in against:
            continue
        if kind == "run.opened":
            people = dict(data.get("people", {}))
        if kind != "people.assigned":
            continue
        before, members = people.get(data["part"], []), data["members"]
        people[data["part"]] = members
        gone = tuple(ref for ref in before if ref not in members)
        came = tuple(ref for ref in members if ref not in before)
        said = {*acknowledged_by(telling, happening.hash), happening.payload["actor"]}
        definition = telling.job.document.get("people", {}).get(data["part"], {})
        yield HandOver(
            part=telling.text(definition.get("title")) or data["part"],
            gone=tuple(map(telling.name, gone)),
            came=tuple(map(telling.name, came)),
            reason=str(happening.opened.get("reason", "")),
            waits=tuple(telling.name(ref) for ref in (*gone, *came) if ref not in said),
            act=act_of(telling, happening.hash, who=happening.payload["actor"], at=happening.payload["claimed_at"]),
        )


def not_seen(telling: Telling, about: str, *, by: str) -> tuple[str, ...]:
    """The refs of people with a part in the job who have neither done nor acknowledged an act."""
    seen = {by, *acknowledged_by(telling, about)}
    parts = telling.job.state["people"].values()
    return tuple(dict.fromkeys(ref for members in parts for ref in members if ref not in seen))
