"""Which handlers there are, for whom there is something to do, and how often that is asked, in seconds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from tanghulu.apps.jobs import queries as jobs
from tanghulu.apps.tenancy import scope
from tanghulu.worker import handlers

Step = Callable[[datetime], int]
"""Something to do, whole in itself; returns how much was done."""


@dataclass(frozen=True, slots=True)
class Duty:
    """Something that is asked for again and again: `steps` are what is to be done now, each failing by itself.

    A duty that did something is asked for again at once, else after `every` seconds.
    """

    name: str
    steps: Callable[[datetime], Iterable[Step]]
    every: float


def _for_each(
    tenants: Callable[[datetime], list[str]], handler: Callable[[str, datetime], int]
) -> Callable[[datetime], Iterable[Step]]:
    """One step for each tenant that has something to do, inside that tenant."""

    def step(slug: str) -> Step:
        def take(at: datetime) -> int:
            with scope.within(slug):
                return handler(slug, at)

        return take

    return lambda at: [step(slug) for slug in tenants(at)]


DUTIES = (
    Duty("beat", lambda _at: [handlers.beat], 10.0),
    Duty("publish", lambda _at: [handlers.publish], 0.5),
    Duty("fire_timers", _for_each(jobs.tenants_with_timers, handlers.fire_timers), 1.0),
    Duty("finish_arrivals", _for_each(jobs.tenants_with_arrivals, handlers.finish_arrivals), 2.0),
    Duty("seal_ended", _for_each(jobs.tenants_with_unsealed, handlers.seal_ended), 5.0),
    Duty("index_texts", _for_each(jobs.tenants_with_unindexed, handlers.index_texts), 2.0),
)
