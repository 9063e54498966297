"""Salted commitments: facts about people stay off the log, and can be erased, while the log still binds them.

commitment = hex(SHA-256("tanghulu-commit-v1" || uint64_be(length of value) || salt || value))
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

from tanghulu.core import canonical
from tanghulu.core.chain.encoding import from_base64, is_hash, to_base64
from tanghulu.core.errors import Invalid

SALT_BYTES: Final = 32

_LABEL = b"tanghulu-commit-v1"
_MEMBERS = {"commitment", "salt", "value"}


def commit(value: canonical.Encodable, salt: bytes) -> str:
    """The commitment, in hex, to the canonical bytes of `value` under 32 random bytes that were never used before.

    Raises:
        Invalid: `opening_malformed` for a salt of another length, or CanonicalError for a value without canonical form.
    """
    if len(salt) != SALT_BYTES:
        raise Invalid("opening_malformed")
    raw = canonical.dumps(value)
    return hashlib.sha256(b"%b%b%b%b" % (_LABEL, len(raw).to_bytes(8, "big"), salt, raw)).hexdigest()


@dataclass(frozen=True, slots=True)
class Opening:
    """What a commitment hides, with the salt that shows it."""

    commitment: str
    salt: bytes
    value: canonical.Value

    def opens(self) -> bool:
        """Whether value and salt give the commitment."""
        try:
            return commit(self.value, self.salt) == self.commitment
        except canonical.CanonicalError:
            return False

    def as_json(self) -> dict[str, canonical.Value]:
        """The JSON object that is sent beside the event and given out in packs."""
        return {"commitment": self.commitment, "salt": to_base64(self.salt), "value": self.value}


def open_with(value: canonical.Value, salt: bytes) -> Opening:
    """Commit to `value` and keep what opens the commitment."""
    return Opening(commit(value, salt), salt, value)


def opening_of(value: canonical.Value) -> Opening:
    """The opening that a parsed JSON object stands for; whether it opens anything is for `opens` to say.

    Raises:
        Invalid: `opening_malformed`.
    """
    if isinstance(value, dict) and value.keys() == _MEMBERS:
        commitment, salt = value["commitment"], value["salt"]
        if is_hash(commitment) and isinstance(salt, str):
            decoded = from_base64(salt)
            if decoded is not None and len(decoded) == SALT_BYTES:
                return Opening(commitment, decoded, value["value"])
    raise Invalid("opening_malformed")


def parse_opening(raw: bytes) -> Opening:
    """Read an opening in any spelling of JSON.

    Raises:
        Invalid: `opening_malformed`.
    """
    try:
        return opening_of(canonical.parse(raw))
    except canonical.CanonicalError:
        raise Invalid("opening_malformed") from None
