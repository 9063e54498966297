"""The process templates that ship with the product, as one looks at them before they are published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from tanghulu.core import flow
from tanghulu.library import template_texts


@dataclass(frozen=True, slots=True)
class Shipped:
    """A template; `title` and `about` map language tags to texts, `equipment` is the kind that it works on or empty."""

    slug: str
    title: Mapping[str, str]
    about: Mapping[str, str]
    equipment: str


@cache
def shipped() -> tuple[Shipped, ...]:
    """Every template that can be published, fragments left out, by slug."""
    read = {slug: flow.read_yaml(text) for slug, text in template_texts().items()}
    return tuple(
        Shipped(slug, found["title"], found.get("about", {}), str(found.get("subject", {}).get("equipment", "")))
        for slug, found in sorted(read.items())
        if not found.get("fragment")
    )
