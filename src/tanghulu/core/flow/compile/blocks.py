"""The blocks of a template as people write them, with embedded templates put in their places."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from tanghulu.core import canonical
from tanghulu.core.flow.compile import shorthand
from tanghulu.core.flow.compile.problems import Findings, Spot
from tanghulu.core.flow.compile.source import line_of, with_keys
from tanghulu.core.flow.compile.steps import Raw, Writer
from tanghulu.core.flow.template import LONGEST

Library = Mapping[str, Mapping[str, Any]]
"""Templates that may be embedded, by slug, as read from YAML."""

_KINDS = ("step", "repeat", "call", "par", "seq", "choice")
_MOST_NODES = 5000


class BlockWriter:
    """Writes the nodes of a version from those of a template, and remembers where each stands."""

    def __init__(self, writer: Writer, findings: Findings, library: Library) -> None:
        self._writer = writer
        self._findings = findings
        self._library = library
        self._calling: list[str] = []
        self._written = 0

    def nodes(self, raw: Raw, spot: Spot) -> Raw:
        """A list of nodes; anything else as it is."""
        if not isinstance(raw, list):
            return raw
        nodes = [node for item in raw for node in self._node(item, spot)]
        self._findings.mark(nodes, spot)
        return nodes

    def _node(self, raw: Raw, around: Spot) -> list[Raw]:
        kind = _kind(raw)
        line = line_of(raw) or around.line
        self._written += 1
        if kind is None or self._written > _MOST_NODES:
            self._findings.add("template_bad_value", Spot(around.place, line), "a step, repeat, call, par or choice")
            return []
        name = raw[kind] if isinstance(raw[kind], str) else kind
        spot = Spot(f"{around.place}/{name}", line)
        write = {
            "step": self._writer.step,
            "repeat": self._repeat,
            "call": self._call,
            "par": self._group,
            "seq": self._group,
            "choice": self._choice,
        }[kind]
        node = write(raw, spot)
        if self._findings.spot(node) is None:
            self._findings.mark(node, spot, getattr(raw, "lines", None))
        return [node]

    def _group(self, raw: dict[str, Raw], spot: Spot) -> Raw:
        kind = "par" if "par" in raw else "seq"
        around = Spot(spot.place.removesuffix(f"/{kind}"), spot.line)
        rest = {key: value for key, value in raw.items() if key != kind}
        return {"node": kind, "do": self.nodes(raw[kind], around), **rest}

    def _choice(self, raw: dict[str, Raw], spot: Spot) -> Raw:
        around = Spot(spot.place.rpartition("/")[0], spot.line)
        rest = {key: value for key, value in raw.items() if key not in {"choice", "when", "do"}}
        options = raw.get("options", [{key: raw[key] for key in ("when", "do") if key in raw}])
        if "options" in raw and ("when" in raw or "do" in raw):
            self._findings.add("template_bad_value", spot, "options beside when")
        return {
            **rest,
            "node": "choice",
            "id": raw["choice"],
            "options": [self._branch(option, spot, around) for option in options]
            if isinstance(options, list)
            else options,
            "otherwise": self.nodes(raw.get("otherwise", []), around),
        }

    def _branch(self, raw: Raw, spot: Spot, around: Spot) -> Raw:
        if not isinstance(raw, dict):
            return raw
        changes = {"when": shorthand.condition, "do": lambda value: self.nodes(value, around)}
        return self._writer.written(raw, Spot(spot.place, line_of(raw) or spot.line), {}, changes)

    def _repeat(self, raw: dict[str, Raw], spot: Spot) -> Raw:
        table = self._writer.renamed(raw, spot, "steps", "do")
        changes = {
            "title": self._writer.text,
            "every": shorthand.seconds,
            "until": self._until,
            "do": lambda value: self.nodes(value, spot),
        }
        defaults = {"node": "repeat", "id": raw["repeat"], "at_least": 1}
        return self._writer.written(with_keys(table, {"repeat": None}), spot, defaults, changes)

    @staticmethod
    def _until(value: Raw) -> Raw:
        if not isinstance(value, dict):
            return value
        changed = dict(value)
        if "ended_by" in value:
            changed["ended_by"] = shorthand.listed(value["ended_by"])
        if "when" in value:
            changed["when"] = shorthand.condition(value["when"])
        return changed

    def _call(self, raw: dict[str, Raw], spot: Spot) -> Raw:
        slug = raw.get("template")
        rest = {key: value for key, value in raw.items() if key not in {"call", "title"}}
        node = {**rest, "node": "call", "id": raw["call"], "do": [], "version": "0" * 64}
        if "title" in raw:
            node["title"] = self._writer.text(raw["title"])
        fragment = self._library.get(slug) if isinstance(slug, str) else None
        here = Spot(spot.place, line_of(raw, "template") or spot.line)
        if not isinstance(slug, str) or fragment is None:
            self._findings.add("template_unknown_template", here, slug or "")
        elif slug in self._calling:
            self._findings.add("template_call_cycle", here, " > ".join([*self._calling, slug]))
        else:
            node.update(self._embedded(slug, fragment, here))
        return node

    def _embedded(self, slug: str, fragment: Mapping[str, Any], spot: Spot) -> dict[str, Raw]:
        if fragment.get("fragment") is not True or "stages" in fragment:
            self._findings.add("template_unknown_template", spot, f"{slug} is not a fragment")
            return {}
        unknown = set(fragment) - {"fragment", "template", "title", "about", "do", "source", "language"}
        for key in sorted(unknown):
            self._findings.add("template_unknown_key", Spot(f"{spot.place}/{key}", spot.line), key)
        try:
            version = hashlib.sha256(canonical.dumps(dict(fragment), limit=LONGEST)).hexdigest()
        except canonical.CanonicalError as error:
            self._findings.add("template_bad_value", spot, f"{slug}: {error.code}")
            return {}
        outer, language = self._writer.language, fragment.get("language")
        self._calling.append(slug)
        self._writer.language = language if isinstance(language, str) else outer
        # Lines inside belong to the fragment's own file, so what goes wrong there is named by the line of the call.
        body = self.nodes(_without_lines(fragment.get("do", [])), spot)
        self._writer.language = outer
        self._calling.pop()
        return {"version": version, "do": body}


def _kind(raw: Raw) -> str | None:
    if not isinstance(raw, dict):
        return None
    found = [kind for kind in _KINDS if kind in raw]
    return found[0] if found else None


def _without_lines(value: Raw) -> Raw:
    if isinstance(value, dict):
        return {key: _without_lines(item) for key, item in value.items()}
    return [_without_lines(item) for item in value] if isinstance(value, list) else value
