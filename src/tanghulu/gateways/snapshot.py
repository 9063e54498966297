"""A copy of the whole database as it is at one moment, made while others go on writing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from django.apps import apps
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from tanghulu.gateways import postgresql_tools
from tanghulu.gateways.archive import BackupRefused

SQLITE = "tanghulu.sqlite3"
POSTGRESQL = "postgresql.dump"

_TIMEOUT = 60.0


@contextmanager
def taken(folder: Path, *, environment: Mapping[str, str]) -> Iterator[Path]:
    """Copy the database into a new file of the folder. Inside the block every query sees what the file holds.

    `environment` is that of `pg_dump`, with the password. Raises BackupRefused `backup_tool_missing`,
    `backup_tool_failed` or `backup_write_failed`.
    """
    if connection.vendor == "sqlite":
        target = folder / SQLITE
        _copy_sqlite(Path(connection.settings_dict["NAME"]), target)
        with _reading(target):
            yield target
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            name = cursor.fetchone()[0]
        target = folder / POSTGRESQL
        # The policies of row-level security apply to the owner too; the environment asks for the rows of everybody.
        options = ["--format=custom", "--compress=0", f"--snapshot={name}", "--enable-row-security"]
        options += [*postgresql_tools.WITHOUT_OWNERS, f"--file={target}"]
        postgresql_tools.run("pg_dump", options, database=connection.settings_dict, environment=environment)
        yield target


def migrations() -> dict[str, str]:
    """The newest migration of the product's own that has been applied to the database, by app."""
    own = {config.label for config in apps.get_app_configs() if config.name.startswith("tanghulu.apps.")}
    applied = MigrationRecorder.Migration.objects.filter(app__in=own).order_by("app", "name")
    return dict(applied.values_list("app", "name"))


def _copy_sqlite(source: Path, target: Path) -> None:
    """VACUUM INTO rather than the backup API: a read transaction alike, but pages that were freed stay behind.

    What was erased is then not in the copy either.
    """
    try:
        with closing(sqlite3.connect(source, timeout=_TIMEOUT, isolation_level=None)) as database:
            database.execute("VACUUM INTO ?", [str(target)])
    except sqlite3.Error as error:
        raise BackupRefused("backup_write_failed", name=target.name, reason=str(error)) from error


@contextmanager
def _reading(copy: Path) -> Iterator[None]:
    """Let the connection read the copy and nothing else, without changing a byte of it."""
    own = connection.settings_dict
    connection.close()
    name = f"{copy.absolute().as_uri()}?mode=ro&immutable=1"
    connection.settings_dict = {**own, "NAME": name, "OPTIONS": {"timeout": _TIMEOUT}}
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict = own
