"""Words for stored codes, in templates."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.conf import settings
from django.utils.functional import Promise

from tanghulu.apps.directory.identities import Kind
from tanghulu.core.access import Role
from tanghulu.web import words

register = template.Library()

_SCRIPT = 4  # letters in the name of a script; a country has two


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


@register.filter
def identity_word(kind: Kind) -> str:
    """Where somebody has an account."""
    return words.identity_words(kind)


@register.simple_tag
def languages() -> list[tuple[str, str]]:
    """The languages that are offered, by code, each called as those who speak it call it."""
    return list(settings.LANGUAGES)


@register.filter
def language_tag(code: str) -> str:
    """The code of a language as pages write it (BCP 47): `zh-Hant` for `zh-hant`."""
    language, *more = code.split("-")
    return "-".join([language, *(part.title() if len(part) == _SCRIPT else part.upper() for part in more)])


def _word(known: Mapping[str, str | Promise], code: str) -> str:
    return str(known.get(code, code))
