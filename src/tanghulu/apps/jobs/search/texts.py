"""What an entry of the log says in words: on the log its answers and numbers of locks, beside it its openings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_FACTS = ("item", "point", "instrument")


def on_the_log(payload: Mapping[str, Any]) -> str:
    """The words in an event's data; refs of people are none."""
    data = payload.get("data", {})
    return " ".join(_words(data)) if isinstance(data, dict) else ""


def _words(data: Mapping[str, Any]) -> Iterator[str]:
    answers = data.get("answers", {})
    if isinstance(answers, dict):
        yield from (value for value in answers.values() if isinstance(value, str))
    yield from (data[name] for name in _FACTS if isinstance(data.get(name), str) and not _is_ref(data[name]))


def _is_ref(text: str) -> bool:
    return len(text) == 32 and set(text) <= set("0123456789abcdef")  # noqa: PLR2004 - the length of a ref


def beside_it(value: object) -> str:
    """The words of an opened commitment; empty where it is not text."""
    return value if isinstance(value, str) else ""
