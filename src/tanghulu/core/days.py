"""Days: as people write them, and when they begin where somebody is."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

_WRITTEN = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
# Beyond these a day has no beginning everywhere, or no day after it, that could be asked for.
_FIRST, _LAST = date(1970, 1, 1), date(9000, 1, 1)


def read_day(text: str) -> date | None:
    """The day that somebody has written, such as 2026-03-02 or 2026年3月2日; None for what is none, or far away."""
    found = _WRITTEN.fullmatch(text)
    try:
        day = date(*map(int, found.groups())) if found else None
    except ValueError:
        return None
    return day if day is not None and _FIRST <= day <= _LAST else None


def beginning(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of a day where somebody is."""
    return datetime.combine(day, time.min, tzinfo=zone)
