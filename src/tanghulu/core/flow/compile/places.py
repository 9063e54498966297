"""Where everything in a version document stands, and how references find their way to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tanghulu.core.flow.compile.problems import Findings, Spot

Raw = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Standing:
    """One step, choice or repeat with all that is around it."""

    node: Raw
    path: str
    surroundings: str
    order: int
    stage: int
    exit: bool
    repeats: tuple[str, ...]
    branches: tuple[tuple[str, int], ...]
    lanes: tuple[tuple[int, int], ...]

    def can_know(self, other: Standing) -> bool:
        """Say whether the other may have happened by the time this one has its turn, in the same branch and lane."""
        mine, lanes = dict(self.branches), dict(self.lanes)
        return (
            other.order < self.order
            and all(mine.get(choice, number) == number for choice, number in other.branches)
            and all(lanes.get(block, lane) == lane for block, lane in other.lanes)
        )


@dataclass(slots=True)
class Places:
    """All standings of a version by kind, in document order."""

    document: Raw
    findings: Findings
    steps: dict[str, Standing] = field(default_factory=dict)
    choices: dict[str, Standing] = field(default_factory=dict)
    repeats: dict[str, Standing] = field(default_factory=dict)
    calls: set[str] = field(default_factory=set)
    _orders: Iterator[int] = field(default_factory=lambda: iter(range(10**9)))

    def find(self, reference: str, surroundings: str) -> list[str]:
        """The steps that a reference may mean, written in full or without the surroundings that both share."""
        parts = surroundings.split("/")
        prefixes = ["/".join(parts[:length]) for length in range(len(parts), 0, -1)]
        candidates = [*(f"{prefix}/{reference}" for prefix in prefixes), reference]
        return [path for path in candidates if path in self.steps]

    def spot(self, part: object, fallback: str) -> Spot:
        """Where a part of the version was written."""
        return self.findings.spot(part) or Spot(fallback)

    def add(self, standing: Standing, kind: dict[str, Standing]) -> None:
        """Note a standing under its path, which nothing else may have."""
        self.claim(standing.path, standing.node)
        kind[standing.path] = standing

    def claim(self, path: str, node: Raw) -> None:
        """Note a path, which nothing else may have."""
        if path in self.steps or path in self.choices or path in self.repeats or path in self.calls:
            self.findings.add("template_duplicate_id", self.spot(node, path), path)

    def next_order(self) -> int:
        """The next number in document order."""
        return next(self._orders)


@dataclass(frozen=True, slots=True)
class _Around:
    path: str
    stage: int
    exit: bool
    repeats: tuple[str, ...] = ()
    branches: tuple[tuple[str, int], ...] = ()
    lanes: tuple[tuple[int, int], ...] = ()


def find_places(document: Raw, findings: Findings) -> Places:
    """Walk a version document and note where everything stands. Notes `template_duplicate_id`."""
    places = Places(document, findings)
    seen: set[str] = set()
    for number, stage in enumerate(document["stages"]):
        if stage["stage"] in seen:
            findings.add("template_duplicate_id", places.spot(stage, stage["stage"]), stage["stage"])
        seen.add(stage["stage"])
        _walk(places, stage["do"], _Around(stage["stage"], number, stage["exit"]))
    return places


def _walk(places: Places, nodes: list[Raw], around: _Around) -> None:
    for node in nodes:
        kind = node["node"]
        if kind == "seq":
            _walk(places, node["do"], around)
        elif kind == "par":
            block = places.next_order()
            for lane, child in enumerate(node["do"]):
                _walk(places, [child], _within(around, lanes=(*around.lanes, (block, lane))))
        elif kind == "choice":
            _walk_choice(places, node, around)
        else:
            _walk_named(places, node, around)


def _walk_choice(places: Places, node: Raw, around: _Around) -> None:
    standing = _standing(places, node, around)
    places.add(standing, places.choices)
    for number, option in enumerate(node["options"]):
        _walk(places, option["do"], _within(around, branches=(*around.branches, (standing.path, number))))
    _walk(places, node["otherwise"], _within(around, branches=(*around.branches, (standing.path, -1))))


def _walk_named(places: Places, node: Raw, around: _Around) -> None:
    standing = _standing(places, node, around)
    if node["node"] == "step":
        places.add(standing, places.steps)
        return
    inside = _within(around, path=standing.path)
    if node["node"] == "repeat":
        places.add(standing, places.repeats)
        inside = _within(inside, repeats=(*around.repeats, standing.path))
    else:
        places.claim(standing.path, node)
        places.calls.add(standing.path)
    _walk(places, node["do"], inside)


def _within(around: _Around, **changes: Any) -> _Around:
    values = {name: getattr(around, name) for name in ("path", "stage", "exit", "repeats", "branches", "lanes")}
    return _Around(**{**values, **changes})


def _standing(places: Places, node: Raw, around: _Around) -> Standing:
    return Standing(
        node=node,
        path=f"{around.path}/{node['id']}",
        surroundings=around.path,
        order=places.next_order(),
        stage=around.stage,
        exit=around.exit,
        repeats=around.repeats,
        branches=around.branches,
        lanes=around.lanes,
    )
