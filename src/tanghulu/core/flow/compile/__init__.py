"""From a template as people write it to a version: checked, complete, immutable, named by its hash."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tanghulu.core import canonical
from tanghulu.core.flow.compile.blocks import Library
from tanghulu.core.flow.compile.checks import check
from tanghulu.core.flow.compile.document import judge_shape, write_document
from tanghulu.core.flow.compile.models import json_schema
from tanghulu.core.flow.compile.places import Places, find_places
from tanghulu.core.flow.compile.problems import Findings, Problem, Spot, TemplateRefused
from tanghulu.core.flow.compile.references import resolve
from tanghulu.core.flow.compile.source import read_yaml
from tanghulu.core.flow.template import LONGEST, version_hash

__all__ = ["Compiled", "Library", "Problem", "TemplateRefused", "compile_template", "json_schema", "read_yaml"]


@dataclass(frozen=True, slots=True)
class Compiled:
    """A version document with its hash, and what is allowed but worth a second look."""

    document: dict[str, Any]
    hash: str
    warnings: tuple[Problem, ...]


def compile_template(source: str | Mapping[str, Any], library: Library | None = None) -> Compiled:
    """Compile YAML, or the same read into plain values, with the templates that it may embed.

    Raises:
        TemplateRefused: with all problems found. Shape is judged first; duties, ways and times once the shape is right.
    """
    raw = read_yaml(source) if isinstance(source, str) else copy.deepcopy(dict(source))
    if not isinstance(raw, dict):
        raise TemplateRefused([Problem("template_unreadable", "document", None, "not a table")])
    findings = Findings()
    document = write_document(raw, library or {}, findings)
    judge_shape(document, findings)
    findings.raise_if_any()
    places = find_places(document, findings)
    findings.raise_if_any()
    resolve(places)
    check(places)
    findings.raise_if_any()
    return Compiled(_settled(document), version_hash(document), tuple(_warnings(places)))


def _settled(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document as plain values, as everybody will read it from its canonical bytes."""
    try:
        settled = canonical.loads(canonical.dumps(document, limit=LONGEST), limit=LONGEST)
    except canonical.CanonicalError as error:
        raise TemplateRefused([Problem("template_bad_value", "document", None, error.code)]) from error
    return settled if isinstance(settled, dict) else {}


def _warnings(places: Places) -> Iterator[Problem]:
    yield from _texts_missing(places)
    for name, register in places.document["registers"].items():
        acts = {step.node["register"][name]["act"] for step in places.steps.values() if name in step.node["register"]}
        if register["kind"] != "locks" and "in" in acts and not acts & {"out", "both"}:
            yield Problem("register_never_emptied", f"registers/{name}", None, name)


def _texts_missing(places: Places) -> Iterator[Problem]:
    languages = set(places.document["title"])
    for step in places.steps.values():
        spot = places.findings.spot(step.node) or Spot(step.path)
        for key in ("title", "say"):
            for tag in sorted(languages - set(step.node.get(key, dict.fromkeys(languages)))):
                yield Problem("text_missing", f"{spot.place}/{key}", spot.line, tag)
