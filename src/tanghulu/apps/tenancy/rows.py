"""Rows of the present tenant in few statements, without a model object for each: for what is done while phones wait.

Statements go straight to the driver: putting them together, and the wrappers around Django's cursors, cost more than
running them. The text of one depends only on its table and columns, so a database prepares it once. Values are
adapted as the model's fields adapt them; each statement names the tenant, and row-level security still applies.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import lru_cache
from typing import Any, cast

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

from tanghulu.apps.tenancy import scope

Row = Sequence[Any]
_Model = type[scope.TenantOwned]


def insert(model: _Model, names: tuple[str, ...], rows: Sequence[Row]) -> None:
    """Add rows; `names` are the fields that each row gives, in order."""
    _write(_insertion(model, names, ""), model, names, rows)


def insert_missing(model: _Model, names: tuple[str, ...], rows: Sequence[Row]) -> None:
    """Add rows, except those that break a rule of uniqueness: they are there already."""
    _write(_insertion(model, names, " ON CONFLICT DO NOTHING"), model, names, rows)


def put(model: _Model, names: tuple[str, ...], rows: Sequence[Row], *, key: str) -> None:
    """Add rows, or change those that the tenant has under the same key, which is one of the fields."""
    _write(_insertion(model, names, _change(model, names, key)), model, names, rows)


def update(model: _Model, names: tuple[str, ...], rows: Sequence[Row]) -> None:
    """Change rows; each row gives the fields of `names` in order, and then its primary key."""
    if rows:
        database, tenant = _database(), scope.current()
        adapted = _adapted(database, model, names, rows)
        parameters = [(*values, row[-1], tenant) for values, row in zip(adapted, rows, strict=True)]
        _run(database, _alteration(model, names), parameters)


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
    conditions = [(where, among), also] if also else [(where, among)]
    counts = tuple((name, len(values)) for name, values in conditions)
    return ask(
        _selection(model, names, counts, lock and _database().features.has_select_for_update),
        [scope.current(), *(value for _, values in conditions for value in values)],
    )


def ask(statement: str, parameters: Sequence[Any]) -> list[Row]:
    """What a statement finds that is written out elsewhere, `%s` for each parameter; it names the tenant itself."""
    database = _database()
    with database.wrap_database_errors:
        cursor, text = _opened(database, statement)
        return list(cursor.execute(text, parameters).fetchall())


def marks(count: int) -> str:
    """So many places for parameters: what stands between the brackets of `IN (...)`."""
    return ", ".join(["%s"] * count)


def _write(statement: str, model: _Model, names: tuple[str, ...], rows: Sequence[Row]) -> None:
    if rows:
        database, tenant = _database(), scope.current()
        _run(database, statement, [(tenant, *values) for values in _adapted(database, model, names, rows)])


def _run(database: BaseDatabaseWrapper, statement: str, parameters: Sequence[Row]) -> None:
    with database.wrap_database_errors:
        cursor, text = _opened(database, statement)
        cursor.executemany(text, parameters)


def _opened(database: BaseDatabaseWrapper, statement: str) -> tuple[Any, str]:
    """A cursor of the driver and the statement as that one spells it; Django's own where statements are recorded."""
    if database.queries_logged:
        return database.cursor(), statement
    database.ensure_connection()
    database.validate_no_broken_transaction()
    return cast("Any", database.connection).cursor(), _spelled(statement, database.vendor)


def _database() -> BaseDatabaseWrapper:
    return connections[DEFAULT_DB_ALIAS]


@lru_cache(maxsize=1024)
def _spelled(statement: str, vendor: str) -> str:
    return statement.replace("%s", "?") if vendor == "sqlite" else statement


# --- statements -------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=256)
def _insertion(model: _Model, names: tuple[str, ...], on_conflict: str) -> str:
    columns = ", ".join(_column(model, name) for name in ("tenant", *names))
    return f"INSERT INTO {_table(model)} ({columns}) VALUES ({marks(len(names) + 1)}){on_conflict}"  # noqa: S608 - names


@lru_cache(maxsize=256)
def _change(model: _Model, names: tuple[str, ...], key: str) -> str:
    changes = ", ".join(f"{_column(model, name)} = excluded.{_column(model, name)}" for name in names if name != key)
    return f" ON CONFLICT ({_column(model, 'tenant')}, {_column(model, key)}) DO UPDATE SET {changes}"


@lru_cache(maxsize=256)
def _alteration(model: _Model, names: tuple[str, ...]) -> str:
    changes = ", ".join(f"{_column(model, name)} = %s" for name in names)
    return f"UPDATE {_table(model)} SET {changes} WHERE id = %s AND tenant_id = %s"  # noqa: S608 - names only


@lru_cache(maxsize=1024)
def _selection(model: _Model, names: tuple[str, ...], counts: tuple[tuple[str, int], ...], is_locking: bool) -> str:  # noqa: FBT001 - the key of a cache
    columns = ", ".join(_column(model, name) for name in names)
    tests = " AND ".join(f"{_column(model, name)} IN ({marks(count)})" for name, count in counts)
    locked = " FOR UPDATE" if is_locking else ""
    return f"SELECT {columns} FROM {_table(model)} WHERE tenant_id = %s AND {tests}{locked}"  # noqa: S608 - names only


def _column(model: _Model, name: str) -> str:
    return _database().ops.quote_name(str(_field(model, name).column))


def _table(model: _Model) -> str:
    return _database().ops.quote_name(model._meta.db_table)


def _field(model: _Model, name: str) -> models.Field[Any, Any]:
    return cast("models.Field[Any, Any]", model._meta.get_field(name))


# --- values -----------------------------------------------------------------------------------------------------------


def _adapted(
    database: BaseDatabaseWrapper, model: _Model, names: tuple[str, ...], rows: Iterable[Row]
) -> list[list[Any]]:
    """The values of each row's named fields as the driver takes them; what a row gives beyond them is left out."""
    adapters = [_adapter(database, kind) for kind in _kinds(model, names)]
    return [
        [value if adapt is None else adapt(value) for adapt, value in zip(adapters, row, strict=False)] for row in rows
    ]


@lru_cache(maxsize=256)
def _kinds(model: _Model, names: tuple[str, ...]) -> tuple[type, ...]:
    special = (models.DateTimeField, models.JSONField, models.BinaryField)
    fields = [_field(model, name) for name in names]
    return tuple(next((kind for kind in special if isinstance(field, kind)), models.Field) for field in fields)


def _adapter(database: BaseDatabaseWrapper, kind: type) -> Callable[[Any], Any] | None:
    """How a value of such a field is adapted; None for text and numbers, which every database takes as they are."""
    if kind is models.DateTimeField:
        return database.ops.adapt_datetimefield_value
    if kind is models.JSONField:
        return lambda value: database.ops.adapt_json_value(value, None)
    return cast("Any", database).Database.Binary if kind is models.BinaryField else None
