"""A clock that cannot be set: milliseconds since this process began, and the name of that beginning."""

from __future__ import annotations

import secrets
import time

BOOT = secrets.token_hex(16)
_BEGAN = time.monotonic_ns()


def milliseconds() -> int:
    """Milliseconds since the process began."""
    return (time.monotonic_ns() - _BEGAN) // 1_000_000
