"""What operations answer with besides their own schemas: refusals, files, signed envelopes."""

from __future__ import annotations

from typing import Any

from ninja import Schema

# Nothing of ours has the character zero in it, and PostgreSQL takes no text that has.
TEXT = r"^[^\x00]*$"


class RefusalOut(Schema):
    """Why a request was declined: a code that stays, a sentence in the reader's language, the values in it."""

    code: str
    message: str
    details: dict[str, Any]


class SignatureOut(Schema):
    """One signature of an envelope: the key's id and 64 bytes r || s in base64."""

    keyid: str
    sig: str


class EnvelopeOut(Schema):
    """A signed DSSE envelope."""

    payload: str
    payloadType: str  # noqa: N815 - as DSSE spells it
    signatures: list[SignatureOut]


# A caller who is not known, or whose token or code is a guess too many.
_OF_STRANGERS = (401, 429)


def declined(*statuses: int) -> dict[int, Any]:
    """The refusals of an operation that asks who calls: these, and those of callers who are not known."""
    return dict.fromkeys((*statuses, *_OF_STRANGERS), RefusalOut)


def file_of(*kinds: str) -> dict[str, Any]:
    """The description of an operation whose good answer is a file of one of these media types."""
    content = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in kinds}
    return {"responses": {200: {"content": content}}}
