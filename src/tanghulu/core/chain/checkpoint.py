"""Checkpoints: the signed head of a log (C2SP tlog-checkpoint).

<origin>
<size>
<base64 of the root>

— <origin> <base64>
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tanghulu.core.chain.encoding import HASH_BYTES, from_base64, to_base64
from tanghulu.core.chain.note import Note, NoteKey, VerifierKey, parse_note, verify_note
from tanghulu.core.errors import Invalid

_SIZE = re.compile(r"0|[1-9][0-9]{0,15}")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How many entries a log has, and the root (32 bytes) over them. Our logs write no extension lines."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The text that is signed."""
        return "".join(f"{line}\n" for line in (self.origin, str(self.size), to_base64(self.root), *self.extensions))


def sign_checkpoint(size: int, root: bytes, key: NoteKey) -> bytes:
    """The signed note of a log's head; the origin is the key's name.

    Raises:
        Invalid: `checkpoint_malformed`.
    """
    checkpoint = Checkpoint(key.verifier.name, size, root)
    parse_checkpoint_text(checkpoint.text)
    return key.sign(checkpoint.text).encode()


def parse_checkpoint(raw: bytes) -> tuple[Checkpoint, Note]:
    """Read a checkpoint without trusting it: its content and the note around it.

    Raises:
        Invalid: `checkpoint_malformed`.
    """
    try:
        note = parse_note(raw)
    except Invalid:
        raise Invalid("checkpoint_malformed") from None
    return parse_checkpoint_text(note.text), note


def parse_checkpoint_text(text: str) -> Checkpoint:
    """Read the text of a checkpoint; what would not be written back as the same text is refused.

    Raises:
        Invalid: `checkpoint_malformed`.
    """
    lines = text.split("\n")
    if len(lines) < 4 or lines.pop() != "" or not all(lines):  # noqa: PLR2004 - origin, size, root and the end
        raise Invalid("checkpoint_malformed")
    origin, size, encoded, *extensions = lines
    root = from_base64(encoded)
    if _SIZE.fullmatch(size) is None or root is None or len(root) != HASH_BYTES:
        raise Invalid("checkpoint_malformed")
    return Checkpoint(origin, int(size), root, tuple(extensions))


def open_checkpoint(raw: bytes, key: VerifierKey) -> Checkpoint:
    """Read a checkpoint that must be signed by `key`, whose name must be the origin.

    Raises:
        Invalid: `checkpoint_malformed`, `note_signature_invalid`, `checkpoint_of_another_log`.
    """
    checkpoint, note = parse_checkpoint(raw)
    if checkpoint.origin != key.name:
        raise Invalid("checkpoint_of_another_log")
    verify_note(note, (key,))
    return checkpoint
