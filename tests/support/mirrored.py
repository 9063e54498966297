"""A language that nobody speaks, from right to left: what it says is the English, each word of it turned around.

It is there for tests alone. A page in it shows what is not mirrored, and what is not translated at all.
"""

from __future__ import annotations

import re
from pathlib import Path

from tools.translations import Entry, Message, compiled, read_po

LANGUAGE = "ar-XB"  # as Android calls it, too
SETTINGS = "mirrored_settings"

_CATALOGUES = Path(__file__).resolve().parents[2] / "src" / "tanghulu" / "locale"
# What stays as it is: blanks to be filled in, entities, tags, file names and options.
_KEPT = re.compile(r"%\(\w+\)[sd]|%%|{\w*}|&\w+;|<[^>]*>|[\w.-]*\.\w+\b|--[\w-]+")
_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?")
_TURN, _BACK = "\N{RIGHT-TO-LEFT OVERRIDE}", "\N{POP DIRECTIONAL FORMATTING}"
_PROGRAM = """from tanghulu.config.settings import *

LANGUAGES = [*LANGUAGES, ("ar-xb", "mirrored")]
LOCALE_PATHS = [{folder!r}, *LOCALE_PATHS]
"""


def turned(sentence: str) -> str:
    """The sentence with each of its words from right to left, and everything that is no word as it was."""
    parts, end = [], 0
    for kept in _KEPT.finditer(sentence):
        parts += [_words(sentence[end : kept.start()]), kept[0]]
        end = kept.end()
    return "".join([*parts, _words(sentence[end:])])


def _words(text: str) -> str:
    return _WORD.sub(lambda word: f"{_TURN}{word[0]}{_BACK}", text)


def write(folder: Path) -> dict[str, str]:
    """Write the language and settings that know it; gives the environment in which a server speaks it."""
    entries = read_po(_CATALOGUES / "en" / "LC_MESSAGES" / "django.po")
    spoken: dict[Message, Entry] = {
        message: Entry(entry.plural, tuple(map(turned, entry.values)) if message[1] else entry.values)
        for message, entry in entries.items()
    }
    catalogue = folder / "ar_XB" / "LC_MESSAGES" / "django.mo"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_bytes(compiled(spoken))
    (folder / f"{SETTINGS}.py").write_text(_PROGRAM.format(folder=str(folder)), encoding="utf-8")
    return {"DJANGO_SETTINGS_MODULE": SETTINGS}
