"""Rows of the present tenant in few statements, without a model object for each: for what is done while phones wait.

The text of a statement depends only on its table and columns, so a database prepares it once. Values are adapted by
the fields of the model, as Django itself does; each statement names the tenant, and row-level security still applies.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import Any, cast

from django.db import connection, models

from tanghulu.apps.tenancy import scope

Row = Sequence[Any]
_Model = type[scope.TenantOwned]


def insert(model: _Model, names: tuple[str, ...], rows: Sequence[Row]) -> None:
    """Add rows; `names` are the fields that each row gives, in order."""
    _write(_insertion(model, names, connection.vendor), model, names, rows)


def insert_missing(model: _Model, names: tuple[str, ...], rows: Sequence[Row]) -> None:
    """Add rows, except those that break a rule of uniqueness: they are there already."""
    _write(_insertion(model, names, connection.vendor) + " ON CONFLICT DO NOTHING", model, names, rows)


def put(model: _Model, names: tuple[str, ...], rows: Sequence[Row], *, key: str) -> None:
    """Add rows, or change those that the tenant has under the same key, which is one of the fields."""
    changes = ", ".join(f"{_column(model, name)} = excluded.{_column(model, name)}" for name in names if name != key)
    target = f"{_column(model, 'tenant')}, {_column(model, key)}"
    statement = f"{_insertion(model, names, connection.vendor)} ON CONFLICT ({target}) DO UPDATE SET {changes}"
    _write(statement, model, names, rows)


def update(model: _Model, names: tuple[str, ...], rows: Sequence[Row]) -> None:
    """Change rows; each row gives the fields of `names` in order, and then its primary key."""
    if not rows:
        return
    changes = ", ".join(f"{_column(model, name)} = %s" for name in names)
    statement = f"UPDATE {_table(model)} SET {changes} WHERE id = %s AND tenant_id = %s"  # noqa: S608 - names only
    fields, tenant = _fields(model, names), scope.current()
    with connection.cursor() as cursor:
        cursor.executemany(statement, [(*_adapted(fields, row), row[-1], tenant) for row in rows])


def select(
    model: _Model,
    names: tuple[str, ...],
    *,
    where: str,
    among: Collection[Any],
    also: tuple[str, Collection[Any]] | None = None,
    lock: bool = False,
) -> list[Row]:
    """The rows whose field `where` is one of the values; `lock` keeps them until the transaction ends.

    `also` is a second such condition. What comes back is as the database gives it: right for text, numbers and bytes,
    not for times and JSON.
    """
    if not among:
        return []
    columns = ", ".join(_column(model, name) for name in names)
    conditions = [(where, among), also] if also else [(where, among)]
    tests = [f"{_column(model, one)} IN ({_marks(len(values))})" for one, values in conditions]
    locked = " FOR UPDATE" if lock and connection.features.has_select_for_update else ""
    statement = (
        f"SELECT {columns} FROM {_table(model)} "  # noqa: S608 - names only
        f"WHERE tenant_id = %s AND {' AND '.join(tests)}{locked}"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [scope.current(), *(value for _, values in conditions for value in values)])
        return list(cursor.fetchall())


def _write(statement: str, model: _Model, names: tuple[str, ...], rows: Sequence[Row]) -> None:
    if not rows:
        return
    fields, tenant = _fields(model, names), scope.current()
    with connection.cursor() as cursor:
        cursor.executemany(statement, [(tenant, *_adapted(fields, row)) for row in rows])


@lru_cache(maxsize=256)
def _insertion(model: _Model, names: tuple[str, ...], _vendor: str) -> str:
    columns = ", ".join(_column(model, name) for name in ("tenant", *names))
    return f"INSERT INTO {_table(model)} ({columns}) VALUES ({_marks(len(names) + 1)})"  # noqa: S608 - names only


@lru_cache(maxsize=256)
def _fields(model: _Model, names: tuple[str, ...]) -> tuple[models.Field[Any, Any] | None, ...]:
    """The fields that must adapt their values; None for text and numbers, which every database takes as they are."""
    found = [_field(model, name) for name in names]
    plain = (models.CharField, models.IntegerField, models.BooleanField, models.ForeignKey)
    return tuple(None if isinstance(one, plain) else one for one in found)


def _adapted(fields: Iterable[models.Field[Any, Any] | None], row: Row) -> list[Any]:
    return [
        value if field is None else field.get_db_prep_save(value, connection)
        for field, value in zip(fields, row, strict=False)
    ]


@lru_cache(maxsize=1024)
def _column(model: _Model, name: str) -> str:
    return connection.ops.quote_name(str(_field(model, name).column))


def _field(model: _Model, name: str) -> models.Field[Any, Any]:
    return cast("models.Field[Any, Any]", model._meta.get_field(name))


def _table(model: _Model) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _marks(count: int) -> str:
    return ", ".join(["%s"] * count)
