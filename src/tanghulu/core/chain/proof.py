"""Proofs that an entry is in a log, readable without a network (C2SP tlog-proof).

c2sp.org/tlog-proof@v1
index <i>
<base64 hash>               one line each, from the leaf's sibling to the child of the root

<checkpoint, verbatim>
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tanghulu.core.chain.encoding import HASH_BYTES, from_base64, to_base64
from tanghulu.core.errors import Invalid

HEADER: Final = "c2sp.org/tlog-proof@v1"
MAX_HASHES: Final = 64

_INDEX = re.compile(r"index (0|[1-9][0-9]{0,15})")
_EXTRA = re.compile(r"extra (\S+)")


@dataclass(frozen=True, slots=True)
class Proof:
    """The entry's index, the path of 32-byte hashes, and the checkpoint's bytes, of which nothing is trusted yet.

    `extra` is data for applications that nothing authenticates; our logs write none.
    """

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes | None = None

    def encode(self) -> bytes:
        """The bytes of the proof file."""
        lines = [HEADER]
        if self.extra is not None:
            lines.append(f"extra {to_base64(self.extra)}")
        lines += [f"index {self.index}", *map(to_base64, self.hashes)]
        return "\n".join(lines).encode("ascii") + b"\n\n" + self.checkpoint


def parse_proof(raw: bytes) -> Proof:
    """Read a proof; what would not be written back as the same bytes is refused.

    Raises:
        Invalid: `proof_malformed`.
    """
    head, blank, checkpoint = raw.partition(b"\n\n")
    try:
        lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError:
        lines = []
    if not blank or not checkpoint or not lines or lines.pop(0) != HEADER:
        raise Invalid("proof_malformed")
    extra = _extra(lines)
    index = _INDEX.fullmatch(lines[0]) if lines else None
    if index is None:
        raise Invalid("proof_malformed")
    return Proof(int(index[1]), _hashes(lines[1:]), checkpoint, extra)


def _extra(lines: list[str]) -> bytes | None:
    """Take the line of extra data off the front, where there is one."""
    match = _EXTRA.fullmatch(lines[0]) if lines else None
    if match is None:
        return None
    extra = from_base64(match[1])
    if extra is None:
        raise Invalid("proof_malformed")
    del lines[0]
    return extra


def _hashes(lines: Sequence[str]) -> tuple[bytes, ...]:
    hashes: list[bytes] = []
    for line in lines:
        decoded = _hash(line)
        if decoded is None:
            raise Invalid("proof_malformed")
        hashes.append(decoded)
    if len(hashes) > MAX_HASHES:
        raise Invalid("proof_malformed")
    return tuple(hashes)


@functools.lru_cache(maxsize=4_096)
def _hash(line: str) -> bytes | None:
    """The hash of a line. Proofs of one pack share most of their lines."""
    decoded = from_base64(line)
    # A hash of another length could stand for two, or for none.
    return decoded if decoded is not None and len(decoded) == HASH_BYTES else None
