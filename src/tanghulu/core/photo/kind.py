"""What kind of picture some bytes say they are, by their first bytes alone."""

from __future__ import annotations

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"

EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}


def media_type_of(content: bytes) -> str | None:
    """`image/jpeg`, `image/png` or `image/webp`; None for anything else (JPEG, PNG and WebP file signatures)."""
    if content.startswith(_JPEG):
        return "image/jpeg"
    if content.startswith(_PNG):
        return "image/png"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return None
