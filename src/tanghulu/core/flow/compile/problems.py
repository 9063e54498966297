"""What is wrong with a template, where, and on which line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tanghulu.core.errors import Invalid


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason against a template: a stable code, the place by ids, the line of the YAML, and the value meant."""

    code: str
    place: str
    line: int | None = None
    value: str = ""

    def __str__(self) -> str:
        """Print as `line 12, stages/before/power_off: template_unknown_part (electrican)`."""
        line = "" if self.line is None else f"line {self.line}, "
        value = f" ({self.value})" if self.value else ""
        return f"{line}{self.place}: {self.code}{value}"


class TemplateRefused(Invalid):
    """A template that cannot work. `code` and `params` are those of the first problem; `problems` lists all."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        first = self.problems[0]
        super().__init__(first.code, place=first.place, line=first.line or 0, value=first.value)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where in the document something stands: its place by ids and its line, if it was read from YAML."""

    place: str
    line: int | None = None


class Findings:
    """Collects problems and remembers where the parts of a version came from."""

    def __init__(self) -> None:
        self._problems: list[Problem] = []
        self._spots: dict[int, Spot] = {}
        self._lines: dict[int, Mapping[str, int]] = {}
        self._alive: list[object] = []

    @property
    def problems(self) -> list[Problem]:
        """All problems so far, once each, by line and place."""
        return sorted(set(self._problems), key=lambda problem: (problem.line or 0, problem.place, problem.code))

    def add(self, code: str, spot: Spot, value: object = "") -> None:
        """Note a problem."""
        self._problems.append(Problem(code, spot.place, spot.line, str(value)[:100]))

    def mark(self, part: object, spot: Spot, lines: Mapping[str, int] | None = None) -> None:
        """Remember where a part of the version came from, and its keys where their lines are known."""
        self._spots[id(part)] = spot
        if lines:
            self._lines[id(part)] = lines
        self._alive.append(part)

    def spot(self, part: object) -> Spot | None:
        """Where a part of the version came from, if it was marked."""
        return self._spots.get(id(part))

    def line(self, part: object, key: str) -> int | None:
        """The line of a key of a marked part, if it is known."""
        return self._lines.get(id(part), {}).get(key)

    def raise_if_any(self) -> None:
        """Raise TemplateRefused when there is a problem."""
        if self._problems:
            raise TemplateRefused(self.problems)
