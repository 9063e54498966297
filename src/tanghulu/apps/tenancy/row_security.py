"""The second lock on PostgreSQL: the database itself gives a connection the rows of one tenant only.

`scope` tells the connection its tenant (`tanghulu.tenant`; `*` for work over every tenant). A superuser passes every
policy, so the database's user must not be one.
"""

from __future__ import annotations

from django.apps import apps
from django.db import connection

from tanghulu.apps.tenancy.scope import TenantOwned

POLICY = "one_tenant"


def protected_tables() -> list[str]:
    """The name of every table whose rows belong to a tenant, sorted."""
    return sorted(model._meta.db_table for model in apps.get_models() if issubclass(model, TenantOwned))


def protect() -> list[str]:
    """Put the policy on every tenant-owned table, on PostgreSQL; may be repeated. Returns the tables' names."""
    if connection.vendor != "postgresql":
        return []
    tables = protected_tables()
    with connection.cursor() as cursor:
        for table in tables:
            name = connection.ops.quote_name(table)
            cursor.execute(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")
            # The owner of a table is exempt unless this is said, and the owner is who serves the pages.
            cursor.execute(f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY")
            cursor.execute(f"DROP POLICY IF EXISTS {POLICY} ON {name}")
            cursor.execute(
                f"CREATE POLICY {POLICY} ON {name} USING (current_setting('tanghulu.tenant', true) IN (tenant_id, '*'))"
            )
    return tables
