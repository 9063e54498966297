"""What every database can hold."""

from __future__ import annotations

from tanghulu.core import canonical


def holds_nul(value: canonical.Value) -> bool:
    """Whether a string anywhere in `value` contains U+0000, which PostgreSQL keeps in neither text nor JSON."""
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, dict):
        return any(map(holds_nul, value.values()))
    return isinstance(value, list) and any(map(holds_nul, value))
