"""What an event says of a photo, against the bytes that came."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Likeness:
    """A photo by its media type and its size in bytes: as an event says it, or as its bytes are."""

    media_type: str
    size: int


def differences(said: Likeness, found: Likeness) -> list[str]:
    """The codes of `photo.refused` (docs/formats/event.md) with which bytes are not what was said of them; sorted."""
    size = ["size_differs"] if said.size != found.size else []
    return [*size, "type_differs"] if said.media_type != found.media_type else size
