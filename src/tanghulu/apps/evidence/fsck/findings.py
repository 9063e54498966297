"""What a check says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be, or, as a note, not complete yet.

    `code` stays the same for ever, `about` names the entry, file or row, `detail` is for whoever looks into it.
    """

    code: str
    about: str
    detail: str = ""
    is_note: bool = False
