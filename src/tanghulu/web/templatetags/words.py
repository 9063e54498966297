"""Words for stored codes, in templates."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.utils.functional import Promise

from tanghulu.core.access import Role
from tanghulu.web import words

register = template.Library()


@register.filter
def role_word(role: Role) -> str:
    """What the role is called."""
    return str(words.ROLES[role])


@register.filter
def certificate_word(kind: str) -> str:
    """What the kind of certificate is called; a kind of the company's own as it was typed."""
    return _word(words.CERTIFICATES, kind)


@register.filter
def equipment_word(kind: str) -> str:
    """What the kind of equipment is called; a kind of the company's own as it was typed."""
    return _word(words.EQUIPMENT, kind)


def _word(known: Mapping[str, str | Promise], code: str) -> str:
    return str(known.get(code, code))
