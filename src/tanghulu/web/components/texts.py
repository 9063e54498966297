"""Choosing among the languages in which a template's text is written."""

from __future__ import annotations

from collections.abc import Mapping

# Where a reader's language is missing: the languages of the product, the default first.
_FALLBACKS = ("zh-hans", "en")


def in_language(text: Mapping[str, str], language: str) -> str:
    """The wording of `text` (BCP 47 tag to string) closest to `language`; empty only where `text` is.

    Tags are compared without case. A reader of `en-gb` is given `en`; a reader of `zh-hant`, where it is missing,
    another script of Chinese before another language.
    """
    wordings = {tag.lower(): wording for tag, wording in text.items()}
    wanted = language.lower()
    parts = wanted.split("-")
    shorter = ["-".join(parts[:length]) for length in range(len(parts), 0, -1)]
    for tag in shorter:
        if tag in wordings:
            return wordings[tag]
    for tag, wording in wordings.items():
        if tag.split("-")[0] == parts[0]:
            return wording
    for tag in _FALLBACKS:
        if tag in wordings:
            return wordings[tag]
    return next(iter(wordings.values()), "")
