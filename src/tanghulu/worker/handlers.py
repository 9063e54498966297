"""What is done in the background. Each handler may be run again at any time, by any number of workers."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from tanghulu.apps.evidence import actions as evidence
from tanghulu.apps.jobs import actions as jobs
from tanghulu.apps.tenancy import queries as tenancy
from tanghulu.apps.tenancy import scope
from tanghulu.core.access import Actor


class Action(Protocol):
    """An action of the jobs that the worker takes."""

    def __call__(self, actor: Actor, /, *, at: datetime) -> int:
        """Take it; returns how much was done."""


def publish(at: datetime) -> int:
    """Publish what is admitted: a batch of each tenant's log, their heads in one commit. Returns how many logs grew."""
    heads = []
    for slug in tenancy.slugs():
        with scope.within(slug):
            head = evidence.prepare()
        if head is not None:
            heads.append(head)
    if heads:
        evidence.publish_heads(heads, at=at)
    return len(heads)


def fire_timers(at: datetime) -> int:
    """State the timers that have run out; returns how many."""
    return sum(_inside(slug, jobs.fire_timers, at) for slug in tenancy.slugs())


def finish_arrivals(at: datetime) -> int:
    """State photos that came while their event came elsewhere; returns how many."""
    return sum(_inside(slug, jobs.finish_arrivals, at) for slug in tenancy.slugs())


def seal_ended(at: datetime) -> int:
    """Seal runs that could not be sealed when they ended; returns how many."""
    return sum(_inside(slug, jobs.seal_ended, at) for slug in tenancy.slugs())


def _inside(slug: str, action: Action, at: datetime) -> int:
    with scope.within(slug):
        return action(Actor.operator(slug), at=at)
