"""Checks the translations: every sentence of the source has its line, in every language, translated and compiled.

`python -m tools.translations` checks; with `compile` it first writes the .mo files. GNU gettext is not needed:
sentences are collected from Python by its syntax tree and from templates by their tags.
"""

import ast
import re
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LANGUAGES = ("zh_Hans", "zh_Hant", "en")
BUILT = Path("web", "static", "dist")
SINGULAR = {"_", "gettext", "gettext_lazy", "gettext_noop", "N_"}
PLURAL = {"ngettext", "ngettext_lazy"}
CONTEXT = {"pgettext", "pgettext_lazy"}

TAG = re.compile(r"""{%\s*(?:trans|translate)\s+(?P<quote>["'])(?P<text>.*?)(?P=quote)(?P<rest>.*?)%}""", re.DOTALL)
TAG_CONTEXT = re.compile(r"""\bcontext\s+(["'])(.*?)\1""")
FILTERED = re.compile(r"""_\((?P<quote>["'])(?P<text>.*?)(?P=quote)\)""")
BLOCK = re.compile(r"{%\s*blocktrans(?:late)?\b(?P<head>.*?)%}(?P<body>.*?){%\s*endblocktrans(?:late)?\s*%}", re.DOTALL)
PLURAL_TAG = re.compile(r"{%\s*plural\s*%}")
VARIABLE = re.compile(r"{{\s*(\w[\w.]*)[^}]*}}")
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|{(\w*)}")

KEYWORD = re.compile(r"msgctxt|msgid|msgid_plural|msgstr|msgstr\[\d\]")

# Context and sentence, as gettext identifies a message.
Message = tuple[str, str]


class Unreadable(Exception):
    """A catalogue that is not of the form."""


def in_python(source: str) -> Iterator[Message]:
    """The messages that a Python module marks for translation with a constant."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        words = [item.value for item in node.args if isinstance(item, ast.Constant) and isinstance(item.value, str)]
        if words and name in SINGULAR | PLURAL:
            yield "", words[0]
        elif name in CONTEXT and len(words) > 1:
            yield words[0], words[1]


def in_template(source: str) -> Iterator[Message]:
    """The messages of a Django template, with `{{ name }}` in blocks written `%(name)s` as Django looks them up."""
    for found in TAG.finditer(source):
        context = TAG_CONTEXT.search(found["rest"])
        yield (
            (context[2] if context else ""),
            found["text"].replace("%", "%%") if "%" in found["text"] else found["text"],
        )
    for found in FILTERED.finditer(source):
        yield "", found["text"]
    for found in BLOCK.finditer(source):
        context = TAG_CONTEXT.search(found["head"])
        first = PLURAL_TAG.split(found["body"])[0]
        text = VARIABLE.sub(r"%(\1)s", first.replace("%", "%%") if "%" in first else first)
        if re.search(r"\btrimmed\b", found["head"]):
            text = " ".join(line.strip() for line in text.strip().splitlines())
        yield (context[2] if context else ""), text


def messages(source: Path) -> dict[Message, str]:
    """Every message under a source folder, with the file where it first stands."""
    found: dict[Message, str] = {}
    for path in sorted([*source.rglob("*.py"), *source.rglob("*.html"), *source.rglob("*.txt")]):
        if path.is_relative_to(source / BUILT):
            # What the front-end is built into has its own words, and short names that look like ours.
            continue
        text = path.read_text(encoding="utf-8")
        for message in in_python(text) if path.suffix == ".py" else in_template(text):
            found.setdefault(message, str(path.relative_to(source)))
    return found


@dataclass(frozen=True, slots=True)
class Entry:
    """One message's plural sentence (empty for most) and its translations, one for each plural form."""

    plural: str
    values: tuple[str, ...]


def _entry(fields: dict[str, str], *, fuzzy: bool) -> Entry:
    values = tuple(value for name, value in sorted(fields.items()) if name.startswith("msgstr"))
    return Entry(fields.get("msgid_plural", ""), ("",) if fuzzy else values)


def _statements(path: Path) -> Iterator[tuple[str, str]]:
    """The lines of a catalogue as keyword and text; comments with the keyword `#`, continued lines joined."""
    current, text = "", ""
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        line = raw.strip()
        if line.startswith('"') and current:
            text += str(ast.literal_eval(line))
            continue
        if current:
            yield current, text
            current = ""
        if line.startswith("#"):
            yield "#", line
        elif line:
            current, _, rest = line.partition(" ")
            if not KEYWORD.fullmatch(current):
                raise Unreadable(f"{path}:{number}: not a line of a catalogue")
            text = str(ast.literal_eval(rest))
    if current:
        yield current, text


