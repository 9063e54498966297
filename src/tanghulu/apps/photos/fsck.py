"""Photos that rows speak of are there, and are what they were."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from tanghulu.apps.evidence.fsck import Finding
from tanghulu.apps.photos import store
from tanghulu.apps.photos.models import Photo
from tanghulu.core.photo import at_rest
from tanghulu.gateways import blobs


def check_photos() -> Iterator[Finding]:
    """Read every photo of the current tenant and hash it anew."""
    for row in Photo.objects.order_by("pk").iterator(chunk_size=500):
        about = f"photo {row.sha256}"
        try:
            content = store.read(row.sha256)
        except blobs.Missing:
            yield Finding("photo_missing", about, "its bytes are not there")
            continue
        except at_rest.Unreadable as error:
            yield Finding("photo_unreadable", about, str(error))
            continue
        if hashlib.sha256(content).hexdigest() != row.sha256 or len(content) != row.size:
            yield Finding("photo_altered", about, "its bytes are others than those that were sent")
