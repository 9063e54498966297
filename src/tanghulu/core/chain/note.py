"""Signed notes and verifier keys (C2SP signed-note).

    text line
    text line

    — <key name> base64(4 bytes of key id || signature)

A key is written as `<key name>+<key id in hex>+base64(type || public key)`.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tanghulu.core.chain.encoding import from_base64, to_base64
from tanghulu.core.errors import Invalid

ED25519: Final = 0x01
COSIGNATURE_ED25519: Final = 0x04
COSIGNATURE_ML_DSA_44: Final = 0x06
KEY_BYTES: Final = {ED25519: 32, COSIGNATURE_ED25519: 32, COSIGNATURE_ML_DSA_44: 1312}
"""Signature types of keys that a policy may name, with the length of their public keys."""

MAX_BYTES: Final = 262_144
MAX_SIGNATURES: Final = 64
SEED_BYTES: Final = 32

_KEY_ID_BYTES = 4
_NAME = re.compile(r"[^\s+]+")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_LINE = re.compile(r"— ([^\s+]+) (\S+)")
_VKEY = re.compile(r"([^\s+]+)\+([0-9a-f]{8})\+(\S+)")


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature line: name, key id (4 bytes) and signature as they stand there."""

    name: str
    key_id: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """A text, ending in a newline, and its signatures. Untrusted until a known key has verified it."""

    text: str
    signatures: tuple[NoteSignature, ...]

    def encode(self) -> bytes:
        """The note's bytes."""
        lines = "".join(f"— {one.name} {to_base64(one.key_id + one.signature)}\n" for one in self.signatures)
        return f"{self.text}\n{lines}".encode()


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key under a name; `kind` is its signature type."""

    name: str
    key_id: bytes
    kind: int
    public: bytes

    def __str__(self) -> str:
        """The key as it is written in policies and in `log.opened`."""
        return f"{self.name}+{self.key_id.hex()}+{to_base64(bytes([self.kind]) + self.public)}"

    def verifies(self, text: str, signature: bytes) -> bool:
        """Whether `signature` is this key's over the note's text; only plain Ed25519 keys sign texts."""
        if self.kind != ED25519:
            return False
        try:
            ed25519.Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class NoteKey:
    """An Ed25519 key that signs notes."""

    verifier: VerifierKey
    _key: ed25519.Ed25519PrivateKey

    def sign(self, text: str) -> Note:
        """The note of `text`, which must end in a newline, with this key's signature.

        Raises:
            Invalid: `note_malformed`.
        """
        signature = NoteSignature(self.verifier.name, self.verifier.key_id, self._key.sign(text.encode()))
        note = Note(text, (signature,))
        parse_note(note.encode())
        return note


def note_key(name: str, seed: bytes) -> NoteKey:
    """The key that 32 random bytes stand for (RFC 8032), under a name.

    Raises:
        Invalid: `key_malformed`.
    """
    if len(seed) != SEED_BYTES:
        raise Invalid("key_malformed")
    key = ed25519.Ed25519PrivateKey.from_private_bytes(seed)
    return NoteKey(verifier_key(name, key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)), key)


def verifier_key(name: str, public: bytes, *, kind: int = ED25519) -> VerifierKey:
    """The verifier key of a public key; its key id is the recommended one.

    Raises:
        Invalid: `key_malformed`.
    """
    if _NAME.fullmatch(name) is None or len(public) != KEY_BYTES.get(kind):
        raise Invalid("key_malformed")
    key_id = hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:_KEY_ID_BYTES]
    return VerifierKey(name, key_id, kind, public)


def parse_verifier_key(text: str) -> VerifierKey:
    """Read `<name>+<key id>+<base64>`; the key id must be the recommended one.

    Raises:
        Invalid: `key_malformed`.
    """
    match = _VKEY.fullmatch(text)
    raw = from_base64(match[3]) if match else None
    if match is None or not raw:
        raise Invalid("key_malformed")
    key = verifier_key(match[1], raw[1:], kind=raw[0])
    if key.key_id.hex() != match[2]:
        raise Invalid("key_malformed")
    return key


def parse_note(raw: bytes) -> Note:
    """Read a signed note; what would not be written back as the same bytes is refused.

    Raises:
        Invalid: `note_malformed`.
    """
    try:
        whole = raw.decode() if len(raw) <= MAX_BYTES else ""
    except UnicodeDecodeError:
        whole = ""
    head, blank, tail = whole.rpartition("\n\n")
    lines = tail.split("\n")
    if not blank or _CONTROL.search(whole) or lines.pop() != "" or not 1 <= len(lines) <= MAX_SIGNATURES:
        raise Invalid("note_malformed")
    note = Note(head + "\n", tuple(map(_signature, lines)))
    if note.encode() != raw:
        raise Invalid("note_malformed")
    return note


def verify_note(note: Note, keys: tuple[VerifierKey, ...]) -> tuple[VerifierKey, ...]:
    """Those of the known keys that signed the note; signatures of unknown keys are ignored.

    Raises:
        Invalid: `note_signature_invalid` when a known key's signature fails, or none of the keys has signed.
    """
    signers: list[VerifierKey] = []
    for key in keys:
        for one in note.signatures:
            if (one.name, one.key_id) == (key.name, key.key_id):
                if not key.verifies(note.text, one.signature):
                    raise Invalid("note_signature_invalid")
                signers.append(key)
    if not signers:
        raise Invalid("note_signature_invalid")
    return tuple(signers)


def _signature(line: str) -> NoteSignature:
    match = _LINE.fullmatch(line)
    raw = from_base64(match[2]) if match else None
    if match is None or raw is None or len(raw) <= _KEY_ID_BYTES:
        raise Invalid("note_malformed")
    return NoteSignature(match[1], raw[:_KEY_ID_BYTES], raw[_KEY_ID_BYTES:])
