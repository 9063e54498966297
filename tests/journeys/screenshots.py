"""Pictures for README and tutorials, taken where a journey passes.

`TANGHULU_SCREENSHOTS=1` writes them to `docs/images`.
"""

from __future__ import annotations

import io
import os
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

from tests.journeys.waiting import until_pictures_are_there

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
LARGEST = 150_000
COLOURS = 256
DESK = {"width": 1200, "height": 760}


def keep(page: Page, name: str) -> None:
    """Write a picture when pictures are wanted."""
    until_pictures_are_there(page)
    if os.environ.get("TANGHULU_SCREENSHOTS") == "1":
        IMAGES.mkdir(exist_ok=True)
        kept = IMAGES / f"{name}.png"
        with Image.open(io.BytesIO(page.screenshot(animations="disabled"))) as taken:
            taken.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(kept, optimize=True)
        assert kept.stat().st_size <= LARGEST
