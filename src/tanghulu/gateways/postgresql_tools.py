"""PostgreSQL's own programs, which save and load a whole database."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping, Sequence
from typing import Any, Final

import psycopg
from psycopg.conninfo import make_conninfo

from tanghulu.gateways.archive import BackupRefused

WITHOUT_OWNERS: Final = ("--no-owner", "--no-privileges")
"""The database may belong to somebody else where it is restored."""

_LONGEST_REASON = 300


def run(tool: str, options: Sequence[str], *, database: Mapping[str, Any], environment: Mapping[str, str]) -> None:
    """Run a program on the database, which is given as Django has it. The password comes by the environment only.

    Raises BackupRefused `backup_tool_missing` or `backup_tool_failed`.
    """
    path = shutil.which(tool)
    if path is None:
        raise BackupRefused("backup_tool_missing", tool=tool)
    command = [path, *options, f"--dbname={_address(database)}"]
    done = subprocess.run(  # noqa: S603 - a program of PostgreSQL with options of our own
        command, env=dict(environment), capture_output=True, check=False, stdin=subprocess.DEVNULL
    )
    if done.returncode:
        reason = " ".join(done.stderr.decode(errors="replace").split())[:_LONGEST_REASON]
        raise BackupRefused("backup_tool_failed", tool=tool, reason=reason)


def is_empty(database: Mapping[str, Any]) -> bool:
    """Whether the database has no table yet. Raises BackupRefused `restore_database_unreachable`."""
    try:
        with psycopg.connect(_address(database), password=database["PASSWORD"] or None) as connection:
            found = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()").fetchone()
    except psycopg.OperationalError as error:
        raise BackupRefused("restore_database_unreachable", reason=str(error).strip()) from error
    return found is not None and found[0] == 0


def _address(database: Mapping[str, Any]) -> str:
    parts = {"dbname": "NAME", "user": "USER", "host": "HOST", "port": "PORT"}
    found = {word: str(database[name]) for word, name in parts.items() if database.get(name)}
    return make_conninfo(**found, **database["OPTIONS"])
