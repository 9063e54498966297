"""What changes about companies, and the beat of the worker."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from tanghulu.apps.tenancy.models import SLUG, Tenant, WorkerBeat
from tanghulu.core.access import Actor
from tanghulu.core.errors import Conflict, Invalid, NotAllowed
from tanghulu.core.vitals import JUMP_REMEMBERED, Beat, jump_between


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


@transaction.atomic
def add_first_tenant(actor: Actor, *, slug: str, name: str, language: str, at: datetime) -> None:
    """Add the first company of an installation. Raises as `add_tenant` does, and Conflict `company_exists`."""
    if connection.vendor == "postgresql":
        # Two at once would both find nothing. SQLite has one writer anyway.
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {Tenant._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")
    if Tenant.objects.exists():
        raise Conflict("company_exists")
    add_tenant(actor, slug=slug, name=name, language=language, at=at)


@transaction.atomic
def note_beat(beat: Beat) -> None:
    """Note that a worker is there, and whether the clock was set since its last beat. For the worker."""
    row = WorkerBeat.objects.filter(pk=beat.boot).first() or WorkerBeat(
        boot=beat.boot, at=beat.at, mono_ms=beat.mono_ms
    )
    jump = jump_between(Beat(row.at, row.boot, row.mono_ms), beat)
    if jump:
        row.jump_ms, row.jumped_at = jump, beat.at
    row.at, row.mono_ms = beat.at, beat.mono_ms
    row.save()
    WorkerBeat.objects.filter(at__lt=beat.at - timedelta(seconds=JUMP_REMEMBERED)).delete()
