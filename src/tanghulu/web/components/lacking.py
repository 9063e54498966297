"""Which parts of a company's processes nobody could take today: without them a job cannot begin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from tanghulu.apps.directory import queries as directory
from tanghulu.apps.flows import queries as flows
from tanghulu.core.access import Actor
from tanghulu.web.components.texts import in_language
from tanghulu.web.words import CERTIFICATES, ROLES


@dataclass(frozen=True, slots=True)
class LackingPart:
    """A part that nobody could take, with what it takes, in words."""

    process: str
    part: str
    needs: str


def lacking(actor: Actor, *, language: str, on: date) -> list[LackingPart]:
    """The parts of every process of the company for which too few people have the role and a good certificate.

    That two parts must be two people is not looked at here.
    """
    people = directory.colleagues(actor)
    current = flows.current(actor)
    documents = flows.compiled_each(one.version for one in current)
    return [
        LackingPart(in_language(one.title, language), in_language(part["title"], language), _needs(part))
        for one in current
        for part in documents[one.version].document["people"].values()
        if sum(_fits(person, part, on) for person in people) < part["count"][0]
    ]


def _fits(person: directory.MemberRow, part: Mapping[str, Any], on: date) -> bool:
    kind = part.get("certificate")
    certified = not kind or any(card.kind == kind and not card.expired(on) for card in person.certificates)
    return certified and (not part["roles"] or bool(set(person.roles) & set(part["roles"])))


def _needs(part: Mapping[str, Any]) -> str:
    roles: Sequence[str] = part["roles"]
    named = _(" or ").join(str(word) for role, word in ROLES.items() if role in roles)
    kind = part.get("certificate")
    if not kind:
        return named
    return _("%(roles)s with the certificate %(certificate)s") % {
        "roles": named,
        "certificate": CERTIFICATES.get(kind, kind),
    }
