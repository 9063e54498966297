"""The order in which the author wrote what canonical JSON sorts by name (`order` in docs/formats/template.md)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

IN_TEMPLATE = ("people", "registers")
"""Tables of a version whose order an author chose."""

IN_STEP = ("photos", "readings", "register", "ask")
"""Tables of a step whose order an author chose."""

_BODIES = ("do", "otherwise", "options")


def ordered(table: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """The same table, those named first and in that order, the others after them by name."""
    named = [name for name in dict.fromkeys(names) if name in table]
    return {name: table[name] for name in (*named, *sorted(set(table).difference(named)))}


def arranged(document: Mapping[str, Any]) -> dict[str, Any]:
    """The same version document with every table in the order of its author, to be shown to people."""
    whole = _in_order(document, IN_TEMPLATE)
    whole["stages"] = [{**stage, "do": _nodes(stage["do"])} for stage in document["stages"]]
    return whole


def _in_order(holder: Mapping[str, Any], tables: Iterable[str]) -> dict[str, Any]:
    order = holder.get("order", {})
    return {**holder, **{key: ordered(holder[key], order.get(key, ())) for key in tables}}


def _nodes(nodes: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [_node(node) for node in nodes]


def _node(node: Mapping[str, Any]) -> dict[str, Any]:
    if node.get("node") == "step":
        return _in_order(node, IN_STEP)
    return {**node, **{key: _nodes(node[key]) for key in _BODIES if key in node}}
