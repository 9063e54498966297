from typing import Any

import pytest

from tanghulu.apps.jobs import queries
from tanghulu.apps.tenancy import scope
from tanghulu.core.errors import NotFound
from tests.apps.jobs.test_whole_job import crew_of
from tests.support.yard import RUN, Yard


def at(yard: Yard, number: int, run: str = RUN) -> Any:
    with scope.within("harbour"):
        return queries.replay(yard.cast["chen"], ref=run, number=number)


class TestReplay:
    def test_ends_with_what_the_server_decided_event_by_event(self, yard: Yard) -> None:
        made = crew_of(yard)
        for _told in made.play(until="during/work/patrol/look"):
            pass
        found = at(yard, 10_000, made.run)
        row = yard.row(made.run)
        assert found.number == len(yard.entries(made.run)) > 30
        assert found.then.state == row.state
        assert found.then.haws == found.whole.haws
        assert (found.then.status, found.then.inside) == (row.status, row.inside)
        assert row.inside

    def test_knows_nothing_of_what_came_later(self, yard: Yard) -> None:
        yard.finish()
        types = [entry.type for entry in yard.entries()]
        opened, taken, stored = (types.index(kind) + 1 for kind in ("run.opened", "photo.taken", "photo.stored"))
        assert [haw["state"] for haw in at(yard, opened).then.haws] == ["now"]
        assert at(yard, opened).then.haws[0]["photos"] == []
        photo = at(yard, taken).then.state["steps"]["work/look"][0]["photos"][0]
        later = at(yard, stored).then.state["steps"]["work/look"][0]["photos"][0]
        assert (photo["stored"], later["stored"]) == (False, True)
        assert [at(yard, number).then.status for number in (opened, len(types))] == ["open", "ended"]
        assert [at(yard, number).then.is_sealed for number in (stored, len(types))] == [False, True]

    def test_goes_to_the_nearest_event_that_there_is(self, yard: Yard) -> None:
        yard.finish()
        assert at(yard, 0).number == 1
        assert at(yard, 999).number == len(yard.entries())

    def test_does_not_exist_for_another_company(self, yard: Yard) -> None:
        yard.finish()
        with scope.within("quarry"), pytest.raises(NotFound):
            queries.replay(yard.cast["quentin"], ref=RUN)
