"""The event: what one device states or does, as a canonical JSON payload (docs/formats/event.md)."""

from __future__ import annotations

import hashlib
import itertools
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tanghulu.core import canonical
from tanghulu.core.chain.encoding import is_hash, is_ref
from tanghulu.core.chain.event_types import (
    OUTSIDE_RUNS,
    SERVER,
    SERVER_TYPES,
    STEP_ALLOWED,
    STEP_REQUIRED,
    EventType,
    data_fault,
    is_name,
    is_path,
)
from tanghulu.core.errors import Invalid

VERSION: Final = 1
ASSURANCES: Final = frozenset({"webcrypto", "software", "server", "webauthn", "hardware"})
MEDIA_TYPES: Final = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}
"""Media types of photos, with the extension of their files in a pack."""

_TENANT = re.compile(r"[a-z][a-z0-9-]{1,39}")
_TYPE = re.compile(r"[a-z][a-z0-9_]{0,39}(?:\.[a-z][a-z0-9_]{0,39})+")


@dataclass(frozen=True, slots=True)
class Beacon:
    """A checkpoint that the device held when it signed: size and root (hex). The event is not older."""

    size: int
    root: str


@dataclass(frozen=True, slots=True)
class Photo:
    """One photo of an event: its slot, the commitment to the hash of its bytes, their number and media type."""

    slot: str
    commitment: str
    size: int
    media_type: str


@dataclass(frozen=True, slots=True)
class Event:
    """A parsed payload. `hash` names it; `value` is the whole JSON object, for kernels that fold it.

    Absent members are None, or empty where they hold several. `kind` is None for a type
    that this version does not know.
    """

    hash: str
    type: str
    kind: EventType | None
    tenant: str
    run: str | None
    step: str | None
    activation: int | None
    prev_run: tuple[str, ...]
    device: str
    dseq: int
    rseq: int | None
    prev_device: str | None
    actor: str
    claimed_at: str
    mono_ms: int
    boot: str
    beacon: Beacon | None
    photos: tuple[Photo, ...]
    commitments: Mapping[str, str]
    data: Mapping[str, canonical.Value]
    assurance: str
    value: Mapping[str, canonical.Value]


def payload_hash(payload: bytes) -> str:
    """SHA-256 of the payload bytes, in hex."""
    return hashlib.sha256(payload).hexdigest()


def parse_payload(payload: bytes) -> Event:
    """Read the payload of an event; the bytes are judged as they are.

    Raises:
        Invalid: `payload_too_large`, `payload_not_canonical`, or `payload_malformed` with the `field` at fault.
    """
    try:
        value = canonical.loads(payload)
    except canonical.CanonicalError as error:
        code = "payload_too_large" if error.code == "json_too_large" else "payload_not_canonical"
        raise Invalid(code, reason=error.code) from None
    return _judged(payload, value)


def _judged(payload: bytes, value: canonical.Value) -> Event:
    if not isinstance(value, dict):
        raise Invalid("payload_malformed", field="payload")
    fault = _fault(value)
    if fault is not None:
        raise Invalid("payload_malformed", field=fault)
    return _event(payload_hash(payload), value)


def build_payload(**members: Any) -> bytes:
    """The canonical bytes of an event, ready to be signed, from the members that `build_event` takes.

    Raises:
        Invalid: as `build_event`.
    """
    return build_event(**members)[0]


def build_event(
    *,
    type: str,  # noqa: A002 - the member of the payload is called so
    tenant: str,
    device: str,
    dseq: int,
    actor: str,
    claimed_at: str,
    mono_ms: int,
    boot: str,
    assurance: str,
    data: Mapping[str, canonical.Encodable] | None = None,
    run: str | None = None,
    step: str | None = None,
    activation: int | None = None,
    prev_run: Sequence[str] = (),
    rseq: int | None = None,
    prev_device: str | None = None,
    beacon: Beacon | None = None,
    photos: Sequence[Photo] = (),
    commitments: Mapping[str, str] | None = None,
) -> tuple[bytes, Event]:
    """The canonical bytes of an event, ready to be signed, and the event that they are.

    `prev_run` is sorted here, absent members are left out.

    Raises:
        Invalid: what `parse_payload` would raise for these bytes, so nothing is built that would be refused.
    """
    optional: dict[str, canonical.Encodable | None] = {
        "run": run,
        "step": step,
        "activation": activation,
        "prev_run": sorted(set(prev_run)) or None,
        "rseq": rseq,
        "prev_device": prev_device,
        "beacon": {"root": beacon.root, "size": beacon.size} if beacon else None,
        "photos": [_photo_value(photo) for photo in photos] or None,
        "commitments": dict(commitments) if commitments else None,
    }
    always: dict[str, canonical.Encodable] = {
        "v": VERSION,
        "type": str(type),
        "tenant": tenant,
        "device": device,
        "dseq": dseq,
        "actor": actor,
        "claimed_at": claimed_at,
        "mono_ms": mono_ms,
        "boot": boot,
        "data": dict(data or {}),
        "assurance": assurance,
    }
    present = {name: member for name, member in optional.items() if member is not None}
    payload = canonical.dumps({**always, **present})
    # These bytes are canonical, having just been written; what they say is judged like anybody's.
    return payload, _judged(payload, json.loads(payload))


def _photo_value(photo: Photo) -> dict[str, canonical.Encodable]:
    return {
        "commitment": photo.commitment,
        "media_type": photo.media_type,
        "size": photo.size,
        "slot": photo.slot,
    }


