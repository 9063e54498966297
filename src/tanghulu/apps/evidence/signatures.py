"""Whose key it is, and whether it signed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from tanghulu.apps.evidence.models import Device
from tanghulu.apps.tenancy import rows, scope
from tanghulu.core.chain import envelope as envelopes
from tanghulu.core.chain import keys
from tanghulu.core.errors import Invalid

PENDING = "pending"
ENROLLED = "enrolled"
REFUSED = "refused"
REVOKED = "revoked"
IN_THE_LOG = (ENROLLED, REVOKED)
"""The devices whose keys the log holds: what they sign can be told from what nobody signed."""

_MOST_MET = 65_536
_met: dict[tuple[str, str], EnrolledDevice] = {}


@dataclass(frozen=True, slots=True)
class EnrolledDevice:
    """A device in the log: its key, and the member whose it is."""

    key: keys.PublicKey
    member: str


def enrolled_device(device: str) -> EnrolledDevice:
    """The device with this id. Raises Invalid `signature_unknown_key` for one that is not enrolled here, or no more."""
    return _found(device, [ENROLLED])


def known_device(device: str) -> EnrolledDevice:
    """The device with this id, also when its key has been revoked. Raises Invalid `signature_unknown_key`."""
    return _found(device, IN_THE_LOG)


def _found(device: str, statuses: Sequence[str]) -> EnrolledDevice:
    found = rows.select(Device, ("spki", "member"), where="device", among=[device], also=("status", statuses))
    if not found:
        raise Invalid("signature_unknown_key")
    spki, member = found[0]
    return EnrolledDevice(_key(bytes(spki)), member)


def sender(device: str) -> EnrolledDevice:
    """The device, as it was when it was first met: its key, for ever, and its member.

    Whether its key is good now is for the book to ask, once for all that comes together. Raises Invalid
    `signature_unknown_key` for a device that was never met and is not in the log.
    """
    name = (scope.current(), device)
    known = _met.get(name)
    if known is None:
        if len(_met) >= _MOST_MET:
            _met.clear()
        known = _met[name] = known_device(device)
    return known


def check_signatures(envelope: envelopes.Envelope, device: EnrolledDevice) -> None:
    """Check that the device signed first and that every other signature is one of a device in the log too.

    Raises Invalid `signature_unknown_key` or `signature_invalid`.
    """
    first, *others = envelope.signatures
    if first.keyid != device.key.device:
        raise Invalid("signature_unknown_key")
    signers = [device.key, *(known_device(one.keyid).key for one in others)]
    if not all(envelope.signed_by(key) for key in signers):
        raise Invalid("signature_invalid")


@lru_cache(maxsize=65536)
def _key(spki: bytes) -> keys.PublicKey:
    # Reading a point costs more than the query that found it, and a public key never changes.
    return keys.public_key(spki)
