"""The short ways in which people write a template, turned into the forms of a version.

What is not a short way is passed on as it is: the models judge it afterwards, at its place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

_DURATION = re.compile(r"([1-9][0-9]{0,8}) ?(s|min|h|d)", re.ASCII)
_SECONDS = {"s": 1, "min": 60, "h": 3600, "d": 86_400}
_RANGE = re.compile(r"([0-9]{1,6})\.\.([0-9]{1,6})", re.ASCII)
_WORDS = {"yes": True, "no": False}
_ONE_EACH = "one each of "
_SAMPLED = "sampled_within"

Raw = Any


def flag(value: Raw) -> Raw:
    """`yes` and `no` as true and false."""
    return _WORDS.get(value, value) if isinstance(value, str) else value


def needed(value: Raw) -> Raw:
    """`required` as yes."""
    return True if value == "required" else flag(value)


def seconds(value: Raw) -> Raw:
    """`90 s`, `30 min`, `12 h`, `7 d` in seconds."""
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    return int(match[1]) * _SECONDS[match[2]] if match else value


def span(value: Raw) -> Raw:
    """`1..6` and `3` as least and most."""
    if isinstance(value, int) and not isinstance(value, bool):
        return [value, value]
    match = _RANGE.fullmatch(value) if isinstance(value, str) else None
    return [int(match[1]), int(match[2])] if match else value


def decimal_text(value: Raw) -> Raw:
    """A whole number as a decimal string; numbers with a fraction are read as text already."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def listed(value: Raw) -> Raw:
    """One thing as a list of it."""
    return [value] if isinstance(value, str) else value


def text(value: Raw, language: str) -> Raw:
    """A bare string as a text in the document's language."""
    return {language: value} if isinstance(value, str) else value


def texts(value: Raw, language: str) -> Raw:
    """A list of texts, or one."""
    if isinstance(value, list):
        return [text(item, language) for item in value]
    return [text(value, language)] if isinstance(value, str | dict) else value


def who(value: Raw) -> Raw:
    """A part, a list of parts (one of each acts), `any_of`, `all_of`, or `each_of` with or without `newcomers`."""
    if isinstance(value, str | list):
        return {"parts": listed(value), "each": False, "policy": "all"}
    if isinstance(value, dict) and "newcomers" in value:
        inner, newcomers = who({key: value[key] for key in value if key != "newcomers"}), flag(value["newcomers"])
        return {**inner, **({} if newcomers is False else {"newcomers": newcomers})}
    if isinstance(value, dict) and len(value) == 1:
        ((key, parts),) = value.items()
        if key in {"any_of", "all_of", "each_of"}:
            return {
                "parts": listed(parts),
                "each": key == "each_of",
                "policy": "any" if key == "any_of" else "all",
            }
    return value


def register_use(value: Raw) -> Raw:
    """`in`, `out` or `both`; going in asks for one at least."""
    if isinstance(value, str):
        value = {"act": value}
    if isinstance(value, dict) and "at_least" not in value:
        return {**value, "at_least": 1 if value.get("act") == "in" else 0}
    return value


def absent_owner(value: Raw) -> Raw:
    """Who decides when the owner of a lock does not come back; one part as a list of it."""
    return {**value, **_present(value, {"decided_by": listed})} if isinstance(value, dict) else value


def musts(value: Raw) -> Raw:
    """`{people: empty}`, `{isolation: one each of crew}` and `sampled_within` as a list of conditions."""
    if isinstance(value, list):
        return [must for item in value for must in _must(item)]
    return _must(value) if isinstance(value, dict) else value


def _must(value: Raw) -> list[Raw]:
    if not isinstance(value, dict) or "register" in value or "is" in value:
        return [value]
    conditions: list[Raw] = []
    for register, rule in value.items():
        if register == _SAMPLED and isinstance(rule, dict):
            conditions.append(_sampled(rule))
        elif isinstance(rule, str) and rule.startswith(_ONE_EACH):
            conditions.append({"register": register, "is": "one_each", "part": rule.removeprefix(_ONE_EACH).strip()})
        else:
            conditions.append({"register": register, "is": rule})
    return conditions


def _sampled(rule: Raw) -> Raw:
    """`sampled_within: {time: 30 min, steps: [gas_test]}`; without `readings` all those of the first step."""
    renamed = {"seconds" if key == "time" else key: item for key, item in rule.items()}
    return {"is": _SAMPLED, "readings": [], **renamed, **_present(renamed, {"seconds": seconds, "steps": listed})}


def decision(value: Raw) -> Raw:
    """Verdicts alone, or with where to go back to and when a reason is asked."""
    if isinstance(value, list):
        value = {"verdicts": value}
    if not isinstance(value, dict):
        return value
    return {"back_to": [], "reason": "unless_ok", **value, **_present(value, {"back_to": listed})}


def not_before(value: Raw) -> Raw:
    """A wait from the opening of the step, or from the end of another."""
    if isinstance(value, dict):
        return {**value, **_present(value, {"wait": seconds})}
    return {"wait": seconds(value)}


def options(value: Raw, language: str) -> Raw:
    """Options by id, or as a list."""
    if isinstance(value, dict):
        return [{"id": name, "title": text(title, language)} for name, title in value.items()]
    if isinstance(value, list):
        return [
            {**item, "title": text(item["title"], language)} if isinstance(item, dict) and "title" in item else item
            for item in value
        ]
    return value


_OPS = ("is", "is_not", "at_most", "at_least", "less_than", "more_than")
_REFERENCES = ("answer", "reading", "count", "part")


def condition(value: Raw) -> Raw:
    """A comparison, a list of them (all must be true), or `any` of such."""
    if isinstance(value, dict) and "any" in value:
        groups = value["any"] if isinstance(value["any"], list) else [value["any"]]
        return {"any": [_group(group) for group in groups], **{key: value[key] for key in value if key != "any"}}
    return {"any": [_group(value)]}


def _group(value: Raw) -> Raw:
    if isinstance(value, dict) and set(value) == {"all"} and isinstance(value["all"], list):
        value = value["all"]
    terms = value if isinstance(value, list) else [value]
    return {"all": [_term(term) for term in terms]}


def _term(value: Raw) -> Raw:
    if not isinstance(value, dict) or "value" in value:
        return value
    reference = [key for key in value if key in _REFERENCES]
    op = [key for key in value if key in _OPS]
    if len(reference) == 1 and len(op) == 1:
        rest = {key: value[key] for key in value if key not in {reference[0], op[0]}}
        to = decimal_text(value[op[0]])
        return {"value": f"{reference[0]}:{value[reference[0]]}", "op": op[0], "to": to, **rest}
    return value


def _present(value: Mapping[str, Raw], changes: Mapping[str, Callable[[Raw], Raw]]) -> dict[str, Raw]:
    return {key: change(value[key]) for key, change in changes.items() if key in value}
