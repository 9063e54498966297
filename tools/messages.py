"""Collect the texts of pages and code into the translations, and compile them: run after changing a text.

Needs gettext. English is written as it stands in the source; what has no Chinese yet is listed, and the exit is 1.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from django.core.management.commands.makemessages import Command

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "tanghulu"
LANGUAGES = {
    "zh_Hans": "nplurals=1; plural=0;",
    "zh_Hant": "nplurals=1; plural=0;",
    "en": "nplurals=2; plural=(n != 1);",
}
HEADER = """msgid ""
msgstr ""
"Project-Id-Version: Tanghulu\\n"
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural}\\n"
"""


class Collect(Command):
    """Django's own collecting, without guesses at near translations, which would be wrong ones."""

    msgmerge_options = [*Command.msgmerge_options, "--no-fuzzy-matching"]


def main() -> int:
    """Collect, fill in English, compile; 1 when something is not translated."""
    os.chdir(PACKAGE)
    # Texts are found in the sources alone, so no settings are loaded.
    Collect().handle(
        locale=list(LANGUAGES),
        exclude=[],
        domain="django",
        extensions=["html", "txt", "py"],
        ignore_patterns=["static/*"],
        use_default_ignore_patterns=True,
        symlinks=False,
        all=False,
        no_wrap=True,
        no_location=True,
        add_location=None,
        no_obsolete=True,
        keep_pot=False,
        verbosity=0,
    )
    missing = 0
    for language, plural in LANGUAGES.items():
        path = PACKAGE / "locale" / language / "LC_MESSAGES" / "django.po"
        _head, _, body = path.read_text(encoding="utf-8").partition("\n\n")
        body = tidy(body, english=language == "en")
        path.write_text(HEADER.format(language=language, plural=plural) + "\n" + body, encoding="utf-8")
        subprocess.run(["msgfmt", "--check-format", "-o", path.with_suffix(".mo"), path], check=True)
        for text in untranslated(body):
            missing += 1
            print(f"{language}: not translated: {text}")
    return 1 if missing else 0


def tidy(body: str, *, english: bool) -> str:
    """The entries in a fixed order; in English each empty one says what its source says."""
    entries = sorted(entry for entry in body.strip().split("\n\n") if "msgid" in entry)
    if english:
        entries = [_english(entry) for entry in entries]
    return "\n\n".join(entries) + "\n"


def _english(entry: str) -> str:
    one = re.search(r'^msgid ((?:".*"\n?)+)', entry, re.MULTILINE)
    many = re.search(r'^msgid_plural ((?:".*"\n?)+)', entry, re.MULTILINE)
    if one is None:
        return entry
    if many is None:
        return re.sub(r'^msgstr ""\Z', lambda _: f"msgstr {one[1].rstrip()}", entry, flags=re.MULTILINE)
    entry = re.sub(r'^msgstr\[0\] ""$', lambda _: f"msgstr[0] {one[1].rstrip()}", entry, flags=re.MULTILINE)
    return re.sub(r'^msgstr\[1\] ""\Z', lambda _: f"msgstr[1] {many[1].rstrip()}", entry, flags=re.MULTILINE)


def untranslated(body: str) -> list[str]:
    """The source text of each entry that says nothing."""
    found = []
    for entry in body.strip().split("\n\n"):
        if re.search(r'^msgstr(\[\d\])? ""\Z', entry, re.MULTILINE):
            text = re.search(r"^msgid (.*)$", entry, re.MULTILINE)
            found.append(text[1] if text else entry)
    return found


if __name__ == "__main__":
    sys.exit(main())
