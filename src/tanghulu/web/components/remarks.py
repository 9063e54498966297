"""Comments as they are read: with the names that they mention set apart from their words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from tanghulu.apps.jobs.queries import Remark
from tanghulu.web.components.texts import in_language


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the text; `is_name` where it mentions somebody."""

    text: str
    is_name: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """One comment. `step` is the title of the step that it is about, or empty."""

    number: int
    who: str
    step: str
    at: datetime
    parts: tuple[Part, ...]
    is_erased: bool
    may_erase: bool


def build_remark(remark: Remark, *, titles: Mapping[str, Mapping[str, str]], language: str) -> Shown:
    """The comment in the reader's language."""
    return Shown(
        number=remark.number,
        who=remark.name or (_("Somebody") if remark.author else _("The server")),
        step=in_language(titles.get(remark.step, {}), language) or remark.step,
        at=remark.at,
        parts=tuple(_parts(remark.text, remark.mentions)),
        is_erased=remark.is_erased,
        may_erase=remark.may_erase,
    )


def _parts(text: str, mentions: Sequence[str]) -> list[Part]:
    if not mentions:
        return [Part(text, is_name=False)] if text else []
    # The longest first: one name may begin with another.
    names = "|".join(re.escape(name) for name in sorted(mentions, key=len, reverse=True))
    pieces = re.split(f"({names})", text)
    return [Part(piece, is_name=piece in mentions) for piece in pieces if piece]
