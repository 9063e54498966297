"""Conditions: OR of ANDs over what a run knows, with three values. What cannot be known is neither true nor false."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tanghulu.core.flow.scalars import decimal, is_decimal
from tanghulu.core.flow.state import State, newest, still_in
from tanghulu.core.flow.template import Template

Value = bool | Decimal | str

_ORDERED: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    "at_most": lambda value, to: value <= to,
    "at_least": lambda value, to: value >= to,
    "less_than": lambda value, to: value < to,
    "more_than": lambda value, to: value > to,
}


@dataclass(frozen=True, slots=True)
class Line:
    """One comparison as it was judged: `truth` is None when the value was not known or of another kind."""

    value: str
    op: str
    to: bool | str
    found: bool | str | None
    truth: bool | None


def is_true(template: Template, state: State, condition: Mapping[str, Any]) -> bool:
    """Judge a condition; in the end unknown counts as false."""
    return judge(template, state, condition) is True


def judge(template: Template, state: State, condition: Mapping[str, Any]) -> bool | None:
    """Judge a condition by Kleene's three values; None is unknown."""
    return _any(_all(line.truth for line in lines) for lines in explain(template, state, condition))


def explain(template: Template, state: State, condition: Mapping[str, Any]) -> list[list[Line]]:
    """Every comparison of a condition with the value found, in the condition's own shape of OR over AND."""
    return [[_line(template, state, term) for term in option["all"]] for option in condition["any"]]


def _line(template: Template, state: State, term: Mapping[str, Any]) -> Line:
    found = _look_up(template, state, term["value"])
    shown = str(found) if isinstance(found, Decimal) else found
    return Line(term["value"], term["op"], term["to"], shown, _compare(term["op"], found, term["to"]))


def _compare(op: str, found: Value | None, to: object) -> bool | None:
    wanted = _kinded(to)
    if found is None or wanted is None or _kind(found) is not _kind(wanted):
        return None
    if op in {"is", "is_not"}:
        return (found == wanted) is (op == "is")
    if isinstance(found, Decimal) and isinstance(wanted, Decimal) and op in _ORDERED:
        return _ORDERED[op](found, wanted)
    return None


def _look_up(template: Template, state: State, reference: str) -> Value | None:
    kind, _, target = reference.partition(":")
    if kind == "count":
        return Decimal(len(still_in(state, target))) if target in template.registers else None
    if kind == "part":
        return Decimal(len(state["people"].get(target, ()))) if target in template.people else None
    path, _, name = target.partition(".")
    activation, step = newest(state, path), template.steps.get(path)
    if activation is None or step is None:
        return None
    if kind == "answer":
        return None if step.who.each else _kinded(activation["answers"].get(name))
    name, _, point = name.partition(".")
    for measured in reversed(activation["readings"]):
        if measured["reading"] == name and (not point or measured.get("point") == point):
            return decimal(measured["value"])
    return None


def _kinded(value: object) -> Value | None:
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return decimal(value) if is_decimal(value) else value
    return None


def _kind(value: Value) -> type:
    return bool if isinstance(value, bool) else type(value)


def _all(truths: Iterable[bool | None]) -> bool | None:
    seen = set(truths)
    if False in seen:
        return False
    return None if None in seen else True


def _any(truths: Iterable[bool | None]) -> bool | None:
    seen = set(truths)
    if True in seen:
        return True
    return None if None in seen else False
