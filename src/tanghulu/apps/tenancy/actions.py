"""What changes about companies."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction

from tanghulu.apps.tenancy.models import SLUG, Tenant
from tanghulu.core.access import Actor
from tanghulu.core.errors import Conflict, Invalid, NotAllowed


def add_tenant(
    actor: Actor,
    *,
    slug: str,
    name: str,
    at: datetime,
    language: str = settings.LANGUAGE_CODE,
    time_zone: str = settings.DISPLAY_TIME_ZONE,
) -> None:
    """Add a company. Its slug names its evidence log for ever; only the operator may choose one.

    Raises Invalid `slug_malformed`, `text_missing`, `language_unknown` or `time_zone_unknown`, Conflict
    `tenant_exists`.
    """
    if not actor.is_operator:
        raise NotAllowed("not_allowed")
    if not re.fullmatch(SLUG, slug):
        raise Invalid("slug_malformed", slug=slug)
    if not name.strip():
        raise Invalid("text_missing", field="name")
    if language not in dict(settings.LANGUAGES):
        raise Invalid("language_unknown", language=language)
    try:
        ZoneInfo(time_zone)
    except (ValueError, OSError, LookupError) as error:
        raise Invalid("time_zone_unknown", time_zone=time_zone) from error
    try:
        with transaction.atomic():
            Tenant.objects.create(slug=slug, name=name.strip(), language=language, time_zone=time_zone, created_at=at)
    except IntegrityError as error:
        raise Conflict("tenant_exists", tenant=slug) from error
