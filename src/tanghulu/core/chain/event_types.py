"""The event types, who may sign them, and the facts in their `data` (docs/formats/event.md).

They grow only by addition.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final

from tanghulu.core import canonical
from tanghulu.core.chain.encoding import from_base64, is_hash, is_ref

SERVER: Final = "server"
"""The actor of what the tenant's server states."""


class EventType(StrEnum):
    """Every type of event that this version knows."""

    DEVICE_ENROLLED = "device.enrolled"
    DEVICE_REVOKED = "device.revoked"
    RUN_OPENED = "run.opened"
    PEOPLE_ASSIGNED = "people.assigned"
    PHOTO_TAKEN = "photo.taken"
    READING_TAKEN = "reading.taken"
    REGISTER_ENTERED = "register.entered"
    REGISTER_LEFT = "register.left"
    LOCK_REMOVED = "lock.removed"
    STEP_CONFIRMED = "step.confirmed"
    DECISION_MADE = "decision.made"
    REPEAT_ENDED = "repeat.ended"
    RUN_STOPPED = "run.stopped"
    RUN_RESUMED = "run.resumed"
    RUN_ABANDONED = "run.abandoned"
    ACT_ACKNOWLEDGED = "act.acknowledged"
    LOG_OPENED = "log.opened"
    PEOPLE_RESOLVED = "people.resolved"
    PHOTO_STORED = "photo.stored"
    PHOTO_REFUSED = "photo.refused"
    TIMER_FIRED = "timer.fired"
    CHECK_RECORDED = "check.recorded"
    RUN_SEALED = "run.sealed"


SERVER_TYPES: Final = frozenset(
    {
        EventType.LOG_OPENED,
        EventType.PEOPLE_RESOLVED,
        EventType.PHOTO_STORED,
        EventType.PHOTO_REFUSED,
        EventType.TIMER_FIRED,
        EventType.CHECK_RECORDED,
        EventType.RUN_SEALED,
    }
)
"""Facts stated by the server; never a decision."""

ACT_TYPES: Final = frozenset(EventType) - SERVER_TYPES
"""Acts of people; only devices whose actor is a member sign them."""

OUTSIDE_RUNS: Final = frozenset({EventType.DEVICE_ENROLLED, EventType.DEVICE_REVOKED, EventType.LOG_OPENED})

STEP_REQUIRED: Final = frozenset(
    {
        EventType.PHOTO_TAKEN,
        EventType.READING_TAKEN,
        EventType.REGISTER_ENTERED,
        EventType.STEP_CONFIRMED,
        EventType.DECISION_MADE,
    }
)
STEP_ALLOWED: Final = STEP_REQUIRED | {EventType.REGISTER_LEFT}

Check = Callable[[canonical.Value], bool]

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_SLUG = re.compile(r"[a-z][a-z0-9-]{0,59}")
_PATH = re.compile(r"[a-z][a-z0-9_]{0,39}(?:/[a-z][a-z0-9_]{0,39}){0,31}")


def is_path(value: object) -> bool:
    """Whether `value` is the path of a step, repeat or choice: ids joined by `/`."""
    return isinstance(value, str) and _PATH.fullmatch(value) is not None


def is_name(value: object) -> bool:
    """Whether `value` is an id in a template: of a part, slot, reading, register ..."""
    return isinstance(value, str) and _NAME.fullmatch(value) is not None


def _slug(value: canonical.Value) -> bool:
    return isinstance(value, str) and _SLUG.fullmatch(value) is not None


def _text(value: canonical.Value) -> bool:
    return isinstance(value, str)


