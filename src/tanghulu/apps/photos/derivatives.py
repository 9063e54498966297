"""Pictures for showing: turned upright, smaller, stripped of everything but the picture."""

from __future__ import annotations

import io

from PIL import Image, ImageOps, UnidentifiedImageError

SMALL, LARGE = 320, 1600
"""Pixels along the longest edge of a picture in a list, and of one that is looked at."""
MOST_PIXELS = 50_000_000
_FORMATS = ("JPEG", "PNG", "WEBP")
_QUALITY = 82


class NotAPicture(ValueError):
    """The bytes cannot be shown: not one of our formats, cut off, or too many pixels."""


def shrink(content: bytes, *, size: int) -> bytes:
    """A JPEG of the photo whose longest edge is at most `size` pixels, without metadata. Raises NotAPicture."""
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise NotAPicture("too many pixels")
            image.draft("RGB", (size, size))
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((size, size), Image.Resampling.LANCZOS)
            out = io.BytesIO()
            upright.convert("RGB").save(out, "JPEG", quality=_QUALITY, optimize=True)
            return out.getvalue()
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise NotAPicture(str(error)) from error
