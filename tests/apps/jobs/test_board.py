"""The board's queries: what is live first, by urgency; pages that neither skip nor repeat; filters; who is inside."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from tanghulu.apps.directory.models import Equipment, Place
from tanghulu.apps.flows import actions as flows
from tanghulu.apps.jobs import queries
from tanghulu.apps.jobs.models import Run, RunMember
from tanghulu.apps.jobs.standing import standing
from tanghulu.apps.tenancy import scope
from tanghulu.core.canonical import parse_time
from tanghulu.core.flow import new_state
from tests.support.cast import NOON, Cast
from tests.support.yard import RUN, Yard, picture

ZONE = ZoneInfo("Asia/Shanghai")
SLUG = "belt-conveyor-maintenance"


def add(number: int, **columns: object) -> Run:
    """A run opened `number` minutes before noon."""
    values: dict[str, object] = {
        "ref": f"{number:032x}",
        "template": SLUG,
        "status": "open",
        "urgency": 3,
        "state": new_state(),
        "opened_at": NOON - timedelta(minutes=number),
        "changed_at": NOON,
    }
    return Run.objects.create(**{**values, **columns})


def ended(number: int, **columns: object) -> Run:
    return add(number, **{"status": "ended", "urgency": None, "outcome": "completed", "ended_at": NOON, **columns})


def page(cast: Cast, after: str = "", **filters: object) -> queries.Board:
    chosen = queries.Filters(**filters)  # type: ignore[arg-type] # as the test says
    midnight = NOON - timedelta(hours=12)
    return queries.board(cast["vera"], filters=chosen, since=midnight, at=NOON, zone=ZONE, after=after)


def numbers(board: queries.Board) -> list[int]:
    return [int(row.run, 16) for row in board.rows]


class TestBoard:
    def test_puts_stopped_and_overdue_first_then_people_inside_then_the_newest(self, at_harbour: Cast) -> None:
        add(1)
        add(2, urgency=2, inside=1)
        add(3, urgency=1, is_overdue=True)
        add(4, urgency=0, status="stopped")
        add(5)
        ended(6)
        assert numbers(page(at_harbour)) == [4, 3, 2, 1, 5]

    @pytest.mark.parametrize("show", ["open", "ended", "all"])
    def test_goes_on_after_the_page_before_and_skips_and_repeats_nothing(self, at_harbour: Cast, show: str) -> None:
        for number in range(120):
            add(number, urgency=number % 4, opened_at=NOON - timedelta(minutes=number % 7))
            ended(1000 + number, opened_at=NOON - timedelta(minutes=number % 7))
        seen: list[int] = []
        after, pages = "", 0
        while pages == 0 or after:
            found = page(at_harbour, after, show=show)
            seen += numbers(found)
            after, pages = found.following, pages + 1
        assert len(seen) == len(set(seen)) == (240 if show == "all" else 120)
        assert pages == {"open": 3, "ended": 5, "all": 10}[show]

    @pytest.mark.parametrize("after", ["x", "1", "1.2.3.4", "-1.2.3", "1.2.x", "9" * 40])
    def test_takes_a_strange_place_for_the_beginning(self, at_harbour: Cast, after: str) -> None:
        add(1)
        assert numbers(page(at_harbour, after)) == [1]

    def test_counts_live_jobs_and_people_and_what_ended_today(self, at_harbour: Cast) -> None:
        add(1, urgency=0, status="stopped", contradictions=2)
        add(2, urgency=1, is_overdue=True, inside=2)
        ended(3, inside=1)
        # Something of it came today, long after it had ended.
        ended(4, ended_at=NOON - timedelta(days=2))
        counts = page(at_harbour).counts
        assert (counts.going_on, counts.stopped, counts.overdue, counts.contradicting) == (2, 1, 1, 1)
        assert (counts.inside, counts.ended_today) == (3, 1)

    def test_knows_nothing_of_another_company(self, cast: Cast) -> None:
        with scope.within("harbour"):
            add(1)
        with scope.within("quarry"):
            filters, zone = queries.Filters(show="all"), ZONE
            found = queries.board(cast["quentin"], filters=filters, since=NOON, at=NOON, zone=zone)
        assert (found.rows, found.counts.going_on) == ([], 0)


class TestFilters:
    def test_choose_by_kind_machine_place_person_and_day(self, at_harbour: Cast) -> None:
        upper = Place.objects.create(name="Upper")
        lower = Place.objects.create(name="Lower", parent=upper)
        Equipment.objects.create(ref="e" * 32, number="X1", name="X1", kind="conveyor", place=lower)
        wen = at_harbour["wen"].member
        mine = add(1, equipment="e" * 32, opened_at=NOON - timedelta(days=3))
        RunMember.objects.create(run=mine, member=wen, opened_at=mine.opened_at)
        add(2, template="other", urgency=0, status="stopped")
        assert numbers(page(at_harbour, template=SLUG)) == [1]
        assert numbers(page(at_harbour, show="stopped")) == [2]
        assert numbers(page(at_harbour, equipment="e" * 32)) == [1]
        assert numbers(page(at_harbour, place=upper.pk)) == [1]
        assert numbers(page(at_harbour, person=wen)) == [1]
        assert numbers(page(at_harbour, since=date(2026, 3, 1))) == [2]
        assert numbers(page(at_harbour, until=date(2026, 2, 27))) == [1]
        assert numbers(page(at_harbour, template=SLUG, show="stopped")) == []

    def test_find_nothing_that_waits_for_somebody_without_a_part(self, at_harbour: Cast) -> None:
        add(1)
        assert numbers(page(at_harbour, mine=True)) == []


class TestInside:
    def test_reads_the_registers_of_ended_jobs_too(self, at_harbour: Cast) -> None:
        version = flows.publish_library(at_harbour["sun"], at=NOON)[SLUG]
        wen, vera = at_harbour["wen"].member, at_harbour["vera"].member
        gone_in = {"item": wen, "in_at": "2026-03-02T03:00:00.000Z", "in_by": vera}
        came_out = {**gone_in, "item": vera, "out_at": "2026-03-02T03:30:00.000Z", "out_by": vera}
        hammer = {"item": "锤子", "count": 2, "in_at": "2026-03-02T03:00:00.000Z", "in_by": vera}
        registers = {"people": [gone_in, came_out], "tools": [hammer, {**hammer, **came_out, "item": "扳手"}]}
        state = {**new_state(), "status": "ended", "registers": registers}
        found = standing({"people": "people", "tools": "items"}, state, is_overdue=False)  # type: ignore[arg-type] # as it is stored
        assert (found.urgency, found.inside) == (None, 1)
        ended(1, version=version, state=state, inside=found.inside)
        ended(2, version=version)
        jobs = queries.inside(at_harbour["vera"])
        assert [(job.status, [(one.name, one.let_in_by) for one in job.people]) for job in jobs] == [
            ("ended", [("王维", "魏娜")])
        ]
        assert [(tool.item, tool.count) for job in jobs for tool in job.tools] == [("锤子", 2)]
        assert page(at_harbour).counts.inside == sum(len(job.people) for job in jobs)


class TestWall:
    def test_shows_what_is_live_and_counts_what_does_not_fit(self, at_harbour: Cast) -> None:
        for number in range(70):
            add(number)
        wall = queries.wall(at_harbour["vera"], since=NOON - timedelta(hours=12))
        assert (len(wall.rows), wall.more, wall.photo) == (60, 10, None)

    def test_shows_the_picture_that_came_last(self, yard: Yard) -> None:
        yard.open(run="b" * 32)
        yard.open()
        for run, number in (("b" * 32, 1), (RUN, 2)):
            yard.send(yard.sign_photo(picture(number), run=run))
            yard.put(picture(number))
        yard.send(yard.sign_photo(picture(3)))  # its bytes are not here
        with scope.within("harbour"):
            photo = queries.wall(yard.cast["vera"], since=NOON).photo
        assert photo is not None
        taken = yard.activation()["photos"][0]
        assert (photo.run, photo.commitment, photo.by) == (RUN, taken["commitment"], "王维")
        assert photo.at == parse_time(taken["at"])
