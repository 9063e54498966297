"""Templates and events by chance: valid, spoilt on purpose, or sheer nonsense."""

from __future__ import annotations

import copy
from collections.abc import Callable
from random import Random
from typing import Any

from tanghulu.core.flow import ACTS, FACTS, Template
from tanghulu.core.flow.removals import STATEMENTS
from tests.support.flow_author import ROLES, Raw, random_template
from tests.support.play import Payload, Player, ref

__all__ = ["random_event", "random_template", "spoilt"]


def _every_table(value: Any) -> list[Raw]:
    if isinstance(value, dict):
        return [value, *(table for item in value.values() for table in _every_table(item))]
    return [table for item in value for table in _every_table(item)] if isinstance(value, list) else []


_NONSENSE: list[Any] = [
    None,
    True,
    -1,
    0,
    10**20,
    1.5,
    "",
    "no such thing",
    "1..0",
    "9 years",
    [],
    {},
    [None],
    {"x": 1},
]


def spoilt(rng: Random, raw: Raw) -> Raw:
    """The same template with one thing taken away, put in, or turned into nonsense."""
    changed = copy.deepcopy(raw)
    table = rng.choice(_every_table(changed))
    keys = list(table)
    if not keys or rng.random() < 0.2:
        table["surprise"] = rng.choice(_NONSENSE)
    elif rng.random() < 0.3:
        del table[rng.choice(keys)]
    else:
        table[rng.choice(keys)] = copy.deepcopy(rng.choice(_NONSENSE))
    return changed


_IN_STEP = ("photo.taken", "reading.taken", "register.entered", "register.left", "step.confirmed", "decision.made")


def random_event(rng: Random, player: Player) -> Payload:
    """An event of the right form with arguments from here and there, or one that is spoilt as well."""
    template, state = player.template, player.state
    open_paths = [path for path, made in state["steps"].items() if made[-1]["state"] == "open"]
    kind = rng.choice(_IN_STEP) if open_paths and rng.random() < 0.6 else rng.choice(sorted(ACTS | FACTS))
    people = [*(member for members in player.cast.values() for member in members), ref("stranger")]
    path = rng.choice([*template.steps, "work/nowhere"])
    actor = rng.choice(people)
    if open_paths and rng.random() < 0.8:
        path = rng.choice(open_paths)
        parts = template.steps[path].who.parts
        actor = rng.choice([member for part in parts for member in state["people"][part]] or people)
    if (kind in FACTS) is (rng.random() < 0.95):
        actor = "server"
    made = len(state["steps"].get(path, []))
    event = player.event(kind, actor, _data(rng, player, kind, people, path))
    if kind in _IN_STEP and (kind != "register.left" or rng.random() < 0.7):
        event |= {"step": path, "activation": max(1, made + rng.choice([0, 0, 0, 0, 0, -1, 1]))}
    if kind == "photo.taken":
        event["photos"] = [{"slot": "shot", "commitment": event["hash"], "size": 1, "media_type": "image/jpeg"}]
    if kind == "register.entered" and rng.random() < 0.5:
        event["data"]["holder"] = actor
    if rng.random() < 0.6:
        event["commitments"] = {"reason": "8" * 64}
    if rng.random() < 0.1:
        _spoil(rng, event)
    return event


def _data(rng: Random, player: Player, kind: str, people: list[str], path: str) -> Payload:
    template, state = player.template, player.state
    step = template.steps.get(path)
    register = rng.choice([*(step.register if step and step.register else template.registers), "nothing"])
    items = [entry["item"] for entries in state["registers"].values() for entry in entries] or ["bar"]
    stored = [photo["commitment"] for made in state["steps"].values() for a in made for photo in a["photos"]]
    ids = ["expiry", f"not_before:{path}:1", f"due:{path}:1", *(f"every:{path}:2" for path in template.repeats)]
    actor = rng.choice(people)
    forms: dict[str, Callable[[], Payload]] = {
        "run.opened": lambda: {
            "template": template.slug,
            "version": template.version,
            "subject": {},
            "people": player.cast,
        },
        "people.assigned": lambda: {
            "part": rng.choice([*template.people, "nobody"]),
            "members": rng.sample(people, rng.choice([1, 1, 2])),
        },
        "photo.taken": lambda: {"slot": "shot"},
        "reading.taken": lambda: {
            "reading": "gas",
            "value": rng.choice(["0", "1.0", "7", "-2.5"]),
            "unit": "% vol",
            "sampled_at": player.now,
            **rng.choice([{}, {"point": "top"}, {"point": "low", "instrument": "m"}, {"instrument": "m"}]),
        },
        "register.entered": lambda: {
            "register": register,
            "item": rng.choice([*people, "bar", "lock"]),
            **rng.choice([{}, {"holder": actor}, {"count": 3}]),
        },
        "register.left": lambda: {"register": register, "item": rng.choice(items)},
        "lock.removed": lambda: {
            "register": rng.choice([register, "isolation"]),
            "item": rng.choice(items),
            "holder": rng.choice(people),
            "confirmed": rng.choice([[], list(STATEMENTS), [*STATEMENTS, "zeal"]]),
            "saw": rng.choice([[], ["7" * 64]]),
        },
        "step.confirmed": lambda: (
            {"answers": {name: rng.choice([True, "a", "3", "x"]) for name in step.ask}}
            if step and step.ask and rng.random() < 0.8
            else rng.choice([{}, {"answers": {"q": "a"}}])
        ),
        "decision.made": lambda: {
            "verdict": rng.choice(["ok", "no", "back"]),
            "saw": rng.choice([[], ["7" * 64]]),
            **rng.choice([{}, {"to": rng.choice(_targets(template, path))}]),
        },
        "repeat.ended": lambda: {"repeat": rng.choice([*template.repeats, "work/nothing"])},
        "people.resolved": lambda: {
            "member": rng.choice(people),
            "roles": rng.sample(ROLES, 2),
            "certificates": rng.choice([{}, {"height": "2030-01-01"}, {"height": "2020-01-01"}]),
        },
        "photo.stored": lambda: {"commitment": rng.choice([*stored, "6" * 64])},
        "photo.refused": lambda: {"commitment": rng.choice([*stored, "6" * 64]), "codes": [rng.choice(["a", "b"])]},
        "timer.fired": lambda: {"timer": rng.choice(ids)},
        "check.recorded": lambda: {
            "check": "dark",
            "verdict": rng.choice(["pass", "fail", "unsure"]),
            "about": rng.choice([event["hash"] for event in player.events] or ["5" * 64]),
        },
    }
    return forms.get(kind, dict)()


def _targets(template: Template, path: str) -> list[str]:
    step = template.steps.get(path)
    return list(step.decision.back_to if step and step.decision and step.decision.back_to else template.steps)


def _spoil(rng: Random, event: Payload) -> None:
    key = rng.choice([key for key in ("data", "step", "activation", "photos", "claimed_at") if key in event])
    if key == "claimed_at":
        event[key] = rng.choice(["2026-02-30T00:00:00.000Z", "yesterday", "0001-01-01T00:00:00.000Z"])
    elif key == "data" and isinstance(event["data"], dict) and event["data"] and rng.random() < 0.7:
        event["data"] = {**event["data"], rng.choice(list(event["data"])): rng.choice([True, 1, "x", [], {}])}
    elif rng.random() < 0.5:
        del event[key]
    else:
        event[key] = rng.choice([0, "x", [], {}, [{}], True])
