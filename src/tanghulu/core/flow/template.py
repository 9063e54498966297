"""A template version as the kernel reads it: frozen, indexed by path, in document order.

The form of the document is fixed in docs/formats/template.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tanghulu.core import canonical
from tanghulu.core.flow.order import arranged
from tanghulu.core.flow.samples import Sampled, samples_of

Text = Mapping[str, str]
Document = Mapping[str, Any]

LONGEST = 1_048_576
"""Bytes that a version may have."""


@dataclass(frozen=True, slots=True)
class Part:
    """One duty in a job: which roles may hold it, with which certificate, how many, and never together with whom."""

    title: Text
    roles: frozenset[str]
    certificate: str | None
    least: int
    most: int
    not_same_as: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Who:
    """Who does a step: every holder of one part, one holder of every part, or one holder of any part.

    With `newcomers`, whoever joins the part when the step is over does it as well.
    """

    parts: tuple[str, ...]
    each: bool
    policy: str
    newcomers: bool


@dataclass(frozen=True, slots=True)
class PhotoSlot:
    """A place for photos; `fresh` in seconds."""

    title: Text
    count: int
    fresh: int | None
    provisional: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """A value to be measured, at each point where points are named; `fresh` in seconds since sampling."""

    title: Text
    unit: str
    at_most: Decimal | None
    at_least: Decimal | None
    points: tuple[str, ...]
    instrument: bool
    fresh: int | None
    optional: bool = False

    def allows(self, value: Decimal) -> bool:
        """Say whether a value keeps the limits, as far as there are any."""
        return (self.at_most is None or value <= self.at_most) and (self.at_least is None or value >= self.at_least)


@dataclass(frozen=True, slots=True)
class RegisterUse:
    """What a step does with a register: `in`, `out` or `both`."""

    act: str
    at_least: int

    @property
    def enters(self) -> bool:
        """Something may go in here."""
        return self.act in {"in", "both"}

    @property
    def leaves(self) -> bool:
        """Something may come out here."""
        return self.act in {"out", "both"}


@dataclass(frozen=True, slots=True)
class Ask:
    """A question: `yes_no`, `choice` or `number`."""

    title: Text
    kind: str
    options: tuple[str, ...]
    must: bool | str | None


@dataclass(frozen=True, slots=True)
class Must:
    """A condition on a register before a step can be done: `empty`, or `one_each` for the holders of a part."""

    register: str
    rule: str
    part: str | None


@dataclass(frozen=True, slots=True)
class Deciding:
    """What a decision offers: verdicts, steps to go back to, and when a reason is asked."""

    verdicts: tuple[str, ...]
    back_to: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Wait:
    """A step cannot be done before so many seconds after it opened, or after another step was done."""

    seconds: int
    after: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a node stands: its stage, the repeats around it and the branches it lies in, from the outside in."""

    stage: int
    repeats: tuple[str, ...] = ()
    branches: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One haw: what one or more people do, show, measure, answer and decide."""

    path: str
    order: int
    place: Place
    title: Text
    who: Who
    photos: Mapping[str, PhotoSlot]
    readings: Mapping[str, Reading]
    register: Mapping[str, RegisterUse]
    ask: Mapping[str, Ask]
    must: tuple[Must, ...]
    sampled: tuple[Sampled, ...]
    decision: Deciding | None
    not_before: Wait | None
    due: int | None


@dataclass(frozen=True, slots=True)
class Sequence:
    """Nodes one after the other; a `seq` or an embedded template."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Parallel:
    """Nodes all at once."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """The first option whose condition is true, else the last branch, whose number is -1."""

    path: str
    order: int
    place: Place
    options: tuple[tuple[Document, Sequence], ...]
    otherwise: Sequence


@dataclass(frozen=True, slots=True)
class Repeat:
    """Rounds of a body; `every` in seconds between the beginning of a round and its being overdue."""

    path: str
    order: int
    place: Place
    body: Sequence
    every: int | None
    at_least: int
    at_most: int | None
    ended_by: tuple[str, ...] | None
    until: Document | None


Node = Step | Sequence | Parallel | Choice | Repeat


@dataclass(frozen=True, slots=True)
class Stage:
    """A stretch of the job; exit stages are walked even when the work does not go on."""

    id: str
    exit: bool
    body: Sequence


@dataclass(frozen=True, slots=True)
class Template:
    """A version, with its nodes by path and in document order."""

    slug: str
    version: str
    document: Document
    asks_equipment: bool
    opened_by: frozenset[str]
    leads: tuple[str, ...]
    expires_after: int | None
    people: Mapping[str, Part]
    registers: Mapping[str, str]
    removers: Mapping[str, tuple[str, ...]]
    """By register: the parts that may have a lock removed without its owner."""
    stages: tuple[Stage, ...]
    steps: Mapping[str, Step]
    repeats: Mapping[str, Repeat]
    choices: Mapping[str, Choice]
    inside: Mapping[str, tuple[str, ...]] = field(repr=False)
    """By the path of a repeat: paths of the steps inside it."""


def version_hash(document: Document) -> str:
    """The name of a version: SHA-256 of its canonical JSON, in hex."""
    return hashlib.sha256(version_bytes(document)).hexdigest()


def version_bytes(document: Document) -> bytes:
    """The canonical JSON of a version document, which the compiler made and which may be longer than an event."""
    return canonical.dumps(document, limit=LONGEST)


def load_version(document: Document) -> Template:
    """Read a version document that the compiler made. Another document raises KeyError or TypeError.

    The template's `document` has its tables in the order of its author.
    """
    document = arranged(document)
    loader = _Loader()
    stages = tuple(
        Stage(stage["stage"], stage["exit"], loader.sequence(stage["do"], stage["stage"], Place(number)))
        for number, stage in enumerate(document["stages"])
    )
    return Template(
        slug=document["template"],
        version=version_hash(document),
        document=document,
        asks_equipment="equipment" in document["subject"],
        opened_by=frozenset(document["opened_by"]),
        leads=tuple(document["leads"]),
        expires_after=document.get("expires_after"),
        people={name: _part(part) for name, part in document["people"].items()},
        registers={name: register["kind"] for name, register in document["registers"].items()},
        removers={
            name: tuple(register["absent_owner"]["decided_by"])
            for name, register in document["registers"].items()
            if "absent_owner" in register
        },
        stages=stages,
        steps=loader.steps,
        repeats=loader.repeats,
        choices=loader.choices,
        inside={
            path: tuple(step.path for step in loader.steps.values() if path in step.place.repeats)
            for path in loader.repeats
        },
    )


class _Loader:
    """Walks the blocks once and collects what stands in them, numbered in document order."""

    def __init__(self) -> None:
        self.steps: dict[str, Step] = {}
        self.repeats: dict[str, Repeat] = {}
        self.choices: dict[str, Choice] = {}
        self._orders = iter(range(10**9))

    def sequence(self, nodes: list[Document], path: str, place: Place) -> Sequence:
        return Sequence(tuple(self._nodes(nodes, path, place)))

    def _nodes(self, nodes: list[Document], path: str, place: Place) -> Iterator[Node]:
        for node in nodes:
            yield self._node(node, path, place)

    def _node(self, node: Document, path: str, place: Place) -> Node:
        match node["node"]:
            case "step":
                step = _step(node, f"{path}/{node['id']}", next(self._orders), place)
                self.steps[step.path] = step
                return step
            case "par":
                return Parallel(tuple(self._nodes(node["do"], path, place)))
            case "choice":
                return self._choice(node, path, place)
            case "repeat":
                return self._repeat(node, f"{path}/{node['id']}", place)
            case "call":
                return self.sequence(node["do"], f"{path}/{node['id']}", place)
            case _:
                return self.sequence(node["do"], path, place)

    def _choice(self, node: Document, path: str, place: Place) -> Choice:
        own, order = f"{path}/{node['id']}", next(self._orders)

        def branch(number: int) -> Place:
            return Place(place.stage, place.repeats, (*place.branches, (own, number)))

        options = tuple(
            (option["when"], self.sequence(option["do"], path, branch(number)))
            for number, option in enumerate(node["options"])
        )
        choice = Choice(own, order, place, options, self.sequence(node["otherwise"], path, branch(-1)))
        self.choices[own] = choice
        return choice

    def _repeat(self, node: Document, path: str, place: Place) -> Repeat:
        order = next(self._orders)
        inside = Place(place.stage, (*place.repeats, path), place.branches)
        until = node["until"]
        ended_by = until.get("ended_by")
        repeat = Repeat(
            path=path,
            order=order,
            place=place,
            body=self.sequence(node["do"], path, inside),
            every=node.get("every"),
            at_least=node["at_least"],
            at_most=node.get("at_most"),
            ended_by=None if ended_by is None else tuple(ended_by),
            until=until.get("when"),
        )
        self.repeats[path] = repeat
        return repeat


def _part(part: Document) -> Part:
    least, most = part["count"]
    return Part(
        title=part["title"],
        roles=frozenset(part["roles"]),
        certificate=part.get("certificate"),
        least=least,
        most=most,
        not_same_as=tuple(part["not_same_as"]),
    )


def _step(node: Document, path: str, order: int, place: Place) -> Step:
    who, decision, wait = node["who"], node.get("decision"), node.get("not_before")
    return Step(
        path=path,
        order=order,
        place=place,
        title=node["title"],
        who=Who(tuple(who["parts"]), who["each"], who["policy"], who.get("newcomers", False)),
        photos={
            name: PhotoSlot(slot["title"], slot["count"], slot.get("fresh"), slot["provisional"])
            for name, slot in node["photos"].items()
        },
        readings={name: _reading(reading) for name, reading in node["readings"].items()},
        register={name: RegisterUse(use["act"], use["at_least"]) for name, use in node["register"].items()},
        ask={
            name: Ask(ask["title"], ask["kind"], tuple(option["id"] for option in ask["options"]), ask.get("must"))
            for name, ask in node["ask"].items()
        },
        must=tuple(Must(must["register"], must["is"], must.get("part")) for must in node["must"] if "register" in must),
        sampled=samples_of(node["must"]),
        decision=decision and Deciding(tuple(decision["verdicts"]), tuple(decision["back_to"]), decision["reason"]),
        not_before=wait and Wait(wait["wait"], wait.get("after")),
        due=node.get("due"),
    )


def _reading(reading: Document) -> Reading:
    most, least = reading.get("at_most"), reading.get("at_least")
    return Reading(
        title=reading["title"],
        unit=reading["unit"],
        at_most=None if most is None else Decimal(most),
        at_least=None if least is None else Decimal(least),
        points=tuple(reading["points"]),
        instrument=reading["instrument"],
        fresh=reading.get("fresh"),
        optional=reading.get("optional", False),
    )
