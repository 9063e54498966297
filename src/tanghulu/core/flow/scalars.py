"""The scalars of a run: times, dates and decimals, as the text in which they are signed."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z", re.ASCII)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,9})?", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_LAST = "9999-12-31T23:59:59.999Z"
_LAST_MS = 253_402_300_799_999


def is_time(value: object) -> bool:
    """Say whether this is `YYYY-MM-DDTHH:MM:SS.mmmZ` and exists in the calendar."""
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def is_date(value: object) -> bool:
    """Say whether this is `YYYY-MM-DD` and exists in the calendar."""
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def is_decimal(value: object) -> bool:
    """Say whether this is a decimal string; there is no minus nought."""
    if not isinstance(value, str) or not _DECIMAL.fullmatch(value):
        return False
    return not value.startswith("-") or any(digit in "123456789" for digit in value)


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
