"""What the worker asks for every few seconds is found without going through all that has been dealt with."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tanghulu.apps.jobs import actions, queries
from tanghulu.apps.jobs.models import Run, RunPhoto
from tanghulu.apps.tenancy import scope
from tanghulu.core.access import Actor
from tanghulu.core.flow import new_state
from tests.support.cast import NOON, Cast

HARBOUR = Actor.operator("harbour")


def plans(action: Callable[[], Any], table: str) -> list[str]:
    """How the database goes about the questions that an action asks of a table."""
    with CaptureQueriesContext(connection) as captured:
        action()
    asked = [query["sql"] for query in captured if f'FROM "{table}"' in query["sql"]]
    assert asked
    explain = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
    with connection.cursor() as cursor:
        return [_explained(cursor, f"{explain} {sql}") for sql in asked]


def _explained(cursor: Any, sql: str) -> str:
    cursor.execute(sql)
    return "\n".join(str(row[-1]) for row in cursor.fetchall())


@pytest.fixture
def dealt_with(cast: Cast) -> None:
    """Many jobs that have been sealed, with photos whose arrival has been stated."""
    with scope.within("harbour"):
        kept: dict[str, Any] = {"status": "ended", "is_sealed": True, "state": new_state(), "changed_at": NOON}
        runs = Run.objects.bulk_create(Run(ref=f"{number:032x}", **kept) for number in range(1000))
        RunPhoto.objects.bulk_create(
            RunPhoto(run=run, commitment=run.ref, sha256=run.ref * 2, size=1, stated_at=NOON) for run in runs
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@pytest.mark.usefixtures("dealt_with")
class TestTenantsWithArrivals:
    def test_are_found_by_an_index_of_what_waits(self) -> None:
        (plan,) = plans(lambda: queries.tenants_with_arrivals(NOON), "jobs_runphoto")
        assert "run_photo_unstated" in plan


@pytest.mark.usefixtures("dealt_with")
class TestTenantsWithUnsealed:
    def test_are_found_by_an_index_of_what_waits(self) -> None:
        (plan,) = plans(lambda: queries.tenants_with_unsealed(NOON), "jobs_run")
        assert "run_unsealed" in plan


@pytest.mark.usefixtures("dealt_with")
class TestFinishArrivals:
    def test_finds_photos_by_an_index_of_what_waits(self) -> None:
        with scope.within("harbour"):
            (plan,) = plans(lambda: actions.finish_arrivals(HARBOUR, at=NOON), "jobs_runphoto")
        assert "run_photo_unstated" in plan


@pytest.mark.usefixtures("dealt_with")
class TestSealEnded:
    def test_finds_jobs_by_an_index_of_what_waits(self) -> None:
        with scope.within("harbour"):
            (plan,) = plans(lambda: actions.seal_ended(HARBOUR, at=NOON), "jobs_run")
        assert "run_unsealed" in plan
