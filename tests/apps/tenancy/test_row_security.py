from collections.abc import Iterator

import pytest
from django.db import ProgrammingError, connection, transaction
from django.db.backends.utils import CursorWrapper

from tanghulu.apps.directory.models import Member, Place
from tanghulu.apps.tenancy import row_security, scope
from tests.support.cast import Cast

pytestmark = pytest.mark.django_db


class TestProtectedTables:
    def test_are_all_that_have_a_tenant(self) -> None:
        names = row_security.protected_tables()
        with connection.cursor() as cursor:
            tables = connection.introspection.table_names(cursor)
            having = [
                table
                for table in tables
                if any(c.name == "tenant_id" for c in connection.introspection.get_table_description(cursor, table))
            ]
        assert having
        assert set(having) <= set(names)


@pytest.fixture
def plain_user(cast: Cast) -> Iterator[None]:
    """The policies are on, and the database's user is not a superuser, whom they would let pass."""
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")
    with connection.cursor() as cursor:
        # A table cannot be altered while foreign keys of this transaction wait to be looked at.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    row_security.protect()
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        if cursor.fetchone() == (True,):
            cursor.execute("CREATE ROLE plain_tanghulu NOLOGIN")
            cursor.execute("GRANT USAGE ON SCHEMA public TO plain_tanghulu")
            cursor.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO plain_tanghulu")
            cursor.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO plain_tanghulu")
            cursor.execute("SET LOCAL ROLE plain_tanghulu")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


def refs() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT tenant_id FROM directory_member")
        return {row[0] for row in cursor.fetchall()}


@transaction.atomic
def savepoint(cursor: CursorWrapper, sql: str) -> None:
    cursor.execute(sql)


@pytest.mark.postgres
@pytest.mark.usefixtures("plain_user")
class TestProtect:
    def test_shows_nothing_outside_a_tenant(self) -> None:
        assert refs() == set()

    def test_shows_one_tenant_even_to_plain_sql(self) -> None:
        with scope.within("harbour"):
            assert refs() == {"harbour"}
        with scope.within("quarry"):
            assert refs() == {"quarry"}

    def test_shows_all_in_work_over_every_tenant(self) -> None:
        with scope.across_tenants():
            assert refs() == {"harbour", "quarry"}

    def test_refuses_to_write_into_another_tenant(self) -> None:
        with scope.within("harbour"), connection.cursor() as cursor, pytest.raises(ProgrammingError, match="row-level"):
            savepoint(cursor, "INSERT INTO directory_place (tenant_id, name) VALUES ('quarry', 'x')")

    def test_lets_the_tenant_itself_read_and_write(self) -> None:
        with scope.within("harbour"):
            Place.objects.create(name="煤场")
            assert Member.objects.exists()
