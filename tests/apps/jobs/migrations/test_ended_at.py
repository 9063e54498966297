from importlib import import_module

from django.db import connection
from django.db.migrations.loader import MigrationLoader

from tanghulu.apps.jobs.fsck import check_runs
from tanghulu.apps.jobs.models import Run
from tanghulu.apps.tenancy import scope
from tests.support.yard import RUN, Yard, picture

NAME = "0006_ended_at"


class TestLookBack:
    def test_fills_the_columns_as_if_they_had_always_been_there(self, yard: Yard) -> None:
        yard.open(run="b" * 32)
        yard.finish()
        yard.send(yard.sign_photo(picture(2)))
        with scope.within("harbour"):
            Run.objects.update(ended_at=None, awaits_photos=True)
        then = MigrationLoader(connection).project_state(("jobs", NAME)).apps
        import_module(f"tanghulu.apps.jobs.migrations.{NAME}").look_back(then, None)
        with scope.within("harbour"):
            assert [finding.about for finding in check_runs()] == [f"run {'b' * 32}"]  # left alone: it goes on
            assert Run.objects.get(ref=RUN).ended_at is not None
