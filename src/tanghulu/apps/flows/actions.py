"""What changes about process templates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from tanghulu.apps.flows.models import TemplateVersion
from tanghulu.apps.flows.shipped import shipped
from tanghulu.core import flow
from tanghulu.core.access import Actor, Permission
from tanghulu.core.errors import NotFound
from tanghulu.library import template_texts

Library = Mapping[str, Mapping[str, Any]]


@transaction.atomic
def publish(actor: Actor, *, source: str | Mapping[str, Any], library: Library, at: datetime) -> str:
    """Compile a template written in YAML and publish it as its newest version; return the version's hash.

    `library` gives the templates that it may embed, as read from YAML, by slug. A text that compiles to a version
    which is published already changes nothing. Raises Invalid with one of the codes of docs/formats/template.md.
    """
    actor.require(Permission.FLOWS_TEMPLATE_WRITE)
    return _publish(actor, source, library, at)


@transaction.atomic
def publish_shipped(actor: Actor, *, slugs: Iterable[str], at: datetime) -> dict[str, str]:
    """Publish templates that ship with the product, as they are; slug to the version's hash.

    Whoever may not write templates leaves out those of which there is a version: the company's own may be among them.

    Raises NotFound `template_not_found`.
    """
    actor.require(Permission.FLOWS_LIBRARY_PUBLISH)
    library = {slug: flow.read_yaml(source) for slug, source in template_texts().items()}
    wanted = sorted(set(slugs))
    for slug in wanted:
        if slug not in library or library[slug].get("fragment"):
            raise NotFound("template_not_found")
    kept = set() if actor.may(Permission.FLOWS_TEMPLATE_WRITE) else _published(wanted)
    return {slug: _publish(actor, library[slug], library, at) for slug in wanted if slug not in kept}


def _published(slugs: list[str]) -> set[str]:
    return set(TemplateVersion.objects.filter(template__in=slugs).values_list("template", flat=True))


def publish_library(actor: Actor, *, at: datetime) -> dict[str, str]:
    """Publish every template that ships with the product, except fragments; slug to the version's hash."""
    actor.require(Permission.FLOWS_LIBRARY_PUBLISH)
    return publish_shipped(actor, slugs=[template.slug for template in shipped()], at=at)


def _publish(actor: Actor, source: str | Mapping[str, Any], library: Library, at: datetime) -> str:
    compiled = flow.compile_template(source, library)
    if not TemplateVersion.objects.filter(version=compiled.hash).exists():
        slug = str(compiled.document["template"])
        last = TemplateVersion.objects.filter(template=slug).aggregate(Max("number"))["number__max"]
        TemplateVersion.objects.create(
            template=slug,
            number=(last or 0) + 1,
            version=compiled.hash,
            document=flow.version_bytes(compiled.document),
            published_by=actor.member,
            published_at=at,
        )
    return compiled.hash
