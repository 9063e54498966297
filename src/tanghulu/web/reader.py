"""Who reads a page: in which language, and in which time zone the day began."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language

from tanghulu.core.days import beginning


def language() -> str:
    """The language that is active."""
    return get_language() or str(settings.LANGUAGE_CODE)


def zone() -> ZoneInfo:
    """The time zone that is active."""
    return ZoneInfo(timezone.get_current_timezone_name())


def midnight(now: datetime) -> datetime:
    """When the reader's day began."""
    return beginning(timezone.localdate(now), zone())
