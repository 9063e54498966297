"""Admissions: the server's signed word that an event is stored, and as which entry (docs/formats/log.md)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from tanghulu.core import canonical
from tanghulu.core.chain.encoding import is_hash
from tanghulu.core.chain.envelope import ADMISSION_TYPE, Envelope, sign
from tanghulu.core.chain.keys import SigningKey
from tanghulu.core.errors import Invalid

VERSION: Final = 1

_MEMBERS = {"v", "tenant", "device", "dseq", "payload", "index", "received_at", "standing", "codes"}
_TENANT = re.compile(r"[a-z][a-z0-9-]{1,39}")
_CODE = re.compile(r"[a-z][a-z0-9_]{0,63}")


class Standing(StrEnum):
    """How the event stood towards its run and its key when it was admitted."""

    ACCEPTED = "accepted"
    CONTRADICTING = "contradicting"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Admission:
    """What an admission says. `payload` is the event's payload hash, `index` its entry's number in the log."""

    tenant: str
    device: str
    dseq: int
    payload: str
    index: int
    received_at: str
    standing: Standing
    codes: tuple[str, ...]


def build_admission(admission: Admission) -> bytes:
    """The canonical payload of an admission.

    Raises:
        Invalid: `admission_malformed`.
    """
    value: dict[str, canonical.Encodable] = {
        "v": VERSION,
        "tenant": admission.tenant,
        "device": admission.device,
        "dseq": admission.dseq,
        "payload": admission.payload,
        "index": admission.index,
        "received_at": admission.received_at,
        "standing": admission.standing.value,
        "codes": list(admission.codes),
    }
    # What is judged here is what `parse_admission` would judge after reading it again.
    if not _is_well_formed(value):
        raise Invalid("admission_malformed", reason="values")
    return canonical.dumps(value)


def sign_admission(admission: Admission, key: SigningKey) -> Envelope:
    """The envelope that the server answers with.

    Raises:
        Invalid: `admission_malformed`.
    """
    return sign(build_admission(admission), key, payload_type=ADMISSION_TYPE)


def parse_admission(payload: bytes) -> Admission:
    """Read the payload of an admission.

    Raises:
        Invalid: `admission_malformed`.
    """
    try:
        value = canonical.loads(payload)
    except canonical.CanonicalError as error:
        raise Invalid("admission_malformed", reason=error.code) from None
    if not isinstance(value, dict) or value.keys() != _MEMBERS:
        raise Invalid("admission_malformed", reason="members")
    member: Mapping[str, Any] = value
    if not _is_well_formed(member):
        raise Invalid("admission_malformed", reason="values")
    return Admission(
        tenant=member["tenant"],
        device=member["device"],
        dseq=member["dseq"],
        payload=member["payload"],
        index=member["index"],
        received_at=member["received_at"],
        standing=Standing(member["standing"]),
        codes=tuple(member["codes"]),
    )


def _is_well_formed(value: Mapping[str, Any]) -> bool:
    return (
        _is_integer(value["v"], low=VERSION)
        and value["v"] == VERSION
        and _matches(_TENANT, value["tenant"])
        and is_hash(value["device"])
        and _is_integer(value["dseq"], low=1)
        and is_hash(value["payload"])
        and _is_integer(value["index"], low=0)
        and isinstance(value["received_at"], str)
        and canonical.is_time(value["received_at"])
        and value["standing"] in list(Standing)
        and _are_codes(value["codes"])
    )


def _are_codes(codes: object) -> bool:
    return isinstance(codes, list) and all(_matches(_CODE, code) for code in codes)


def _is_integer(value: object, *, low: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= low


def _matches(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None
