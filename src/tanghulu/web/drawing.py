"""QR codes."""

from __future__ import annotations

import io

import segno
from django.utils.safestring import SafeString, mark_safe


def drawn(text: str) -> SafeString:
    """The text as a QR code, an SVG element without any style or script; error correction M, a border of 2."""
    code = segno.make_qr(text, error="m")
    svg = code.svg_inline(border=2, omitsize=True, svgclass=None, lineclass=None)
    # The drawing is made of numbers alone: nothing of the text is written into it.
    return mark_safe(svg)  # noqa: S308 - see the line above


def drawn_file(text: str) -> bytes:
    """The same code as an SVG file of its own."""
    out = io.BytesIO()
    segno.make_qr(text, error="m").save(out, kind="svg", border=2, svgclass=None, lineclass=None)
    return out.getvalue()
