"""Which tenant the present work is for. No other module knows, and nothing tenant-owned is read outside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any, ClassVar, Self, TypeVar

from django.db import connection, models
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.pq import TransactionStatus

_ALL = "*"  # not a slug: the scope of work that goes over every tenant
_current: ContextVar[str | None] = ContextVar("tanghulu_tenant", default=None)

_M = TypeVar("_M", bound=models.Model)


class OutsideTenant(RuntimeError):
    """Something that belongs to a tenant was touched outside that tenant: a mistake in the program."""


@contextmanager
def within(slug: str) -> Iterator[None]:
    """Work inside the tenant with this slug. On PostgreSQL the connection is told too, for row-level security."""
    if not slug or slug == _ALL:
        message = "a scope needs the slug of a tenant"
        raise OutsideTenant(message)
    with _scoped(slug):
        yield


@contextmanager
def across_tenants() -> Iterator[None]:
    """Work over every tenant: for the worker, the operator's commands and sign-in, which come before any tenant."""
    with _scoped(_ALL):
        yield


@contextmanager
def _scoped(value: str) -> Iterator[None]:
    token = _current.set(value)
    try:
        if _has_second_lock():
            _tell(connection, value)
        yield
    finally:
        _current.reset(token)
        if _has_second_lock():
            _tell(connection, _current.get() or "")


@cache
def _has_second_lock() -> bool:
    return connection.vendor == "postgresql"


def _tell(database: BaseDatabaseWrapper, value: str) -> None:
    """Set `tanghulu.tenant`, on which the policies of row-level security look (PostgreSQL only)."""
    raw = database.connection
    if raw is not None and raw.info.transaction_status == TransactionStatus.INERROR:
        return  # the rollback that must follow restores what was set before the transaction
    with database.cursor() as cursor:
        cursor.execute("SELECT set_config('tanghulu.tenant', %s, false)", [value])


def current() -> str:
    """The slug of the tenant; raises OutsideTenant where there is none."""
    slug = _current.get()
    if slug is None or slug == _ALL:
        message = "no tenant is set here"
        raise OutsideTenant(message)
    return slug


class TenantQuerySet(models.QuerySet[_M]):
    """Rows of one tenant. What is created through it belongs to that tenant."""

    def bulk_create(self, objs: Iterable[_M], *args: Any, **kwargs: Any) -> list[_M]:
        """Create many rows in the current tenant."""
        rows = list(objs)
        for row in rows:
            _claim(row)
        return super().bulk_create(rows, *args, **kwargs)


class _Scoped(models.Manager[_M]):
    def get_queryset(self) -> TenantQuerySet[_M]:
        return TenantQuerySet(self.model, using=self._db).filter(tenant_id=current())


class _Everywhere(models.Manager[_M]):
    def get_queryset(self) -> models.QuerySet[_M]:
        if _current.get() != _ALL:
            message = "rows of every tenant are read only inside across_tenants()"
            raise OutsideTenant(message)
        return super().get_queryset()


class TenantOwned(models.Model):
    """A row that belongs to one tenant. `objects` sees the current tenant only, and raises where there is none."""

    tenant = models.ForeignKey("tenancy.Tenant", on_delete=models.PROTECT, related_name="+", editable=False)

    objects: ClassVar[_Scoped[Self]] = _Scoped()
    everywhere: ClassVar[_Everywhere[Self]] = _Everywhere()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the row in the current tenant; refuse one that belongs to another or points to another's row."""
        _claim(self)
        super().save(*args, **kwargs)


def _claim(row: models.Model) -> None:
    slug = current()
    owner = getattr(row, "tenant_id", None)
    if owner is None:
        row.tenant_id = slug  # type: ignore[attr-defined] # every TenantOwned has it
    elif owner != slug:
        message = f"a row of {owner} was written inside {slug}"
        raise OutsideTenant(message)
    for field in row._meta.concrete_fields:
        # Only what is in memory already is looked at: a query per foreign key would cost more than it finds.
        if isinstance(field, models.ForeignKey) and field.is_cached(row):
            target = getattr(row, field.name)
            if isinstance(target, TenantOwned) and target.tenant_id != slug:
                message = f"{row._meta.label}.{field.name} points to a row of {target.tenant_id} inside {slug}"
                raise OutsideTenant(message)
