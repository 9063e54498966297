"""Days and times as a reader of the active language writes them. Clocks have 24 hours everywhere, as ports do.

Whoever renders a page has set the company's time zone; a moment is given in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final, Literal

from django.utils import timezone
from django.utils.dateformat import format as written
from django.utils.translation import get_language

Form = Literal["day", "day_short", "clock", "clock_exact", "moment", "moment_exact", "moment_short"]

_CLOCKS: Final[Mapping[str, str]] = {"clock": "H:i", "clock_exact": "H:i:s"}
_CHINESE: Final[Mapping[str, str]] = {
    **_CLOCKS,
    "day": "Y年n月j日",
    "day_short": "n月j日",
    "moment": "Y年n月j日 H:i",
    "moment_exact": "Y年n月j日 H:i:s",
    "moment_short": "n月j日 H:i",
}
_OTHER: Final[Mapping[str, str]] = {
    **_CLOCKS,
    "day": "j M Y",
    "day_short": "j M",
    "moment": "j M Y, H:i",
    "moment_exact": "j M Y, H:i:s",
    "moment_short": "j M, H:i",
}


def told(value: date | datetime, form: Form) -> str:
    """A day, or a moment in the active time zone, as the reader writes it; a day has no clock."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    forms = _CHINESE if (get_language() or "").startswith("zh") else _OTHER
    return written(value, forms[form])
