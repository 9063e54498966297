"""The scalars of a run: times, dates and decimals, as the text in which they are signed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from tanghulu.core import canonical

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_LAST = "9999-12-31T23:59:59.999Z"
_LAST_MS = 253_402_300_799_999


def is_time(value: object) -> bool:
    """Say whether this is a time of the one form, and exists in the calendar."""
    return isinstance(value, str) and canonical.is_time(value)


def is_date(value: object) -> bool:
    """Say whether this is a date of the one form, and exists in the calendar."""
    return isinstance(value, str) and canonical.is_date(value)


def is_decimal(value: object) -> bool:
    """Say whether this is a decimal string; there is no minus nought."""
    return isinstance(value, str) and canonical.is_decimal(value)


def decimal(value: str) -> Decimal:
    """The number that a decimal string stands for."""
    return Decimal(value)


def milliseconds(time: str) -> int:
    """Milliseconds since 1970 of a time that exists."""
    return (datetime.fromisoformat(time) - _EPOCH) // _MILLISECOND


def later(time: str, seconds: int) -> str:
    """The time so many seconds on, held at the end of the year 9999."""
    moment = milliseconds(time) + seconds * 1000
    if moment >= _LAST_MS:
        return _LAST
    text = (_EPOCH + moment * _MILLISECOND).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def elapsed(start: str, end: str) -> int:
    """Milliseconds from start to end; a negative span counts as nought."""
    return max(0, milliseconds(end) - milliseconds(start))