def _from(low: int) -> Callable[[canonical.Value], bool]:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and value >= low


def _matches(pattern: re.Pattern[str]) -> Callable[[canonical.Value], bool]:
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


def _is_actor(value: canonical.Value) -> bool:
    return value == SERVER or is_ref(value)


def _is_time(value: canonical.Value) -> bool:
    return isinstance(value, str) and canonical.is_time(value)


def _is_heads(value: canonical.Value) -> bool:
    return (
        isinstance(value, list)
        and len(value) > 0
        and all(map(is_hash, value))
        and all(str(a) < str(b) for a, b in itertools.pairwise(value))
    )


def _is_beacon(value: canonical.Value) -> bool:
    return (
        isinstance(value, dict)
        and value.keys() == {"root", "size"}
        and is_hash(value["root"])
        and _from(0)(value["size"])
    )


def _is_photo(value: canonical.Value) -> bool:
    return (
        isinstance(value, dict)
        and value.keys() == {"commitment", "media_type", "size", "slot"}
        and is_hash(value["commitment"])
        and value["media_type"] in list(MEDIA_TYPES)
        and _from(1)(value["size"])
        and is_name(value["slot"])
    )


def _is_photos(value: canonical.Value) -> bool:
    return isinstance(value, list) and len(value) == 1 and _is_photo(value[0])


def _is_commitments(value: canonical.Value) -> bool:
    return (
        isinstance(value, dict) and bool(value) and all(is_name(name) and is_hash(one) for name, one in value.items())
    )


_ALWAYS: Mapping[str, Callable[[canonical.Value], bool]] = {
    "v": lambda value: value is not True and value == VERSION,
    "type": _matches(_TYPE),
    "tenant": _matches(_TENANT),
    "device": is_hash,
    "dseq": _from(1),
    "actor": _is_actor,
    "claimed_at": _is_time,
    "mono_ms": _from(0),
    "boot": is_ref,
    "data": lambda value: isinstance(value, dict),
    "assurance": lambda value: isinstance(value, str) and value in ASSURANCES,
}
_SOMETIMES: Mapping[str, Callable[[canonical.Value], bool]] = {
    "run": is_ref,
    "step": is_path,
    "activation": _from(1),
    "prev_run": _is_heads,
    "rseq": _from(1),
    "prev_device": is_hash,
    "beacon": _is_beacon,
    "photos": _is_photos,
    "commitments": _is_commitments,
}


def _fault(value: Mapping[str, canonical.Value]) -> str | None:
    """The first member that is missing, unknown, not of its kind or out of place."""
    for name, check in _ALWAYS.items():
        if name not in value or not check(value[name]):
            return name
    for name, member in value.items():
        if name not in _ALWAYS and (name not in _SOMETIMES or not _SOMETIMES[name](member)):
            return name
    return _misplaced(value) or _fault_of_kind(value)


def _misplaced(value: Mapping[str, canonical.Value]) -> str | None:
    """A member that must come together with another and does not."""
    if ("rseq" in value) != ("run" in value):
        return "rseq"
    if ("activation" in value) != ("step" in value):
        return "activation"
    if ("prev_device" in value) != (value["dseq"] != 1):
        return "prev_device"
    if "run" not in value and ("prev_run" in value or "step" in value):
        return "run"
    return None


def _fault_of_kind(value: Mapping[str, canonical.Value]) -> str | None:
    kind = _KINDS.get(str(value["type"]))
    if kind is None:
        return None
    if ("run" in value) != (kind not in OUTSIDE_RUNS):
        return "run"
    if "run" in value and ("prev_run" in value) != (kind is not EventType.RUN_OPENED):
        return "prev_run"
    if ("step" in value and kind not in STEP_ALLOWED) or ("step" not in value and kind in STEP_REQUIRED):
        return "step"
    if ("photos" in value) != (kind is EventType.PHOTO_TAKEN):
        return "photos"
    data = value["data"]
    fault = data_fault(kind, data) if isinstance(data, dict) else "data"
    return None if fault is None else f"data.{fault}"


_KINDS = {kind.value: kind for kind in EventType}


def may_sign(event: Event, *, server: bool) -> bool:
    """Whether the server (or else a person's device) may sign an event of this type; unknown types are not judged."""
    return event.kind is None or (event.kind in SERVER_TYPES) == server


def _event(name: str, value: Mapping[str, canonical.Value]) -> Event:
    # `_fault` has judged every member, so each is of the kind that its field says.
    member: Mapping[str, Any] = value
    beacon = member.get("beacon")
    return Event(
        hash=name,
        type=member["type"],
        kind=_KINDS.get(member["type"]),
        tenant=member["tenant"],
        run=member.get("run"),
        step=member.get("step"),
        activation=member.get("activation"),
        prev_run=tuple(member.get("prev_run", ())),
        device=member["device"],
        dseq=member["dseq"],
        rseq=member.get("rseq"),
        prev_device=member.get("prev_device"),
        actor=member["actor"],
        claimed_at=member["claimed_at"],
        mono_ms=member["mono_ms"],
        boot=member["boot"],
        beacon=Beacon(**beacon) if beacon else None,
        photos=tuple(Photo(**photo) for photo in member.get("photos", ())),
        commitments=member.get("commitments", {}),
        data=member["data"],
        assurance=member["assurance"],
        value=value,
    )
