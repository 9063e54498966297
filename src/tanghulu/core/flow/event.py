"""The events of a run as the kernel takes them: a payload of docs/formats/event.md with its own hash beside it.

One that came after its key was revoked has `"revoked": True` beside it as well.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tanghulu.core.flow.scalars import is_date, is_decimal, is_time

Event = Mapping[str, Any]

SERVER = "server"

REVOKED = "key_revoked"
"""Why nothing comes of an event whose key had ended before it came: such an event has `revoked` true beside it."""

FACTS = frozenset({"people.resolved", "photo.stored", "photo.refused", "timer.fired", "check.recorded", "run.sealed"})
"""What only the server states."""

STEP_ACTS = frozenset({"photo.taken", "reading.taken", "register.entered", "step.confirmed", "decision.made"})
"""What people do in a step and nowhere else."""

ACTS = STEP_ACTS | {
    "run.opened",
    "people.assigned",
    "register.left",
    "lock.removed",
    "repeat.ended",
    "run.stopped",
    "run.resumed",
    "run.abandoned",
}
"""What only people do."""


def _text(value: object) -> bool:
    return isinstance(value, str)


def _texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _object(value: object) -> bool:
    return isinstance(value, dict)


def _integer(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _people(value: object) -> bool:
    return isinstance(value, dict) and all(_texts(members) for members in value.values())


def _certificates(value: object) -> bool:
    return isinstance(value, dict) and all(is_date(until) for until in value.values())


_Kinds = Mapping[str, Callable[[object], bool]]

_ALWAYS: Mapping[str, _Kinds] = {
    "run.opened": {"template": _text, "version": _text, "subject": _object, "people": _people},
    "people.assigned": {"part": _text, "members": _texts},
    "photo.taken": {"slot": _text},
    "reading.taken": {"reading": _text, "value": is_decimal, "unit": _text, "sampled_at": is_time},
    "register.entered": {"register": _text, "item": _text},
    "register.left": {"register": _text, "item": _text},
    "lock.removed": {"register": _text, "item": _text, "holder": _text, "confirmed": _texts, "saw": _texts},
    "decision.made": {"verdict": _text, "saw": _texts},
    "repeat.ended": {"repeat": _text},
    "people.resolved": {"member": _text, "roles": _texts, "certificates": _certificates},
    "photo.stored": {"commitment": _text},
    "photo.refused": {"commitment": _text, "codes": _texts},
    "timer.fired": {"timer": _text},
    "check.recorded": {"check": _text, "verdict": _text, "about": _text},
}

_SOMETIMES: Mapping[str, _Kinds] = {
    "reading.taken": {"point": _text, "instrument": _text},
    "register.entered": {"holder": _text, "point": _text, "count": _integer},
    "step.confirmed": {"answers": _object},
    "decision.made": {"to": _text},
}


def is_known(event: Event) -> bool:
    """Say whether the type has an effect on a run."""
    return event["type"] in ACTS or event["type"] in FACTS


def is_well_formed(event: Event) -> bool:
    """Say whether an event of a known type has what its type always has, each of its kind."""
    kind = event["type"]
    if not is_time(event["claimed_at"]):
        return False
    if kind == "run.sealed":
        return True
    data = event.get("data")
    if not isinstance(data, dict) or not _is_placed(event):
        return False
    if kind == "photo.taken" and not _has_photo(event.get("photos")):
        return False
    always, sometimes = _ALWAYS.get(kind, {}), _SOMETIMES.get(kind, {})
    return all(name in data and fits(data[name]) for name, fits in always.items()) and all(
        name not in data or fits(data[name]) for name, fits in sometimes.items()
    )


def _is_placed(event: Event) -> bool:
    kind = event["type"]
    if kind == "register.left" and "step" not in event and "activation" not in event:
        return True
    if kind not in STEP_ACTS and kind != "register.left":
        return True
    activation = event.get("activation")
    return isinstance(event.get("step"), str) and _integer(activation) and activation is not None and activation >= 1


def _has_photo(photos: object) -> bool:
    if not isinstance(photos, list) or len(photos) != 1:
        return False
    photo = photos[0]
    return isinstance(photo, dict) and isinstance(photo.get("slot"), str) and isinstance(photo.get("commitment"), str)
