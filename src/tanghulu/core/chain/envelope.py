"""DSSE envelopes: the exact bytes that a device signed, and its signatures (DSSE v1, docs/formats/event.md).

    {"payload":"<base64>","payloadType":"application/vnd.tanghulu.event.v1+json",
     "signatures":[{"keyid":"<device>","sig":"<base64 of r || s>"}]}

What is signed is `DSSEv1 <len> <type> <len> <payload>`, so the type can never be mistaken.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from typing import Final

from tanghulu.core import canonical
from tanghulu.core.chain.encoding import from_base64, is_hash, to_base64
from tanghulu.core.chain.keys import SIGNATURE_BYTES, PublicKey, SigningKey
from tanghulu.core.errors import Invalid

EVENT_TYPE: Final = "application/vnd.tanghulu.event.v1+json"
ADMISSION_TYPE: Final = "application/vnd.tanghulu.admission.v1+json"
MAX_BYTES: Final = 65_535
MAX_SIGNATURES: Final = 4

_MEMBERS = {"payload", "payloadType", "signatures"}
_SIGNATURE_MEMBERS = {"keyid", "sig"}

# The canonical form of an envelope has one spelling, which needs no JSON reader.
_ONE = rb'\{"keyid":"[0-9a-f]{64}","sig":"[A-Za-z0-9+/]{86}=="\}'
_SIGNED = re.compile(rb'"keyid":"([0-9a-f]{64})","sig":"([A-Za-z0-9+/]{86}==)"')
_ENTRY = re.compile(
    rb'\{"payload":"([A-Za-z0-9+/]*={0,2})","payloadType":"([a-z0-9.+/-]+)","signatures":'
    rb"\[(%b(?:,%b){0,3})\]\}" % (_ONE, _ONE)
)


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature: the device that made it and 64 bytes r || s."""

    keyid: str
    sig: bytes


@dataclass(frozen=True, slots=True)
class Envelope:
    """A payload as it was signed, its type, and 1 to 4 signatures, that of the payload's own device first."""

    payload: bytes
    payload_type: str
    signatures: tuple[Signature, ...]

    @property
    def payload_hash(self) -> str:
        """SHA-256 of the payload bytes, in hex: the name by which other events know this one."""
        return hashlib.sha256(self.payload).hexdigest()

    @property
    def signed_bytes(self) -> bytes:
        """The bytes that every signature is over."""
        return pae(self.payload_type, self.payload)

    @property
    def entry(self) -> bytes:
        """The envelope in canonical JSON: the bytes of the log's entry."""
        # Base64, hex and the types need no escapes; written out, this costs a tenth of the general encoder.
        signatures = ",".join(f'{{"keyid":"{one.keyid}","sig":"{to_base64(one.sig)}"}}' for one in self.signatures)
        text = (
            f'{{"payload":"{to_base64(self.payload)}","payloadType":"{self.payload_type}","signatures":[{signatures}]}}'
        )
        return text.encode("ascii")

    def signed_by(self, key: PublicKey) -> bool:
        """Whether a signature with this key's id is there and verifies."""
        found = next((one.sig for one in self.signatures if one.keyid == key.device), None)
        return found is not None and key.verifies(found, self.signed_bytes)


def pae(payload_type: str, payload: bytes) -> bytes:
    """DSSE's pre-authentication encoding, with lengths in bytes."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def sign(payload: bytes, key: SigningKey, *, payload_type: str = EVENT_TYPE) -> Envelope:
    """Envelope `payload` with one signature of `key`."""
    return Envelope(payload, payload_type, (Signature(key.device, key.sign(pae(payload_type, payload))),))


def countersign(envelope: Envelope, key: SigningKey) -> Envelope:
    """The same envelope with one more signature behind the others."""
    return with_signature(envelope, key.device, key.sign(envelope.signed_bytes))


def with_signature(envelope: Envelope, keyid: str, sig: bytes) -> Envelope:
    """The same envelope with a signature that was made elsewhere; it is not verified here.

    Raises:
        Invalid: `envelope_malformed`, also when `keyid` has signed already or there are 4 signatures.
    """
    signatures = (*envelope.signatures, Signature(keyid, sig))
    keyids = {one.keyid for one in signatures}
    if not is_hash(keyid) or len(sig) != SIGNATURE_BYTES or not len(keyids) == len(signatures) <= MAX_SIGNATURES:
        raise Invalid("envelope_malformed")
    return replace(envelope, signatures=signatures)


def parse_envelope(raw: bytes, *, payload_type: str = EVENT_TYPE) -> Envelope:
    """Read an envelope in any spelling of JSON; its `entry` is what is stored.

    Raises:
        Invalid: `envelope_malformed`.
    """
    try:
        return envelope_of(canonical.parse(raw, limit=MAX_BYTES), payload_type=payload_type)
    except canonical.CanonicalError as error:
        raise Invalid("envelope_malformed", reason=error.code) from None


def parse_entry(raw: bytes, *, payload_type: str = EVENT_TYPE) -> Envelope:
    """Read an envelope in its canonical form, as it stands in the log and in packs.

    Raises:
        Invalid: `envelope_malformed`, also when the bytes are spelled differently.
    """
    match = _ENTRY.fullmatch(raw) if len(raw) <= MAX_BYTES else None
    payload = from_base64(match[1].decode("ascii")) if match else None
    if match is None or payload is None or match[2] != payload_type.encode():
        raise Invalid("envelope_malformed", reason="json_not_canonical")
    signatures = [(keyid.decode("ascii"), from_base64(sig.decode("ascii"))) for keyid, sig in _SIGNED.findall(match[3])]
    found = tuple(Signature(keyid, sig) for keyid, sig in signatures if sig is not None)
    if len(found) != len(signatures):
        raise Invalid("envelope_malformed", reason="signature")
    return _unique(Envelope(payload, payload_type, found))


def envelope_of(value: canonical.Value, *, payload_type: str = EVENT_TYPE) -> Envelope:
    """The envelope that a parsed JSON value stands for.

    Raises:
        Invalid: `envelope_malformed`.
    """
    if not isinstance(value, dict) or value.keys() != _MEMBERS:
        raise Invalid("envelope_malformed", reason="members")
    payload, signatures = value["payload"], value["signatures"]
    if value["payloadType"] != payload_type:
        raise Invalid("envelope_malformed", reason="payload_type")
    if not isinstance(signatures, list) or not 1 <= len(signatures) <= MAX_SIGNATURES:
        raise Invalid("envelope_malformed", reason="signatures")
    decoded = from_base64(payload) if isinstance(payload, str) else None
    if decoded is None:
        raise Invalid("envelope_malformed", reason="payload")
    found = tuple(_signature(one) for one in signatures)
    envelope = _unique(Envelope(decoded, payload_type, found))
    if len(envelope.entry) > MAX_BYTES:
        raise Invalid("envelope_malformed", reason="json_too_large")
    return envelope


def _unique(envelope: Envelope) -> Envelope:
    if len({one.keyid for one in envelope.signatures}) != len(envelope.signatures):
        raise Invalid("envelope_malformed", reason="keyid_twice")
    return envelope


def _signature(value: canonical.Value) -> Signature:
    if isinstance(value, dict) and value.keys() == _SIGNATURE_MEMBERS:
        keyid, sig = value["keyid"], value["sig"]
        if is_hash(keyid) and isinstance(sig, str):
            decoded = from_base64(sig)
            if decoded is not None and len(decoded) == SIGNATURE_BYTES:
                return Signature(keyid, decoded)
    raise Invalid("envelope_malformed", reason="signature")