def read_po(path: Path) -> dict[Message, Entry]:
    """A .po catalogue, its header under the empty message; a fuzzy translation counts as none."""
    entries: dict[Message, Entry] = {}
    fields: dict[str, str] = {}
    fuzzy = False
    for keyword, text in [*_statements(path), ("#", "")]:
        if keyword in {"#", "msgid", "msgctxt"} and any(name.startswith("msgstr") for name in fields):
            message = fields.get("msgctxt", ""), fields["msgid"]
            if message in entries:
                raise Unreadable(f"{path}: {message[1]!r} stands twice")
            entries[message] = _entry(fields, fuzzy=fuzzy)
            fields, fuzzy = {}, False
        if keyword == "#":
            fuzzy = fuzzy or (text.startswith("#,") and "fuzzy" in text)
        else:
            fields[keyword] = text
    return entries


def compiled(entries: dict[Message, Entry]) -> bytes:
    """The binary form that gettext reads: sorted, without the optional hash table."""
    rows: dict[str, str] = {}
    for (context, sentence), entry in entries.items():
        if all(entry.values):
            key = f"{context}\x04{sentence}" if context else sentence
            rows[f"{key}\0{entry.plural}" if entry.plural else key] = "\0".join(entry.values)
    encoded = sorted((key.encode(), value.encode()) for key, value in rows.items())
    body, tables = b"", [b"", b""]
    start = 28 + 16 * len(encoded)
    for column, _ in enumerate(tables):
        for row in encoded:
            tables[column] += struct.pack("<2I", len(row[column]), start + len(body))
            body += row[column] + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(encoded), 28, 28 + 8 * len(encoded), 0, start)
    return head + b"".join(tables) + body


def rows_of(data: bytes) -> dict[str, str]:
    """A compiled catalogue as the rows that it holds, whoever compiled it."""
    order = {b"\xde\x12\x04\x95": "<", b"\x95\x04\x12\xde": ">"}.get(data[:4])
    if order is None:
        raise Unreadable("not a compiled catalogue")
    count, originals, translations = struct.unpack_from(f"{order}3I", data, 8)

    def text(table: int, row: int) -> str:
        length, offset = struct.unpack_from(f"{order}2I", data, table + 8 * row)
        return data[offset : offset + length].decode("utf-8")

    return {text(originals, row): text(translations, row) for row in range(count)}


def problems_of(language: Path, wanted: dict[Message, str]) -> Iterator[str]:
    """What is wrong with one language's catalogue, one sentence each. A plural may have what either form has."""
    po, mo = language / "LC_MESSAGES" / "django.po", language / "LC_MESSAGES" / "django.mo"
    if not po.is_file() or not mo.is_file():
        yield f"{language.name}: django.po and django.mo must both be there"
        return
    entries = read_po(po)
    fresh = rows_of(compiled(entries))
    header = entries.pop(("", ""), None)
    if header is None:
        yield f"{language.name}: django.po has no header"
    for message, place in wanted.items():
        if message not in entries:
            yield f"{language.name}: {place}: {message[1]!r} is not in the catalogue"
    for message, entry in entries.items():
        known = [set(PLACEHOLDER.findall(sentence)) for sentence in (message[1], entry.plural or message[1])]
        if not all(entry.values):
            yield f"{language.name}: {message[1]!r} is not translated"
        elif any(set(PLACEHOLDER.findall(value)) not in known for value in entry.values):
            yield f"{language.name}: {message[1]!r} is translated with other placeholders than it has"
    if rows_of(mo.read_bytes()) != fresh:
        yield f"{language.name}: django.mo was not compiled from this django.po: python -m tools.translations compile"


def problems(package: Path) -> list[str]:
    """Everything wrong with the translations of a package folder that holds `locale/`."""
    wanted = messages(package)
    found: list[str] = []
    for name in LANGUAGES:
        try:
            found.extend(problems_of(package / "locale" / name, wanted))
        except Unreadable as error:
            found.append(str(error))
    return found


def compile_all(package: Path) -> None:
    """Write each language's django.mo anew from its django.po."""
    for name in LANGUAGES:
        po = package / "locale" / name / "LC_MESSAGES" / "django.po"
        po.with_suffix(".mo").write_bytes(compiled(read_po(po)))


if __name__ == "__main__":
    PACKAGE = Path(__file__).resolve().parents[1] / "src" / "tanghulu"
    if sys.argv[1:] == ["compile"]:
        compile_all(PACKAGE)
    everything = problems(PACKAGE)
    print("\n".join(everything) or "Every sentence has its translation.")
    sys.exit(1 if everything else 0)
