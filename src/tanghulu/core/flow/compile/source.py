"""YAML as people write templates: read into plain values that remember their lines, without YAML's surprises.

`yes`, `no`, `on` and `off` stay words, numbers with a fraction stay text, keys are always text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

from tanghulu.core.flow.compile.problems import Findings, Problem, Spot, TemplateRefused

_MOST_CHARACTERS = 500_000
_MOST_NODES = 50_000
_DEEPEST = 60
_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,14})", re.ASCII)


class Table(dict[str, Any]):
    """A mapping that knows its own line and those of its keys."""

    line: int | None = None
    lines: dict[str, int]


def line_of(value: object, key: str | None = None) -> int | None:
    """The line of a value read from YAML, or of one of its keys."""
    if not isinstance(value, Table):
        return None
    return value.line if key is None else value.lines.get(key, value.line)


def with_keys(table: dict[str, Any], names: Mapping[str, str | None]) -> dict[str, Any]:
    """The same table with keys under other names, or left out where the name is None; it keeps its lines."""
    kept = {names.get(key, key): value for key, value in table.items()}
    changed = Table({key: value for key, value in kept.items() if key is not None})
    changed.line = line_of(table)
    lines = table.lines if isinstance(table, Table) else {}
    changed.lines = {names.get(key, key) or key: line for key, line in lines.items()}
    return changed


def read_yaml(text: str) -> Any:  # noqa: ANN401 - a document may be any value
    """Read one YAML document. Raises TemplateRefused `template_unreadable` or `template_duplicate_id` (a key twice)."""
    if len(text) > _MOST_CHARACTERS:
        raise TemplateRefused([Problem("template_unreadable", "document", None, "too long")])
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = None if mark is None else mark.line + 1
        raise TemplateRefused([Problem("template_unreadable", "document", line, _why(error))]) from error
    if node is None:
        raise TemplateRefused([Problem("template_unreadable", "document", None, "empty")])
    reader = _Reader()
    value = reader.value(node, 0)
    reader.findings.raise_if_any()
    return value


def _why(error: Exception) -> str:
    return str(getattr(error, "problem", None) or error)


class _Reader:
    def __init__(self) -> None:
        self.findings = Findings()
        self._nodes = 0

    def value(self, node: yaml.Node, depth: int) -> Any:  # noqa: ANN401 - a node may hold any value
        self._nodes += 1
        line = node.start_mark.line + 1
        if self._nodes > _MOST_NODES or depth > _DEEPEST:
            raise TemplateRefused([Problem("template_unreadable", "document", line, "too many values, or too deep")])
        if isinstance(node, yaml.MappingNode):
            return self._table(node, depth)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, depth + 1) for item in node.value]
        return _scalar(node)

    def _table(self, node: yaml.MappingNode, depth: int) -> Table:
        table = Table()
        table.line, table.lines = node.start_mark.line + 1, {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self.findings.add("template_unreadable", Spot("document", line), "a key that is not a word")
                continue
            key = str(key_node.value)
            if key in table:
                self.findings.add("template_duplicate_id", Spot(key, line), key)
            table[key], table.lines[key] = self.value(value_node, depth + 1), line
        return table


def _scalar(node: yaml.Node) -> str | int | bool | None:
    text = str(node.value)
    if getattr(node, "style", None) is not None:
        return text
    if text in {"", "~", "null"}:
        return None
    if text in {"true", "false"}:
        return text == "true"
    return int(text) if _INTEGER.fullmatch(text) and text != "-0" else text
