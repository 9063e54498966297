"""A whole template as people write it, turned into a version document that the models have judged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from tanghulu.core.flow.compile import shorthand
from tanghulu.core.flow.compile.blocks import BlockWriter, Library
from tanghulu.core.flow.compile.models import Version
from tanghulu.core.flow.compile.problems import Findings, Spot
from tanghulu.core.flow.compile.source import line_of, with_keys
from tanghulu.core.flow.compile.steps import Change, Raw, Writer, write_order
from tanghulu.core.flow.order import IN_TEMPLATE

_LANGUAGE = "zh-Hans"


def write_document(raw: Mapping[str, Any], library: Library, findings: Findings) -> dict[str, Raw]:
    """The version document that a template means, as far as it can be made out."""
    language = raw.get("language", _LANGUAGE)
    writer = Writer(findings, language if isinstance(language, str) else _LANGUAGE)
    blocks = BlockWriter(writer, findings, library)
    document: dict[str, Raw] = {
        "v": 1,
        "subject": {},
        "leads": [],
        "registers": {},
        **{key: value for key, value in raw.items() if key != "language"},
    }
    changes: dict[str, Change] = {
        "title": writer.text,
        "about": writer.text,
        "subject": _subject,
        "opened_by": shorthand.listed,
        "leads": shorthand.listed,
        "expires_after": shorthand.seconds,
        "source": shorthand.listed,
        "people": lambda value: _people(value, writer, _spot(raw, "people")),
        "registers": lambda value: writer.named(
            value, _spot(raw, "registers"), {}, {"title": writer.text, "absent_owner": shorthand.absent_owner}
        ),
        "stages": lambda value: _stages(value, writer, blocks, _spot(raw, "stages")),
    }
    for key, change in changes.items():
        if key in document:
            document[key] = change(document[key])
    findings.mark(document, Spot("document", line_of(raw)), getattr(raw, "lines", None))
    for key in ("title", "about", "subject", "opened_by", "leads", "source"):
        findings.mark(document.get(key), _spot(raw, key))
    write_order(document, IN_TEMPLATE)
    return document


def judge_shape(document: Mapping[str, Any], findings: Findings) -> None:
    """Note everything in a version document that the models do not allow."""
    try:
        Version.model_validate(document)
    except ValidationError as error:
        for detail in error.errors(include_url=False, include_context=False):
            code = "template_unknown_key" if detail["type"] == "extra_forbidden" else "template_bad_value"
            names_a_key = detail["type"] in {"missing", "extra_forbidden"}
            spot = _find(document, detail["loc"], findings, names_a_key=names_a_key)
            findings.add(code, spot, "missing" if detail["type"] == "missing" else _shown(detail["input"]))


def _shown(value: object) -> str:
    return str(value) if isinstance(value, str | int | bool) else type(value).__name__


def _find(
    document: Mapping[str, Any], location: tuple[int | str, ...], findings: Findings, *, names_a_key: bool
) -> Spot:
    """The nearest marked part around a location, and what of the location lies beyond it.

    pydantic puts the names of union members into locations; they are no places in the document and are left out,
    but for a last one that names a key which is missing or not known.
    """
    value: object = document
    spot, holder = Spot("", findings.line(document, str(location[0]))), value
    beyond: list[str] = []
    for number, key in enumerate(location, 1):
        below = _below(value, key)
        if below is _NOTHING and not (names_a_key and number == len(location)):
            continue
        line = findings.line(holder, str(key)) if not beyond else None
        spot = Spot(spot.place, line or spot.line)
        beyond.append(str(key))
        value = value if below is _NOTHING else below
        own = findings.spot(value) if isinstance(value, dict | list) and below is not _NOTHING else None
        if own is not None:
            spot, beyond, holder = own, [], value
    return Spot("/".join(part for part in (spot.place, *beyond) if part) or "document", spot.line)


_NOTHING = object()


def _below(value: object, key: int | str) -> object:
    if isinstance(value, list) and isinstance(key, int) and key < len(value):
        return value[key]
    if isinstance(value, dict) and isinstance(key, str):
        return value.get(key, _NOTHING)
    return _NOTHING


def _spot(raw: Mapping[str, Any], key: str) -> Spot:
    return Spot(key, line_of(raw, key) if isinstance(raw, dict) else None)


def _subject(value: Raw) -> Raw:
    if isinstance(value, dict) and "scan" in value:
        return {**value, "scan": shorthand.needed(value["scan"])}
    return value


def _people(value: Raw, writer: Writer, spot: Spot) -> Raw:
    if isinstance(value, dict):
        renamed = {
            name: writer.renamed(part, Spot(f"{spot.place}/{name}", line_of(value, name)), "role", "roles")
            if isinstance(part, dict)
            else part
            for name, part in value.items()
        }
    else:
        return value
    changes: dict[str, Change] = {
        "title": writer.text,
        "roles": shorthand.listed,
        "count": shorthand.span,
        "not_same_as": shorthand.listed,
    }
    people: dict[str, Raw] = {}
    for name, part in renamed.items():
        here = Spot(f"{spot.place}/{name}", line_of(value, name) or spot.line)
        people[name] = writer.written(part, here, {"count": [1, 1], "not_same_as": []}, changes)
    writer.findings.mark(people, spot)
    return people


def _stages(value: Raw, writer: Writer, blocks: BlockWriter, spot: Spot) -> Raw:
    if not isinstance(value, list):
        return value
    return [_stage(item, writer, blocks, spot) for item in value]


def _stage(raw: Raw, writer: Writer, blocks: BlockWriter, around: Spot) -> Raw:
    if not isinstance(raw, dict):
        return raw
    line = line_of(raw)
    if len(raw) == 1:
        ((name, raw),) = raw.items()
        if not isinstance(raw, dict):
            return {"stage": name, "do": raw}
        raw = with_keys(raw, {})
        raw["stage"] = name
    spot = Spot(f"{around.place}/{raw.get('stage')}", line)
    table = writer.renamed(raw, spot, "steps", "do")
    changes: dict[str, Change] = {
        "title": writer.text,
        "exit": shorthand.flag,
        "do": lambda value: blocks.nodes(value, spot),
    }
    return writer.written(table, spot, {"exit": False}, changes)
