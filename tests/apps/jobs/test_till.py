"""Group commit: many threads, one transaction at a time, each piece of work for itself."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection

from tanghulu.apps.evidence import actions as evidence
from tanghulu.apps.evidence.models import Opening
from tanghulu.apps.jobs.till import Till, Work
from tanghulu.apps.jobs.unit import Unit
from tanghulu.apps.tenancy import scope
from tanghulu.core.access import Actor
from tanghulu.core.chain import commitment
from tanghulu.core.errors import Invalid, Refusal
from tests.support.cast import NOON, Cast
from tests.support.phones import founders

pytestmark = pytest.mark.django_db(transaction=True)


def wait_for(is_so: Callable[[], bool]) -> None:
    for _ in range(4000):
        if is_so():
            return
        time.sleep(0.005)
    raise AssertionError("it never came to that")


class Counter:
    """A till with threads before it; each notes what it came away with."""

    def __init__(self) -> None:
        self.till = Till()
        self.outcomes: dict[str, Any] = {}
        self.units: dict[str, Unit] = {}  # kept: a name of one that is gone may come again
        self._threads: list[threading.Thread] = []

    def come(self, name: str, do: Callable[[Unit], Any], *, tenant: str = "harbour") -> None:
        """Another thread brings this piece of work."""

        def noted(unit: Unit) -> Any:
            self.units[name] = unit
            return do(unit)

        def bring() -> None:
            try:
                with scope.within(tenant):
                    self.outcomes[name] = self.till.do(Work(do=noted, at=NOON))
            except (Refusal, RuntimeError) as error:
                self.outcomes[name] = error
            finally:
                connection.close()

        self._threads.append(threading.Thread(target=bring))
        self._threads[-1].start()

    def wait_until_queued(self, count: int) -> None:
        wait_for(lambda: len(self.till._queue) == count)

    def close(self) -> None:
        for thread in self._threads:
            thread.join(30)


class Gate:
    """Work that says when it is under way, and ends when it is told to."""

    def __init__(self) -> None:
        self.begun, self.may_end = threading.Event(), threading.Event()

    def __call__(self, _unit: Unit) -> str:
        self.begun.set()
        assert self.may_end.wait(30)
        return "gate"


@pytest.fixture
def counter(cast: Cast) -> Iterator[Counter]:
    for tenant in ("harbour", "quarry"):
        with scope.within(tenant):
            evidence.open_log(Actor.operator(tenant), founders=founders(), at=NOON)
    made = Counter()
    yield made
    made.close()


def written(unit: Unit) -> str:
    """Something that leaves a row behind, and its name."""
    opening = commitment.open_with("written", os.urandom(commitment.SALT_BYTES))
    unit.book.keep_openings([opening])
    return opening.commitment


def refused(_unit: Unit) -> None:
    raise Invalid("opening_invalid")


def broken(_unit: Unit) -> None:
    raise RuntimeError("broken")


class TestTill:
    def test_does_a_piece_of_work_that_comes_alone(self, counter: Counter) -> None:
        counter.come("one", written)
        counter.close()
        with scope.within("harbour"):
            assert Opening.objects.filter(commitment=counter.outcomes["one"]).exists()

    def test_serves_together_all_who_came_meanwhile(self, counter: Counter) -> None:
        gate = Gate()
        counter.come("gate", gate)
        assert gate.begun.wait(30)
        for number in range(5):
            counter.come(str(number), written)
        counter.wait_until_queued(5)
        gate.may_end.set()
        counter.close()
        assert len({counter.units[str(number)] for number in range(5)}) == 1
        assert counter.units["gate"] != counter.units["0"]
        with scope.within("harbour"):
            assert Opening.objects.count() == 5

    def test_keeps_nobody_who_is_served_waiting_for_those_behind(self, counter: Counter) -> None:
        first, second, third = Gate(), Gate(), Gate()
        counter.come("first", first)
        assert first.begun.wait(30)
        counter.come("second", second)
        counter.wait_until_queued(1)
        counter.come("served with second", written)
        counter.wait_until_queued(2)
        first.may_end.set()
        assert second.begun.wait(30)
        counter.come("third", third)
        counter.wait_until_queued(1)
        second.may_end.set()
        assert third.begun.wait(30)
        wait_for(lambda: counter.outcomes.keys() == {"first", "second", "served with second"})
        third.may_end.set()
        counter.close()
        assert counter.outcomes["third"] == "gate"

    def test_lets_a_refusal_hold_up_nobody(self, counter: Counter) -> None:
        gate = Gate()
        counter.come("gate", gate)
        assert gate.begun.wait(30)
        for name, do in (("good", written), ("refused", refused), ("also good", written)):
            counter.come(name, do)
        counter.wait_until_queued(3)
        gate.may_end.set()
        counter.close()
        assert isinstance(counter.outcomes["refused"], Invalid)
        with scope.within("harbour"):
            kept = set(Opening.objects.values_list("commitment", flat=True))
        assert kept == {counter.outcomes["good"], counter.outcomes["also good"]}

    def test_finds_out_whose_fault_it_was_and_keeps_the_rest(self, counter: Counter) -> None:
        gate = Gate()
        counter.come("gate", gate)
        assert gate.begun.wait(30)
        for name, do in (("good", written), ("broken", broken), ("also good", written)):
            counter.come(name, do)
        counter.wait_until_queued(3)
        gate.may_end.set()
        counter.close()
        assert str(counter.outcomes["broken"]) == "broken"
        with scope.within("harbour"):
            kept = set(Opening.objects.values_list("commitment", flat=True))
        assert kept == {counter.outcomes["good"], counter.outcomes["also good"]}

    def test_serves_whoever_comes_after_a_fault(self, counter: Counter) -> None:
        counter.come("broken", broken)
        counter.close()
        counter.come("after", written)
        counter.close()
        with scope.within("harbour"):
            assert Opening.objects.filter(commitment=counter.outcomes["after"]).exists()

    def test_gives_each_company_its_own_book(self, counter: Counter) -> None:
        gate = Gate()
        counter.come("gate", gate)
        assert gate.begun.wait(30)
        counter.come("harbour", written)
        counter.come("quarry", written, tenant="quarry")
        counter.wait_until_queued(2)
        gate.may_end.set()
        counter.close()
        for tenant in ("harbour", "quarry"):
            with scope.within(tenant):
                assert [one.commitment for one in Opening.objects.all()] == [counter.outcomes[tenant]]
