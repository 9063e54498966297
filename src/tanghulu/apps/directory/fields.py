"""Texts that people type, made ready to be stored."""

from __future__ import annotations

from tanghulu.core.errors import Invalid


def filled(value: str, *, field: str, limit: int) -> str:
    """The text without the blanks around it. Raises Invalid `text_missing` or `text_too_long`."""
    text = optional(value, field=field, limit=limit)
    if not text:
        raise Invalid("text_missing", field=field)
    return text


def optional(value: str, *, field: str, limit: int) -> str:
    """The text without the blanks around it, which may be empty. Raises Invalid `text_too_long`."""
    text = " ".join(value.split())
    if len(text) > limit:
        raise Invalid("text_too_long", field=field, limit=limit)
    return text
