"""Words for the index: runs of Latin letters and digits whole, runs of Chinese as pairs of characters.

Chinese has no blanks; every pair of neighbours is a token, and the last character one more, so that a single character
is the beginning of some token wherever it stands.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator

_RUN = re.compile(r"[0-9a-z]+|[^\W_0-9a-z]+")
_ASCII = re.compile("[0-9a-z]+")


def tokens(text: str) -> list[str]:
    """The tokens of a text, each once, in the order in which they first stand there."""
    return list(dict.fromkeys(_tokens(text)))


def _tokens(text: str) -> Iterator[str]:
    for run in _RUN.findall(_plain(text)):
        if _ASCII.fullmatch(run):
            yield run
        else:
            yield from (run[place : place + 2] for place in range(len(run)))


def wanted(text: str) -> list[tuple[str, bool]]:
    """The tokens that a text with these words has, each with whether it may go on beyond what is asked for."""
    found: dict[str, bool] = {}
    for run in _RUN.findall(_plain(text)):
        if _ASCII.fullmatch(run) or len(run) == 1:
            found[run] = True
        else:
            found.update((run[place : place + 2], False) for place in range(len(run) - 1))
    return list(found.items())


def contains(text: str, word: str) -> bool:
    """Whether a text really has the word: pairs of characters may all be there and not stand together."""
    return _plain(word) in _plain(text)


def tenant_token(slug: str) -> str:
    """A token that every text of a company has, so that the index is never walked for all companies."""
    return f"zz{hashlib.sha256(slug.encode()).hexdigest()[:14]}"


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()