def _integer(value: canonical.Value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _counted(value: canonical.Value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _positive(value: canonical.Value) -> bool:
    return _counted(value) and value != 0


def _bool(value: canonical.Value) -> bool:
    return isinstance(value, bool)


def _decimal(value: canonical.Value) -> bool:
    return isinstance(value, str) and canonical.is_decimal(value)


def _time(value: canonical.Value) -> bool:
    return isinstance(value, str) and canonical.is_time(value)


def _date(value: canonical.Value) -> bool:
    return isinstance(value, str) and canonical.is_date(value)


def _one_of(*words: str) -> Check:
    return lambda value: isinstance(value, str) and value in words


def _list(check: Check) -> Check:
    return lambda value: isinstance(value, list) and all(map(check, value))


def _sorted_set(check: Check) -> Check:
    listed = _list(check)
    return lambda value: (
        isinstance(value, list) and listed(value) and all(str(a) < str(b) for a, b in itertools.pairwise(value))
    )


def _some(check: Check) -> Check:
    listed = _sorted_set(check)
    return lambda value: listed(value) and bool(value)


def _map(key: Check, check: Check) -> Check:
    return lambda value: isinstance(value, dict) and all(key(name) and check(item) for name, item in value.items())


def _subject(value: canonical.Value) -> bool:
    return isinstance(value, dict) and ("equipment" not in value or is_ref(value["equipment"]))


def _answer(value: canonical.Value) -> bool:
    return isinstance(value, (bool, str))


def _base64(value: canonical.Value) -> bool:
    return isinstance(value, str) and from_base64(value) is not None


_REFS = _list(is_ref)

# Per type: the facts that are always there, and those that may be. A reader keeps and ignores what it does not know.
_REQUIRED: Mapping[EventType, Mapping[str, Check]] = {
    EventType.LOG_OPENED: {"origin": _text, "log_key": _text, "server_key": _base64, "founders": _REFS},
    EventType.DEVICE_ENROLLED: {"spki": _base64, "may_enrol": _bool},
    EventType.DEVICE_REVOKED: {"device": is_hash, "why": is_name, "saw": _sorted_set(is_hash)},
    EventType.RUN_OPENED: {"template": _slug, "version": is_hash, "subject": _subject, "people": _map(is_name, _REFS)},
    EventType.PEOPLE_ASSIGNED: {"part": is_name, "members": _REFS},
    EventType.PHOTO_TAKEN: {"slot": is_name},
    EventType.READING_TAKEN: {"reading": is_name, "value": _decimal, "unit": _text, "sampled_at": _time},
    EventType.REGISTER_ENTERED: {"register": is_name, "item": _text},
    EventType.REGISTER_LEFT: {"register": is_name, "item": _text},
    EventType.LOCK_REMOVED: {
        "register": is_name,
        "item": _text,
        "holder": is_ref,
        "confirmed": _sorted_set(is_name),
        "saw": _sorted_set(is_hash),
    },
    EventType.DECISION_MADE: {"verdict": _one_of("ok", "no", "back"), "saw": _sorted_set(is_hash)},
    EventType.REPEAT_ENDED: {"repeat": is_path},
    EventType.ACT_ACKNOWLEDGED: {"about": is_hash},
    EventType.PEOPLE_RESOLVED: {"member": is_ref, "roles": _list(_text), "certificates": _map(_text, _date)},
    EventType.PHOTO_STORED: {"commitment": is_hash},
    EventType.PHOTO_REFUSED: {"commitment": is_hash, "codes": _some(is_name)},
    EventType.TIMER_FIRED: {"timer": _text},
    EventType.CHECK_RECORDED: {"check": _text, "verdict": _one_of("pass", "fail", "unsure"), "about": is_hash},
    EventType.RUN_SEALED: {"count": _counted, "heads": _sorted_set(is_hash), "devices": _map(is_hash, _positive)},
}
_OPTIONAL: Mapping[EventType, Mapping[str, Check]] = {
    EventType.READING_TAKEN: {"point": _text, "instrument": _text},
    EventType.REGISTER_ENTERED: {"holder": is_ref, "point": _text, "count": _integer},
    EventType.STEP_CONFIRMED: {"answers": _map(is_name, _answer)},
    EventType.DECISION_MADE: {"to": is_path, "looked": _map(is_hash, _counted)},
}


def data_fault(kind: EventType, data: Mapping[str, canonical.Value]) -> str | None:
    """The name of the first fact that is missing from `data` or not of its kind; None when all is well."""
    required, optional = _REQUIRED.get(kind, {}), _OPTIONAL.get(kind, {})
    for name, check in required.items():
        if name not in data or not check(data[name]):
            return name
    for name, check in optional.items():
        if name in data and not check(data[name]):
            return name
    return None
