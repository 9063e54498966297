"""What a process remembers of a log is used only as long as it is true."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction

from tanghulu.apps.evidence import actions
from tanghulu.apps.evidence.actions import memory
from tanghulu.apps.evidence.models import Log, RunChain
from tanghulu.apps.tenancy import scope
from tanghulu.core.access import Actor
from tanghulu.core.chain.event_types import EventType
from tests.support.cast import NOON, Cast
from tests.support.phones import RUN, Crew, admit, founders, open_run

TENANT = "harbour"
MARK = (7, "a" * 64)


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    """Whatever other tests have left is set aside."""
    before = dict(memory._kept)
    memory._kept.clear()
    yield
    memory._kept.clear()
    memory._kept.update(before)


def remember(tenant: str = TENANT, mark: memory.Mark = MARK) -> memory.Memory:
    """What a transaction leaves that was committed."""
    found = memory.take(tenant, mark)
    found.runs[RUN] = object()
    with transaction.atomic():
        found.keep(mark)
    return found


@pytest.mark.django_db(transaction=True)
class TestTake:
    def test_gives_what_was_kept_at_this_mark(self) -> None:
        kept = remember()
        assert memory.take(TENANT, MARK) is kept

    @pytest.mark.parametrize("mark", [(8, MARK[1]), (6, MARK[1]), (7, "b" * 64)])
    def test_gives_nothing_when_somebody_else_has_appended(self, mark: memory.Mark) -> None:
        remember()
        found = memory.take(TENANT, mark)
        assert (found.runs, found.chains, found.mark) == ({}, {}, mark)

    def test_gives_nothing_of_another_company(self) -> None:
        remember()
        assert memory.take("quarry", MARK).runs == {}

    def test_takes_it_away(self) -> None:
        remember()
        memory.take(TENANT, MARK)
        assert memory.take(TENANT, MARK).runs == {}

    def test_takes_away_too_what_is_out_of_date(self) -> None:
        remember()
        memory.take(TENANT, (8, "b" * 64))
        assert memory.take(TENANT, MARK).runs == {}


@pytest.mark.django_db(transaction=True)
class TestKeep:
    def test_waits_for_the_commit(self) -> None:
        found = memory.take(TENANT, MARK)
        with transaction.atomic():
            found.keep(MARK)
            assert memory._kept == {}
        assert memory._kept == {TENANT: found}

    def test_keeps_nothing_of_what_was_rolled_back(self) -> None:
        found = memory.take(TENANT, MARK)
        with transaction.atomic():
            found.keep(MARK)
            transaction.set_rollback(True)
        assert memory._kept == {}

    def test_forgets_the_runs_that_were_added_first(self) -> None:
        found = memory.take(TENANT, MARK)
        found.runs.update({str(number): number for number in range(200)})
        found.chains.update({str(number): number for number in range(200)})
        with transaction.atomic():
            found.keep(MARK)
        newest = [str(number) for number in range(200 - memory._MOST_RUNS, 200)]
        assert list(found.runs) == list(found.chains) == newest

    def test_forgets_the_logs_that_were_used_longest_ago(self) -> None:
        for number in range(memory._MOST_LOGS + 3):
            remember(f"company-{number}")
        assert len(memory._kept) == memory._MOST_LOGS
        assert "company-2" not in memory._kept
        assert "company-3" in memory._kept


@pytest.mark.django_db(transaction=True)
class TestTheBook:
    """It goes by the rows, whatever it remembers."""

    @pytest.fixture
    def crew(self, at_harbour: Cast) -> Crew:
        actions.open_log(Actor.operator(TENANT), founders=founders(), at=NOON)
        return Crew(at_harbour)

    def fact(self) -> list[str]:
        """The heads that the server's next statement names."""
        stated = actions.state_fact(EventType.TIMER_FIRED, run=RUN, data={"timer": "t"}, at=NOON)
        return list(stated.prev_run)

    def test_remembers_the_chain_of_a_run(self, crew: Crew) -> None:
        opened = admit(open_run(crew.enrolled("chen"))).event
        RunChain.objects.filter(run=RUN).update(heads=["f" * 64])
        # Not read again, because nobody else has appended.
        assert self.fact() == [opened.hash]

    def test_reads_it_again_when_another_process_has_appended(self, crew: Crew) -> None:
        admit(open_run(crew.enrolled("chen")))
        mine = dict(memory._kept)
        memory._kept.clear()
        theirs = actions.state_fact(EventType.TIMER_FIRED, run=RUN, data={"timer": "t"}, at=NOON)
        memory._kept.clear()
        memory._kept.update(mine)
        assert self.fact() == [theirs.hash]

    def test_reads_it_again_after_a_rollback(self, crew: Crew) -> None:
        opened = admit(open_run(crew.enrolled("chen"))).event
        size = Log.objects.get().next_index
        with transaction.atomic():
            self.fact()
            transaction.set_rollback(True)
        assert Log.objects.get().next_index == size
        assert self.fact() == [opened.hash]

    def test_keeps_companies_apart(self, crew: Crew) -> None:
        with scope.within("quarry"):
            actions.open_log(Actor.operator("quarry"), founders=founders(), at=NOON)
        opened = admit(open_run(crew.enrolled("chen"))).event
        with scope.within("quarry"), actions.open_book(at=NOON) as book:
            assert book.runs == {}
        assert self.fact() == [opened.hash]
