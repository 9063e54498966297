"""Packs that were altered, each in one way, with what a verifier must say about them.

The same list makes the files of `tests/vectors/packs`, so that a second verifier answers for the same corpus.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from tanghulu.core import canonical
from tanghulu.core.chain import envelope
from tests.support import stories, zips
from tests.support.log_book import LogBook
from tests.support.zips import Members


@dataclass(frozen=True)
class Altered:
    """A pack and what is to be said about it with the good log's policy: exit, and codes per claim."""

    name: str
    make: Callable[[], bytes]
    exit: int
    codes: dict[str, str]


ALTERED: list[Altered] = []


def altered(exit_code: int, **codes: str) -> Callable[[Callable[[], bytes]], Callable[[], bytes]]:
    """Register a pack; codes by claim, or as `pack` when it cannot be read."""

    def register(make: Callable[[], bytes]) -> Callable[[], bytes]:
        ALTERED.append(Altered(make.__name__, make, exit_code, codes))
        return make

    return register


@cache
def good_pack() -> bytes:
    return stories.sealed().pack()


def good() -> Members:
    return zips.unzip(good_pack())


@cache
def small_pack() -> bytes:
    """The smallest good pack, for what happens before anything in it is looked at."""
    return stories.smallest().pack()


def small() -> Members:
    return zips.unzip(small_pack())


def brief() -> Members:
    """The members of a good pack of five events."""
    return zips.unzip(stories.brief().pack())


def policy() -> bytes:
    return LogBook().policy()


def pinned_policy() -> bytes:
    """The same log's policy, which also pins the one device that Chen founded the log with."""
    book = LogBook()
    return book.policy(founders=[book.device("chen")])


def flip(raw: bytes, at: int = -1) -> bytes:
    changed = bytearray(raw)
    changed[at] ^= 1
    return bytes(changed)


def first(members: Members, prefix: str) -> str:
    return min(name for name in members if name.startswith(prefix))


def dropped(members: Members, number: int, *, renumber: bool = True) -> Members:
    """The members without the event of that number; the later ones move up."""
    kinds = (("events/", ".dsse.json"), ("proofs/", ".tlog-proof"), ("admissions/", ".dsse.json"))
    last = sum(name.startswith("events/") for name in members)
    for folder, ending in kinds:
        names = [f"{folder}{one:06d}{ending}" for one in range(number, last + 1)]
        if not renumber:
            del members[names[0]]
            continue
        for name, following in itertools.pairwise(names):
            members[name] = members[following]
        del members[names[-1]]
    return members


def resigned(name: str, members: Members, change: Callable[[dict[str, canonical.Value]], object]) -> Members:
    """The members with one payload changed under its old signature."""
    old = envelope.parse_entry(members[name])
    value = canonical.loads(old.payload)
    assert isinstance(value, dict)
    change(value)
    members[name] = envelope.Envelope(canonical.dumps(value), old.payload_type, old.signatures).entry
    return members
