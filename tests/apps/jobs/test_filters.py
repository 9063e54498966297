from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils import timezone

from tanghulu.apps.directory.models import Member, OrgUnit
from tanghulu.apps.jobs import queries
from tanghulu.apps.jobs.models import Run, RunMember
from tanghulu.apps.tenancy import scope
from tanghulu.core.flow import new_state
from tests.apps.jobs.test_board import add, ended, numbers, page
from tests.apps.jobs.test_duties import plans
from tests.support.cast import NOON, Cast
from tests.support.yard import RUN, Yard, picture


def waiting_for(yard: Yard, username: str) -> list[str]:
    """The jobs of the board that wait for somebody."""
    now, filters = timezone.now(), queries.Filters(mine=True)
    with scope.within("harbour"):
        found = queries.board(yard.cast[username], filters=filters, since=now, at=now, zone=ZoneInfo("UTC"))
    return [row.run for row in found.rows]


class TestMine:
    def test_finds_what_waits_for_the_reader(self, yard: Yard) -> None:
        yard.open()
        assert waiting_for(yard, "wen") == [RUN]
        assert waiting_for(yard, "zhao") == []  # he has a part, and it is not his turn
        assert waiting_for(yard, "chen") == []

    def test_leaves_out_what_the_reader_has_done(self, yard: Yard) -> None:
        yard.open()
        yard.send(yard.sign_photo(picture()))
        yard.send(yard.sign_confirmation())
        assert waiting_for(yard, "wen") == []


class TestChosen:
    def test_are_those_with_somebody_of_a_unit_or_one_below_it(self, at_harbour: Cast) -> None:
        upper = OrgUnit.objects.create(name="Upper")
        lower = OrgUnit.objects.create(name="Lower", parent=upper)
        Member.objects.filter(ref=at_harbour["wen"].member).update(unit=lower)
        RunMember.objects.create(run=add(1), member=at_harbour["wen"].member)
        RunMember.objects.create(run=add(2), member=at_harbour["vera"].member)
        assert numbers(page(at_harbour, unit=upper.pk)) == numbers(page(at_harbour, unit=lower.pk)) == [1]

    def test_are_those_that_are_overdue(self, at_harbour: Cast) -> None:
        add(1, urgency=1, is_overdue=True)
        add(2)
        assert numbers(page(at_harbour, show="overdue")) == [1]

    def test_are_live_ones_with_people_inside_however_urgent(self, at_harbour: Cast) -> None:
        add(1, urgency=2, inside=1)
        add(2, urgency=0, status="stopped", inside=2)
        add(3)
        ended(4, inside=1)
        assert numbers(page(at_harbour, show="inside")) == [2, 1]

    def test_of_a_person_are_found_by_the_parts_that_she_has(self, at_harbour: Cast) -> None:
        about: dict[str, Any] = {"status": "ended", "state": new_state(), "opened_at": NOON, "changed_at": NOON}
        runs = Run.objects.bulk_create(Run(ref=f"{number:032x}", **about) for number in range(3000))
        RunMember.objects.bulk_create(
            RunMember(run=run, member=f"{number % 100:032x}", opened_at=NOON) for number, run in enumerate(runs)
        )
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        found = plans(lambda: page(at_harbour, show="ended", person=f"{7:032x}"), "jobs_run")
        assert any("run_member_newest" in plan for plan in found)

    def test_of_a_person_go_on_after_the_page_before(self, at_harbour: Cast) -> None:
        wen = at_harbour["wen"].member
        for number in range(60):
            run = ended(number)
            RunMember.objects.create(run=run, member=at_harbour["vera"].member, opened_at=run.opened_at)
            if number % 2:
                RunMember.objects.create(run=run, member=wen, opened_at=run.opened_at)
        seen, after = [], ""
        while not seen or after:
            found = page(at_harbour, after, show="ended", person=wen)
            seen += numbers(found)
            after = found.following
        assert seen == list(range(1, 60, 2))
