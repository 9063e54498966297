import threading
from collections.abc import Callable, Iterable
from datetime import datetime

import pytest

from tanghulu.worker.loop import Loop
from tanghulu.worker.schedule import Duty, Step

pytestmark = pytest.mark.django_db


class Clockwork:
    """Duties that write down what they are asked."""

    def __init__(self) -> None:
        self.done: list[str] = []

    def step(self, name: str, *, result: int = 0, error: Exception | None = None) -> Step:
        def take(_at: datetime) -> int:
            self.done.append(name)
            if error is not None:
                raise error
            return result

        return take

    def duty(self, name: str, *steps: Step, every: float = 1.0) -> Duty:
        return Duty(name, lambda _at: list(steps) or [self.step(name)], every)


class TestLoop:
    def test_takes_each_duty_when_its_time_has_come(self) -> None:
        clock = Clockwork()
        loop = Loop((clock.duty("often", every=1), clock.duty("rarely", every=3)))
        for now in range(1, 8):
            loop.once(float(now))
        assert clock.done.count("often") == 7
        assert clock.done.count("rarely") == 3

    def test_comes_back_at_once_to_a_duty_that_did_something(self) -> None:
        clock = Clockwork()
        loop = Loop((clock.duty("busy", clock.step("busy", result=5), every=100),))
        loop.once(1.0)
        loop.once(1.1)
        assert clock.done == ["busy", "busy"]

    def test_goes_on_with_the_next_step_and_duty_after_a_failure(self) -> None:
        clock = Clockwork()
        broken = clock.duty("broken", clock.step("one", error=ValueError()), clock.step("two"))
        Loop((broken, clock.duty("well"))).once(1.0)
        assert clock.done == ["one", "two", "well"]

    def test_tries_what_failed_ever_more_rarely(self) -> None:
        clock = Clockwork()
        loop = Loop((clock.duty("broken", clock.step("broken", error=ValueError()), every=1),))
        for now in range(1, 101):
            loop.once(float(now))
        assert 5 <= len(clock.done) <= 8

    def test_survives_when_it_cannot_even_ask_what_there_is_to_do(self) -> None:
        def ask(_at: datetime) -> Iterable[Step]:
            raise OSError

        clock = Clockwork()
        Loop((Duty("broken", ask, 1.0), clock.duty("well"))).once(1.0)
        assert clock.done == ["well"]

    def test_ends_when_it_is_told(self) -> None:
        loop: Loop

        def end(_at: datetime) -> int:
            loop.stop()
            return 0

        steps: Callable[[datetime], Iterable[Step]] = lambda _at: [end]  # noqa: E731 - a duty needs a callable
        loop = Loop((Duty("end", steps, 0.01),))
        loop.run()
        assert threading.active_count() >= 1
