"""What is looked up about companies, and about the worker and the database that serve all of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from django.db import connection

from tanghulu.apps.tenancy import scope
from tanghulu.apps.tenancy.models import Tenant, WorkerBeat
from tanghulu.core.access import Actor, Permission
from tanghulu.core.errors import NotFound


@dataclass(frozen=True, slots=True)
class Company:
    """A tenant as it is shown."""

    slug: str
    name: str
    language: str
    time_zone: str

    @classmethod
    def of(cls, tenant: Tenant) -> Self:
        """Take the row's values."""
        return cls(slug=tenant.slug, name=tenant.name, language=tenant.language, time_zone=tenant.time_zone)


def company() -> Company:
    """The company of the present scope. Raises NotFound `tenant_not_found`."""
    tenant = Tenant.objects.filter(pk=scope.current()).first()
    if tenant is None:
        raise NotFound("tenant_not_found")
    return Company.of(tenant)


def exists(slug: str) -> bool:
    """Say whether there is a company with this slug."""
    return Tenant.objects.filter(pk=slug).exists()


def slugs() -> list[str]:
    """The slug of every company, in order: for the worker and the operator, who go from one to the next."""
    return list(Tenant.objects.order_by("slug").values_list("slug", flat=True))


@dataclass(frozen=True, slots=True)
class Engines:
    """The worker and the database, in seconds.

    How long no worker was there (None: never), the last jump of the clock in milliseconds with how long ago that was,
    how far the database's clock is ahead of ours (None: it has none of its own).
    """

    silent: float | None
    jump: tuple[int, float] | None
    database: float | None


def engines(actor: Actor, *, at: datetime) -> Engines:
    """How the worker and the database are at this time."""
    actor.require(Permission.SERVER_STATUS_READ)
    beats = list(WorkerBeat.objects.all())
    # The nearest, not the newest: after the clock was set back an old beat lies ahead.
    silent = min((abs((at - beat.at).total_seconds()) for beat in beats), default=None)
    jumps = [(beat.jump_ms, (at - beat.jumped_at).total_seconds()) for beat in beats if beat.jumped_at is not None]
    return Engines(silent, min(jumps, key=lambda jump: abs(jump[1]), default=None), _database_ahead(at))


def database_answers() -> bool:
    """Ask the database for nothing; True, or it raises."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone())


def _database_ahead(at: datetime) -> float | None:
    """How many seconds the database's clock is ahead of ours, which said `at` a moment ago."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return float((cursor.fetchone()[0] - at).total_seconds())
