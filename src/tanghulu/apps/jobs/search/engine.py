"""Where the database itself looks for words: FTS5 on SQLite, a GIN index over the same tokens on PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from tanghulu.apps.jobs.models import SearchText
from tanghulu.apps.jobs.search.tokens import tenant_token
from tanghulu.apps.tenancy import scope

_TABLE = SearchText._meta.db_table
_SQLITE = f"""
    SELECT text.run_id, text.entry, text.commitment
    FROM jobs_search JOIN {_TABLE} text ON text.id = jobs_search.rowid
    WHERE jobs_search MATCH %s AND text.tenant_id = %s
    ORDER BY jobs_search.rowid DESC LIMIT %s
"""  # noqa: S608 - nothing but the name of a table is put in
_POSTGRESQL = f"""
    SELECT run_id, entry, commitment FROM {_TABLE} text
    WHERE array_to_tsvector(string_to_array(tokens, ' ')) @@ %s::tsquery AND tenant_id = %s
    ORDER BY id DESC LIMIT %s
"""  # noqa: S608 - nothing but the name of a table is put in


def matching(wanted: Sequence[tuple[str, bool]], *, limit: int) -> list[tuple[int, int, str]]:
    """Run, entry and commitment of the newest texts of the present company that have all these tokens.

    Tokens are letters and digits of any script, and so can be nothing but words in the language of the query.
    """
    if not wanted:
        return []
    asked = [(tenant_token(scope.current()), False), *wanted]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            query = " & ".join(f"'{token}'{':*' if goes_on else ''}" for token, goes_on in asked)
            cursor.execute(_POSTGRESQL, [query, scope.current(), limit])
        else:
            query = " AND ".join(f'"{token}"{"*" if goes_on else ""}' for token, goes_on in asked)
            cursor.execute(_SQLITE, [query, scope.current(), limit])
        return list(cursor.fetchall())


def wipe() -> None:
    """Let nothing of removed texts stay in the pages of the index. Slow on a large one; erasing is rare."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO jobs_search(jobs_search) VALUES ('optimize')")
