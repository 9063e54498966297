"""What changes about process templates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from tanghulu.apps.flows.models import TemplateVersion
from tanghulu.core import flow
from tanghulu.core.access import Actor, Permission
from tanghulu.library import template_texts

Library = Mapping[str, Mapping[str, Any]]


@transaction.atomic
def publish(actor: Actor, *, source: str | Mapping[str, Any], library: Library, at: datetime) -> str:
    """Compile a template written in YAML and publish it as its newest version; return the version's hash.

    `library` gives the templates that it may embed, as read from YAML, by slug. A text that compiles to a version
    which is published already changes nothing. Raises Invalid with one of the codes of docs/formats/template.md.
    """
    actor.require(Permission.FLOWS_TEMPLATE_WRITE)
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


def publish_library(actor: Actor, *, at: datetime) -> dict[str, str]:
    """Publish every template that ships with the product, except fragments; slug to the version's hash."""
    library = {slug: flow.read_yaml(source) for slug, source in template_texts().items()}
    return {
        slug: publish(actor, source=template, library=library, at=at)
        for slug, template in library.items()
        if not template.get("fragment")
    }
