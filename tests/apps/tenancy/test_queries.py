from datetime import UTC, datetime, timedelta

import pytest

from tanghulu.apps.tenancy import actions, queries
from tanghulu.apps.tenancy.models import WorkerBeat
from tanghulu.core.access import Actor, Role
from tanghulu.core.errors import NotAllowed
from tanghulu.core.vitals import Beat

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
ADMINISTRATOR = Actor("harbour", "a" * 32, frozenset({Role.ADMINISTRATOR}))


class TestEngines:
    def test_know_of_no_worker_before_the_first(self) -> None:
        assert queries.engines(ADMINISTRATOR, at=NOON).silent is None

    def test_say_how_long_the_last_worker_has_been_silent(self) -> None:
        actions.note_beat(Beat(NOON - timedelta(minutes=5), "a", 1))
        actions.note_beat(Beat(NOON - timedelta(minutes=1), "b", 1))
        found = queries.engines(ADMINISTRATOR, at=NOON)
        assert (found.silent, found.jump) == (60, None)

    def test_remember_a_jump_of_the_clock_and_forget_old_workers(self) -> None:
        actions.note_beat(Beat(NOON - timedelta(days=3), "old", 1))
        actions.note_beat(Beat(NOON, "a", 1000))
        actions.note_beat(Beat(NOON - timedelta(seconds=50), "a", 11_000))
        actions.note_beat(Beat(NOON - timedelta(seconds=40), "a", 21_000))
        found = queries.engines(ADMINISTRATOR, at=NOON - timedelta(seconds=40))
        assert (found.silent, found.jump) == (0, (-60_000, 10))
        assert [row.boot for row in WorkerBeat.objects.all()] == ["a"]

    def test_are_for_administrators(self) -> None:
        with pytest.raises(NotAllowed, match="permission_missing"):
            queries.engines(Actor("harbour", "a" * 32, frozenset({Role.SAFETY_OFFICER})), at=NOON)


class TestDatabaseAnswers:
    def test_is_true_where_it_does(self) -> None:
        assert queries.database_answers()
