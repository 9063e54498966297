"""Templates and events by chance: valid by construction, spoilt on purpose, or sheer nonsense."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tanghulu.core.flow import ACTS, FACTS, Template
from tests.support.flow_templates import ask, photo, reading
from tests.support.play import Payload, Player, ref

Raw = dict[str, Any]

_ROLES = ("worker", "guardian", "team_leader", "safety_officer")


@dataclass
class Known:
    """What later nodes may refer to."""

    questions: list[tuple[str, str, str]] = field(default_factory=list)
    steps: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = field(default_factory=list)


@dataclass(frozen=True)
class Where:
    path: str
    repeats: tuple[str, ...] = ()
    branches: tuple[str, ...] = ()
    is_exit: bool = False


class Author:
    """Writes one template."""

    def __init__(self, rng: Random, steps: int) -> None:
        self.rng = rng
        self.left = steps
        self.known = Known()
        self.names = 0
        self.parts = ["lead", *(f"part_{number}" for number in range(rng.randint(1, 3)))]
        self.locked: list[str] = []

    def chance(self, likely: float) -> bool:
        return self.rng.random() < likely

    def name(self, kind: str) -> str:
        self.names += 1
        return f"{kind}_{self.names}"

    def template(self) -> Raw:
        people: Raw = {}
        for number, part in enumerate(self.parts):
            people[part] = {"title": part, "role": self.rng.choice(_ROLES), "count": self.rng.choice(["1..3", 1, 2])}
            if self.chance(0.3):
                people[part]["certificate"] = "height"
            if number and self.chance(0.5):
                people[part]["not_same_as"] = self.rng.sample(self.parts[:number], 1)
        stages = [self.stage(f"stage_{number}", leaves=False) for number in range(self.rng.randint(1, 2))]
        if self.locked or self.chance(0.6):
            stages.append(self.stage("leaving", leaves=True))
        return {
            "template": "by-chance",
            "title": "by chance",
            "opened_by": [people["lead"]["role"]],
            "leads": ["lead"],
            "people": people,
            "registers": {
                "people": {"title": "people", "kind": "people"},
                "tools": {"title": "tools", "kind": "items"},
                "isolation": {"title": "locks", "kind": "locks"},
            },
            "stages": stages,
            **({"expires_after": "12 h"} if self.chance(0.5) else {}),
        }

    def stage(self, name: str, *, leaves: bool) -> Raw:
        where = Where(name, is_exit=leaves)
        locked = self.locked if leaves else []
        nodes = [self.step(where, who={"each_of": part}, register={"isolation": "out"}) for part in locked]
        if leaves:
            nodes.append(self.clearing(where))
        nodes += self.nodes(where, 2)
        nodes.append(self.step(where))
        return {name: {"title": name, "exit": leaves, "steps": nodes}}

    def clearing(self, where: Where) -> Raw:
        return self.step(where, register={"people": "out", "tools": "out"}, must={"people": "empty", "tools": "empty"})

    def nodes(self, where: Where, depth: int) -> list[Raw]:
        nodes: list[Raw] = []
        for _ in range(self.rng.randint(1, 3)):
            if self.left <= 0:
                break
            kinds: list[Callable[[Where, int], Raw]] = [self.plain] * 4
            if depth:
                kinds += [self.par, self.choice, self.repeat, self.repeat_until, self.seq]
            nodes.append(self.rng.choice(kinds)(where, depth))
        return nodes

    def body(self, where: Where, depth: int) -> list[Raw]:
        nodes = self.nodes(where, depth - 1)
        return [*nodes, self.step(where)]

    def plain(self, where: Where, _depth: int) -> Raw:
        if not where.is_exit and not where.repeats and not where.branches and self.chance(0.15):
            part = self.rng.choice(self.parts)
            if part not in self.locked:
                self.locked.append(part)
                return self.step(where, who={"each_of": part}, register={"isolation": "in"})
        return self.step(where)

    def seq(self, where: Where, depth: int) -> Raw:
        return {"seq": self.body(where, depth)}

    def par(self, where: Where, depth: int) -> Raw:
        lanes, start = [], self.known
        gathered = copy.deepcopy(start)
        for _ in range(2):
            self.known = copy.deepcopy(start)
            lanes.append({"seq": self.body(where, depth)})
            gathered.questions += self.known.questions[len(start.questions) :]
            gathered.steps += self.known.steps[len(start.steps) :]
        self.known = gathered
        return {"par": lanes}

    def choice(self, where: Where, depth: int) -> Raw:
        name = self.name("fork")
        path, start = f"{where.path}/{name}", self.known
        gathered = copy.deepcopy(start)
        options = []
        for number in range(self.rng.randint(1, 2)):
            self.known = copy.deepcopy(start)
            inside = Where(where.path, where.repeats, (*where.branches, f"{path}:{number}"), where.is_exit)
            options.append({"when": self.condition(), "do": self.body(inside, depth)})
            gathered.questions += self.known.questions[len(start.questions) :]
        self.known = copy.deepcopy(start)
        inside = Where(where.path, where.repeats, (*where.branches, f"{path}:-1"), where.is_exit)
        otherwise = self.body(inside, depth) if self.chance(0.5) else []
        gathered.questions += self.known.questions[len(start.questions) :]
        self.known = gathered
        return {"choice": name, "options": options, "otherwise": otherwise}

    def repeat(self, where: Where, depth: int) -> Raw:
        name = self.name("rounds")
        path = f"{where.path}/{name}"
        body = self.body(Where(path, (*where.repeats, path), where.branches, where.is_exit), depth)
        return {
            "repeat": name,
            "at_least": self.rng.randint(1, 2),
            **({"at_most": 3} if self.chance(0.4) else {}),
            **({"every": "2 h"} if self.chance(0.5) else {}),
            "until": {"ended_by": self.rng.sample(self.parts, 1)},
            "do": body,
        }

    def repeat_until(self, where: Where, depth: int) -> Raw:
        name, again = self.name("loop"), self.name("step")
        path = f"{where.path}/{name}"
        inside = Where(path, (*where.repeats, path), where.branches, where.is_exit)
        body = self.nodes(inside, depth - 1)
        body.append({"step": again, "title": again, "who": self.rng.choice(self.parts), "ask": {"more": ask()}})
        return {
            "repeat": name,
            "until": {"when": {"answer": f"{path}/{again}.more", "is": "no"}},
            "do": body,
            **({"at_most": 4} if self.chance(0.5) else {}),
        }

    def condition(self) -> Raw:
        terms = [self.term() for _ in range(self.rng.randint(1, 2))]
        return {"any": terms} if self.chance(0.5) else {"any": [{"all": terms}]}

    def term(self) -> Raw:
        if self.known.questions and self.chance(0.8):
            path, name, kind = self.rng.choice(self.known.questions)
            reference = f"{path}.{name}"
            if kind == "yes_no":
                return {"answer": reference, "is": self.rng.choice(["yes", "no"])}
            if kind == "choice":
                return {"answer": reference, "is": self.rng.choice(["a", "b"])}
            if kind == "reading":
                return {"reading": reference, "at_most": self.rng.choice([0, 1, "1.5"])}
            return {"answer": reference, self.rng.choice(["less_than", "at_least", "is"]): 3}
        if self.chance(0.5):
            return {"count": "people", "at_least": self.rng.randint(0, 2)}
        return {"part": self.rng.choice(self.parts), "more_than": 1}

    def step(self, where: Where, *, who: Any = None, **keys: Any) -> Raw:
        self.left -= 1
        name = self.name("step")
        path = f"{where.path}/{name}"
        made: Raw = {"step": name, "title": name, "who": self.who() if who is None else who, **keys}
        is_each = isinstance(made["who"], dict) and "each_of" in made["who"]
        self.evidence(made, path, is_each=is_each)
        if "register" not in keys and not where.is_exit and self.chance(0.2):
            made["register"] = {self.rng.choice(["people", "tools"]): self.rng.choice(["in", "both", "out"])}
        decides = who is None and not keys and not is_each and self.chance(0.15)
        if decides:
            made["decision"] = self.decision(where)
        elif self.chance(0.35):
            made["ask"] = {"q": self.question()}
            if not is_each:
                self.known.questions.append((path, "q", made["ask"]["q"]["kind"]))
        if self.chance(0.15):
            made["not_before"] = "20 min"
        if self.chance(0.15):
            made["due"] = "1 h"
        self.known.steps.append((path, where.repeats, where.branches))
        return made

    def evidence(self, made: Raw, path: str, *, is_each: bool) -> None:
        if self.chance(0.3):
            made["photo"] = photo(count=self.rng.randint(1, 2), provisional=self.rng.choice(["yes", "no"]))
            if self.chance(0.3):
                made["photo"]["shot"]["fresh"] = "10 min"
        if self.chance(0.2):
            points = self.rng.choice([[], ["top", "low"]])
            made["reading"] = reading(at_most=self.rng.choice([1, 2]), points=points, instrument=self.chance(0.5))
            if not is_each:
                self.known.questions.append((path, "gas", "reading"))

    def who(self) -> Any:
        shape = self.rng.randint(0, 4)
        if shape == 0:
            return {"each_of": self.rng.choice(self.parts)}
        some = self.rng.sample(self.parts, min(2, len(self.parts)))
        return {1: {"any_of": some}, 2: some}.get(shape, self.rng.choice(self.parts))

    def question(self) -> Raw:
        kind = self.rng.choice(["yes_no", "choice", "number"])
        if kind == "choice":
            return ask(kind, options={"a": "a", "b": "b"})
        return ask(kind, must="yes") if kind == "yes_no" and self.chance(0.3) else ask(kind)

    def decision(self, where: Where) -> Raw:
        back_to = [
            path
            for path, repeats, branches in self.known.steps
            if set(repeats) <= set(where.repeats) and set(branches) <= set(where.branches)
        ]
        verdicts = ["ok", *(["no"] if self.chance(0.5) else [])]
        if back_to and self.chance(0.7):
            return {"verdicts": [*verdicts, "back"], "back_to": self.rng.sample(back_to, 1), "reason": "always"}
        return {"verdicts": verdicts}


def random_template(rng: Random, steps: int = 10) -> Raw:
    """A template that the compiler takes."""
    return Author(rng, steps).template()


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
        "people.assigned": lambda: {"part": rng.choice([*template.people, "nobody"]), "members": rng.sample(people, 1)},
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
            "roles": rng.sample(_ROLES, 2),
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
