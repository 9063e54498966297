"""How a photo lies in storage: docs/formats/log.md, "At rest". Keys and nonces come from the caller.

What is stored carries its own wrapped key, so whichever of two equal uploads is written last can be read.
"""

from __future__ import annotations

from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MAGIC = b"TGP1"
KEY_SIZE = 32
NONCE_SIZE = 12
CHANCE_SIZE = KEY_SIZE + 2 * NONCE_SIZE

_SUBJECT_SIZE = 32
_TAG_SIZE = 16
_WRAPPED_SIZE = NONCE_SIZE + KEY_SIZE + _TAG_SIZE
_SUBJECT = slice(len(MAGIC), len(MAGIC) + _SUBJECT_SIZE)
_WRAPPED = slice(_SUBJECT.stop, _SUBJECT.stop + _WRAPPED_SIZE)
_NONCE = slice(_WRAPPED.stop, _WRAPPED.stop + NONCE_SIZE)


class Unreadable(ValueError):
    """The bytes are not what was stored under this key and name."""


def seal(content: bytes, *, subject: str, subject_key: bytes, name: bytes, chance: bytes) -> bytearray:
    """Encrypt the content under a data key of its own, wrapped under the subject's key; `name` is bound to both.

    `subject` is the ref of a member (32 ASCII characters), `chance` 56 random bytes that are never used again.
    """
    data_key = chance[:KEY_SIZE]
    wrap_nonce = chance[KEY_SIZE : KEY_SIZE + NONCE_SIZE]
    nonce = chance[KEY_SIZE + NONCE_SIZE : CHANCE_SIZE]
    wrapped = wrap_nonce + AESGCM(subject_key).encrypt(wrap_nonce, data_key, name)
    # Encrypted where it will lie: a photo is large, and a copy costs as much as the cipher.
    stored = bytearray(_NONCE.stop + len(content) + _TAG_SIZE)
    stored[: _NONCE.stop] = b"".join((MAGIC, subject.encode("ascii"), wrapped, nonce))
    AESGCM(data_key).encrypt_into(nonce, content, name, memoryview(stored)[_NONCE.stop :])
    return stored


def unseal(stored: bytes | bytearray, *, key_of: Callable[[str], bytes], name: bytes) -> bytes:
    """Return what `seal` was given; `key_of` gives a subject's key. Raises Unreadable when anything differs."""
    if stored[: len(MAGIC)] != MAGIC or len(stored) < _NONCE.stop:
        raise Unreadable("not a stored photo")
    try:
        wrapped = stored[_WRAPPED]
        subject_key = key_of(stored[_SUBJECT].decode("ascii"))
        data_key = AESGCM(subject_key).decrypt(wrapped[:NONCE_SIZE], wrapped[NONCE_SIZE:], name)
        return AESGCM(data_key).decrypt(stored[_NONCE], memoryview(stored)[_NONCE.stop :], name)
    except (InvalidTag, ValueError) as error:
        raise Unreadable("the bytes do not belong to this key and name") from error
