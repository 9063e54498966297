"""Hex and base64 in the one spelling that our formats take."""

from __future__ import annotations

import binascii
import re
from typing import Final, TypeGuard

HASH_BYTES: Final = 32

_HASH = re.compile(r"[0-9a-f]{64}")
_REF = re.compile(r"[0-9a-f]{32}")


def is_hash(value: object) -> TypeGuard[str]:
    """Whether `value` is the lower-case hex of 32 bytes."""
    return isinstance(value, str) and _HASH.fullmatch(value) is not None


def is_ref(value: object) -> TypeGuard[str]:
    """Whether `value` is a ref: 32 lower-case hex digits, drawn at random."""
    return isinstance(value, str) and _REF.fullmatch(value) is not None


def to_base64(raw: bytes) -> str:
    """RFC 4648 section 4, with padding."""
    return binascii.b2a_base64(raw, newline=False).decode("ascii")


def from_base64(text: str) -> bytes | None:
    """The bytes, or None for anything that would not be written back as the same text."""
    try:
        raw = binascii.a2b_base64(text.encode("ascii"), strict_mode=True)
    except (UnicodeEncodeError, binascii.Error):
        return None
    # The strict reader still lets stray bits in front of the padding pass, and padding where none is needed.
    padded = len(raw) % 3
    clean = not padded or text.endswith(to_base64(raw[-padded:]))
    return raw if clean and len(text) == (len(raw) + 2) // 3 * 4 else None
