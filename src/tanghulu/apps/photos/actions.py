"""What changes about photos."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tanghulu.apps.photos import queries, store
from tanghulu.apps.photos.models import Photo
from tanghulu.apps.tenancy import rows
from tanghulu.core.access import Actor, Permission
from tanghulu.core.errors import Invalid
from tanghulu.core.photo import kind
from tanghulu.gateways import pauses

LARGEST = 40 * 1024 * 1024
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Kept:
    """Bytes that are durable, and what their row will say."""

    sha256: str
    size: int
    media_type: str
    subject: str


def keep_bytes(actor: Actor, *, sha256: str, content: bytes) -> Kept | None:
    """Make a photo's original bytes durable, outside any transaction; None when they were there already.

    The caller records them next. Raises Invalid `photo_hash_differs`, `photo_too_large` or `photo_type_unknown`.
    """
    actor.require(Permission.JOBS_RUN_READ)
    media_type = _examined(content, sha256=sha256)
    # Most photos come once, and looking for the file is the quicker question; the row answers it.
    if store.has(sha256) and queries.stored([sha256]):
        return None
    store.write(content, sha256=sha256, subject=actor.member)
    pauses.at("after_bytes")
    return Kept(sha256=sha256, size=len(content), media_type=media_type, subject=actor.member)


def record(kept: Sequence[Kept], *, at: datetime) -> None:
    """Write the rows of bytes that are durable; where a row is there already, it stays."""
    names = ("sha256", "size", "media_type", "subject", "stored_at")
    rows.insert_missing(Photo, names, [(one.sha256, one.size, one.media_type, one.subject, at) for one in kept])


def _examined(content: bytes, *, sha256: str) -> str:
    if len(content) > LARGEST:
        raise Invalid("photo_too_large", size=len(content), limit=LARGEST)
    if not _SHA256.fullmatch(sha256) or hashlib.sha256(content).hexdigest() != sha256:
        raise Invalid("photo_hash_differs")
    media_type = kind.media_type_of(content)
    if media_type is None:
        raise Invalid("photo_type_unknown")
    return media_type
