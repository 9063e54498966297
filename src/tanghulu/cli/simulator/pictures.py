"""The photos of a simulated job: those of a folder, or drawn ones that say on their face that they are drawn."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from tanghulu.core.photo.kind import media_type_of

_SIZE = (1200, 900)
_SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}
_GROUNDS = ((74, 88, 99), (96, 84, 70), (62, 92, 84), (88, 74, 92), (70, 78, 60), (99, 80, 74))
_WIRE = (214, 190, 150)


class NoPictures(ValueError):
    """The folder holds no photo that can be used."""


def from_folder(folder: Path) -> Iterator[tuple[bytes, str]]:
    """The photos of a folder with their media types, sorted by name, over and over. Raises NoPictures."""
    files = [path for path in sorted(folder.iterdir()) if path.suffix.lower() in _SUFFIXES]
    usable = [path for path in files if _kind(path) is not None]
    if not usable:
        raise NoPictures(str(folder))
    return ((path.read_bytes(), _kind(path) or "") for path in cycle(usable))


def _kind(path: Path) -> str | None:
    # The first bytes count, not the name.
    with path.open("rb") as file:
        return media_type_of(file.read(16))


def drawn(number: int, *, title: str, at: str) -> tuple[bytes, str]:
    """A drawn picture of a step: a stand-in that nobody can take for a photo."""
    image = Image.new("RGB", _SIZE, _GROUNDS[number % len(_GROUNDS)])
    pen = ImageDraw.Draw(image)
    width, height = _SIZE
    lighter = tuple(part + 6 for part in _GROUNDS[number % len(_GROUNDS)])
    for offset in range(-height, width, 60):
        pen.line((offset, height, offset + height, 0), fill=lighter, width=18)
    pen.line((150, 640, 1050, 330), fill=_WIRE, width=16)
    for position in range(4):
        x, y = 270 + position * 210, 600 - position * 72
        pen.ellipse((x - 78, y - 78, x + 78, y + 78), fill=(169, 32, 47), outline=(230, 214, 190), width=8)
    pen.rectangle((0, height - 150, width, height), fill=(28, 26, 24))
    font, small = ImageFont.load_default(56), ImageFont.load_default(34)
    pen.text((48, height - 134), f"DRAWN {number:03d}  {title}", font=font, fill=(255, 254, 251))
    pen.text((48, height - 60), f"not a photo   {at}", font=small, fill=(214, 190, 150))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85)
    return out.getvalue(), "image/jpeg"
