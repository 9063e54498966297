"""References of a version: from the short way of writing to full paths, and whether they can be known there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tanghulu.core import canonical
from tanghulu.core.flow.compile.places import Places, Raw, Standing
from tanghulu.core.flow.compile.problems import Spot

_YES_NO = {"yes": True, "no": False}


def resolve(places: Places) -> None:
    """Write all references in full, noting those that lead nowhere or to what cannot be known there."""
    for choice in places.choices.values():
        spot = places.spot(choice.node, choice.path)
        for option in choice.node["options"]:
            _condition(places, option["when"], choice, Spot(f"{spot.place}/when", spot.line))
    for repeat in places.repeats.values():
        if "when" in repeat.node["until"]:
            spot = places.spot(repeat.node, repeat.path)
            _condition(places, repeat.node["until"]["when"], repeat, Spot(f"{spot.place}/until", spot.line))
    for step in places.steps.values():
        if "not_before" in step.node and "after" in step.node["not_before"]:
            _after(places, step)
        if "decision" in step.node:
            _returns(places, step)
        for must in step.node["must"]:
            if must["is"] == "sampled_within":
                _sampled(places, step, must)


def _target(places: Places, reference: str, surroundings: str, spot: Spot) -> Standing | None:
    found = places.find(reference, surroundings)
    if not found:
        places.findings.add("template_unknown_step", spot, reference)
        return None
    if len(found) > 1:
        places.findings.add("template_bad_condition", spot, f"{reference} may be {' or '.join(found)}")
        return None
    return places.steps[found[0]]


def _after(places: Places, step: Standing) -> None:
    wait = step.node["not_before"]
    spot = places.spot(wait, f"{step.path}/not_before")
    target = _target(places, wait["after"], step.surroundings, spot)
    if target is None:
        return
    wait["after"] = target.path
    if not step.can_know(target):
        places.findings.add("template_impossible_time", spot, target.path)


def _returns(places: Places, step: Standing) -> None:
    decision = step.node["decision"]
    spot = places.spot(decision, f"{step.path}/decision")
    full: list[str] = []
    for reference in decision["back_to"]:
        target = _target(places, reference, step.surroundings, spot)
        full.append(reference if target is None else target.path)
        if target is None:
            continue
        inside = set(target.repeats) <= set(step.repeats) and set(target.branches) <= set(step.branches)
        if target.order >= step.order or not inside:
            places.findings.add("template_bad_return", spot, target.path)
    decision["back_to"] = full


def _sampled(places: Places, step: Standing, must: Raw) -> None:
    """The steps in full, and the readings that all of them take; without any, all those of the first."""
    spot = places.spot(step.node["must"], f"{step.path}/must")
    targets = [_target(places, reference, step.surroundings, spot) for reference in must["steps"]]
    found = [target for target in targets if target is not None]
    if len(found) < len(targets):
        return
    must["steps"] = [target.path for target in found]
    must["readings"] = must["readings"] or sorted(_readings_of(found[0]))
    for target in found:
        lacking = set(must["readings"]) - _readings_of(target)
        if lacking or target.node["who"]["each"]:
            places.findings.add("template_bad_condition", spot, f"{target.path} {', '.join(sorted(lacking))}".strip())
    if not must["readings"]:
        places.findings.add("template_bad_condition", spot, found[0].path)


def _readings_of(step: Standing) -> set[str]:
    readings = step.node["readings"].items()
    return {f"{name}.{point}" if point else name for name, reading in readings for point in reading["points"] or [""]}


def _condition(places: Places, condition: Raw, where: Standing, spot: Spot) -> None:
    for group in condition["any"]:
        for term in group["all"]:
            _term(places, term, where, spot)


def _term(places: Places, term: Raw, where: Standing, spot: Spot) -> None:
    kind, _, target = term["value"].partition(":")
    if kind in {"count", "part"}:
        known = places.document["registers" if kind == "count" else "people"]
        if target not in known:
            places.findings.add(f"template_unknown_{'register' if kind == 'count' else 'part'}", spot, target)
        _must_be_decimal(places, term, spot)
        return
    reference, _, name = target.partition(".")
    surroundings = where.path if where.node["node"] == "repeat" else where.surroundings
    step = _target(places, reference, surroundings, spot)
    if step is None:
        return
    term["value"] = f"{kind}:{step.path}.{name}"
    inside = where.node["node"] == "repeat" and where.path in step.repeats
    if not inside and not where.can_know(step):
        places.findings.add("template_bad_condition", spot, term["value"])
    elif kind == "reading":
        _reading(places, term, step, name, spot)
    else:
        _answer(places, term, step, name, spot)


def _reading(places: Places, term: Raw, step: Standing, name: str, spot: Spot) -> None:
    name, _, point = name.partition(".")
    reading = step.node["readings"].get(name)
    if reading is None or (point and point not in reading["points"]):
        places.findings.add("template_bad_condition", spot, term["value"])
    _must_be_decimal(places, term, spot)


def _answer(places: Places, term: Raw, step: Standing, name: str, spot: Spot) -> None:
    ask: Mapping[str, Any] | None = step.node["ask"].get(name)
    if ask is None or step.node["who"]["each"]:
        places.findings.add("template_bad_condition", spot, term["value"])
    elif ask["kind"] == "number":
        _must_be_decimal(places, term, spot)
    else:
        options = [option["id"] for option in ask["options"]]
        if ask["kind"] == "yes_no" and isinstance(term["to"], str):
            term["to"] = _YES_NO.get(term["to"], term["to"])
        fits = term["to"] in options if ask["kind"] == "choice" else isinstance(term["to"], bool)
        if not fits or term["op"] not in {"is", "is_not"}:
            places.findings.add("template_bad_condition", spot, f"{term['value']} {term['op']} {term['to']}")


def _must_be_decimal(places: Places, term: Raw, spot: Spot) -> None:
    if not isinstance(term["to"], str) or not canonical.is_decimal(term["to"]):
        places.findings.add("template_bad_condition", spot, f"{term['value']} {term['op']} {term['to']}")
