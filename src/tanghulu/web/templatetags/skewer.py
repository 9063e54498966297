"""`{% skewer view size="large" %}`: the one place where a skewer is drawn."""

from __future__ import annotations

from typing import Literal

from django import template

from tanghulu.web.components.skewer import Skewer

register = template.Library()


@register.inclusion_tag("components/skewer.html")
def skewer(view: Skewer, size: Literal["small", "large"] = "large") -> dict[str, object]:
    """Draw `view`: large with words and links, small as one picture in a line."""
    return {"view": view, "size": size}
