"""What was said in a job is found by those who may read it, in Chinese too, and by nobody else."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from tanghulu.apps.directory.models import Equipment, Place
from tanghulu.apps.jobs import queries, search
from tanghulu.apps.jobs.models import RunMember, SearchText
from tanghulu.apps.jobs.search.query import MOST
from tanghulu.apps.tenancy import scope
from tanghulu.core.access import Actor
from tests.apps.jobs.test_board import ended
from tests.support.cast import NOON, Cast
from tests.support.yard import RUN, Yard, picture

ZONE = ZoneInfo("Asia/Shanghai")
REASON = "皮带跑偏，隔离开关 Q7 没有拉开"


def found(yard: Yard, text: str, by: str = "vera") -> search.Results:
    actor = yard.cast[by]
    with scope.within(actor.tenant):
        return search.search(actor, text=text, zone=ZONE)


def runs(yard: Yard, text: str, by: str = "vera") -> list[str]:
    return [one.job.run for one in found(yard, text, by).jobs]


def index(slug: str = "harbour") -> None:
    with scope.within(slug):
        while search.index_texts(Actor.operator(slug)):
            pass


@pytest.fixture
def stopped(yard: Yard) -> Yard:
    """A job that Wen has stopped and said why."""
    yard.open()
    yard.send(yard.devices["wen"].sign("run.stopped", run=RUN, data={}, facts={"reason": REASON}))
    index()
    return yard


class TestSearch:
    @pytest.mark.parametrize("text", ["跑偏", "隔离开关", "q7", "偏", "皮带 拉开"])
    def test_finds_what_was_said(self, stopped: Yard, text: str) -> None:
        assert runs(stopped, text) == [RUN]

    def test_shows_what_was_said(self, stopped: Yard) -> None:
        hit = found(stopped, "跑偏").jobs[0].hits[0]
        assert (hit.word, hit.text) == ("跑偏", REASON)

    @pytest.mark.parametrize("text", ["断裂", "跑偏 断裂", "", "   ", "'", '" OR "', "*", "跑偏' | 'x", "NEAR("])
    def test_finds_nothing_where_a_word_does_not_fit(self, stopped: Yard, text: str) -> None:
        assert runs(stopped, text) == []

    def test_finds_a_job_by_its_people_its_process_and_its_day(self, stopped: Yard) -> None:
        day = stopped.row().opened_at.astimezone(ZONE).date()
        title = found(stopped, "跑偏").jobs[0].job.run
        assert title == RUN
        assert runs(stopped, "王维") == [RUN]
        assert runs(stopped, f"王维 跑偏 {day}") == [RUN]
        assert runs(stopped, "2001-01-01") == []

    @pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
    def test_finds_nothing_on_a_day_that_nobody_means(self, stopped: Yard, day: str) -> None:
        assert runs(stopped, day) == []

    def test_finds_people_and_equipment_by_name_and_number(self, stopped: Yard) -> None:
        assert [one.name for one in found(stopped, "王维").people] == ["王维"]
        assert found(stopped, "皮带机").equipment

    def test_finds_a_job_by_the_place_of_its_machine_and_those_around_it(self, at_harbour: Cast) -> None:
        upper = Place.objects.create(name="Quay seven")
        lower = Place.objects.create(name="Shed", parent=upper)
        Equipment.objects.create(ref="e" * 32, number="X1", name="X1", kind="conveyor", place=lower)
        run = ended(1, equipment="e" * 32)
        ended(2)
        found = search.search(at_harbour["vera"], text="seven", zone=ZONE)
        assert [one.job.run for one in found.jobs] == [run.ref]

    def test_says_where_there_are_more_than_it_shows(self, at_harbour: Cast) -> None:
        def add(number: int) -> None:
            run = ended(number)
            RunMember.objects.create(run=run, member=at_harbour["wen"].member, opened_at=run.opened_at)

        def look() -> tuple[int, bool]:
            found = search.search(at_harbour["vera"], text="王维", zone=ZONE)
            return len(found.jobs), found.is_more

        for number in range(MOST):
            add(number)
        assert look() == (MOST, False)
        add(MOST)
        assert look() == (MOST, True)

    def test_finds_nothing_of_another_company(self, stopped: Yard) -> None:
        results = found(stopped, "跑偏", by="quentin")
        assert (results.jobs, results.people, results.equipment) == ([], [], [])
        assert runs(stopped, "王维", by="quentin") == []


class TestIndexTexts:
    def test_may_be_done_again(self, stopped: Yard) -> None:
        with scope.within("harbour"):
            before = SearchText.objects.count()
            assert search.index_texts(Actor.operator("harbour")) == 0
            assert SearchText.objects.count() == before

    def test_takes_an_opening_that_comes_after_its_event(self, yard: Yard) -> None:
        yard.open()
        signed = yard.devices["wen"].sign("run.stopped", run=RUN, data={}, facts={"reason": REASON})
        wire = yard.devices["wen"].wire
        wire.send("POST", "/api/v1/events", {"events": [{"envelope": signed.envelope}]}).good()
        index()
        assert runs(yard, "跑偏") == []
        assert "harbour" in queries.tenants_with_unindexed(NOON)
        for opening in signed.openings:
            body = {"salt": opening["salt"], "value": opening["value"]}
            wire.send("PUT", f"/api/v1/openings/{opening['commitment']}", body).good()
        index()
        assert runs(yard, "跑偏") == [RUN]

    def test_is_asked_for_until_it_is_done(self, stopped: Yard) -> None:
        assert "harbour" not in queries.tenants_with_unindexed(NOON)
        stopped.send(stopped.sign_photo(picture()))
        assert "harbour" in queries.tenants_with_unindexed(NOON)

    def test_comes_to_those_behind_texts_whose_openings_never_come(self, yard: Yard) -> None:
        yard.open()
        signed = yard.devices["wen"].sign("run.stopped", run=RUN, data={}, facts={"reason": REASON})
        wire = yard.devices["wen"].wire
        wire.send("POST", "/api/v1/events", {"events": [{"envelope": signed.envelope}]}).good()
        index()
        with scope.within("harbour"):
            run = yard.row()
            for number in range(1000, 1005):
                SearchText.objects.create(run=run, entry=number, commitment=f"{number:064x}", tokens=None)
            for opening in signed.openings:
                body = {"salt": opening["salt"], "value": opening["value"]}
                wire.send("PUT", f"/api/v1/openings/{opening['commitment']}", body).good()
            assert sum(search.index_texts(Actor.operator("harbour"), limit=2) for _ in range(4)) == 1
        assert runs(yard, "跑偏") == [RUN]


class TestForget:
    def test_takes_what_an_opening_said_out_of_the_index(self, stopped: Yard) -> None:
        with scope.within("harbour"):
            commitments = list(SearchText.objects.exclude(commitment="").values_list("commitment", flat=True))
            assert search.forget(Actor.operator("harbour"), commitments=commitments) == len(commitments)
        assert runs(stopped, "跑偏") == []
        assert runs(stopped, "王维") == [RUN]


class TestRebuild:
    def test_makes_the_same_index_anew(self, stopped: Yard) -> None:
        with scope.within("harbour"):
            before = set(SearchText.objects.values_list("entry", "commitment", "tokens"))
            search.rebuild(Actor.operator("harbour"))
            assert set(SearchText.objects.values_list("entry", "commitment", "tokens")) == before
        assert runs(stopped, "跑偏") == [RUN]
