"""Small templates for tests: a few words each, filled up to what the compiler asks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tanghulu.core.flow import Template, compile_template, load_version, read_yaml
from tanghulu.library import template_texts

Raw = dict[str, Any]

PEOPLE: Raw = {
    "lead": {"title": "lead", "role": "team_leader"},
    "crew": {"title": "crew", "role": "worker", "count": "1..3"},
    "electrician": {"title": "electrician", "role": "worker", "certificate": "electrical"},
    "guardian": {
        "title": "guardian",
        "role": "guardian",
        "certificate": "guardian",
        "not_same_as": ["crew", "electrician"],
    },
}
REGISTERS: Raw = {
    "people": {"title": "people", "kind": "people"},
    "tools": {"title": "tools", "kind": "items"},
    "isolation": {"title": "locks", "kind": "locks"},
}


def step(name: str, who: Any = "crew", **keys: Any) -> Raw:
    """A step with nothing but a title, unless more is said."""
    return {"step": name, "title": name, "who": who, **keys}


def photo(**keys: Any) -> Raw:
    return {"shot": {"title": "shot", **keys}}


def reading(**keys: Any) -> Raw:
    return {"gas": {"title": "gas", "unit": "% vol", **keys}}


def ask(kind: str = "yes_no", **keys: Any) -> Raw:
    return {"title": "question", "kind": kind, **keys}


def stage(name: str, *nodes: Raw, leaves: bool = False) -> Raw:
    return {name: {"title": name, "exit": leaves, "steps": list(nodes)}}


def raw_template(*stages: Raw, **top: Any) -> Raw:
    """A template as its author would write it."""
    return {
        "template": "small",
        "title": "small",
        "opened_by": ["team_leader"],
        "leads": ["lead"],
        "people": PEOPLE,
        "registers": REGISTERS,
        "stages": list(stages),
        **top,
    }


def template(*stages: Raw, library: Mapping[str, Raw] | None = None, **top: Any) -> Template:
    """A small template, compiled."""
    return load_version(compile_template(raw_template(*stages, **top), library).document)


def shipped(slug: str) -> Template:
    """A template that ships with the product."""
    texts = template_texts()
    library = {name: read_yaml(text) for name, text in texts.items()}
    return load_version(compile_template(texts[slug], library).document)


def belt_conveyor() -> Template:
    """The belt-conveyor template that ships with the product."""
    return shipped("belt-conveyor-maintenance")
