"""Who is meant by `@name` in a text: somebody of exactly that name, and of several the one with `#number` behind it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from tanghulu.apps.directory import finding
from tanghulu.core.access import Actor

_MOST = 20
_LONGEST_NAME = 40
# As typed with a Latin keyboard, and with a Chinese one.
_AT = re.compile("[@\uff20](?=\\S)")


def mentioned(actor: Actor, text: str) -> dict[str, str]:
    """The refs of the active people who are meant, with the words that say so; the longest name that fits wins."""
    places = [(found[0], text[found.end() : found.end() + _LONGEST_NAME]) for found in _AT.finditer(text)][:_MOST]
    names = {name.split("#", maxsplit=1)[0] for _at, place in places for name in _beginnings(place)}
    people = finding.colleagues_named(actor, names=names) if names else []
    found: dict[str, str] = {}
    for at, place in places:
        found |= {ref: at + name for ref, name in _chosen(_beginnings(place), people).items()}
    return found


def _beginnings(text: str) -> Iterator[str]:
    """What the name may be, the longest first."""
    line = text.split("\n", maxsplit=1)[0]
    return (line[:length].rstrip() for length in range(len(line), 0, -1))


def _chosen(names: Iterable[str], people: Sequence[finding.Person]) -> Mapping[str, str]:
    for name in names:
        found = {one.ref: name for one in people if name in {one.name, f"{one.name}#{one.number}"}}
        if found:
            return found
    return {}
