"""What is done in the background. Each handler may be run again at any time, by any number of workers."""

from __future__ import annotations

from datetime import datetime

import structlog

from tanghulu.apps.evidence import actions as evidence
from tanghulu.apps.evidence import queries as logs
from tanghulu.apps.jobs import actions as jobs
from tanghulu.apps.jobs import search
from tanghulu.apps.tenancy import actions as tenancy
from tanghulu.apps.tenancy import scope
from tanghulu.core.access import Actor
from tanghulu.core.vitals import Beat
from tanghulu.gateways import uptime

_log = structlog.get_logger("tanghulu.worker")


def publish(at: datetime) -> int:
    """Publish what is admitted: a batch of each tenant's log, their heads in one commit.

    Returns how many logs may have more: those whose batch was full. The others can wait for more to come together.
    """
    heads = []
    for slug in logs.tenants_to_publish():
        try:
            with scope.within(slug):
                head = evidence.prepare()
        except evidence.BrokenLog as broken:
            # Somebody must look into this log; the others go on.
            _log.error("log_broken", tenant=slug, reason=str(broken))
            continue
        if head is not None:
            heads.append(head)
    if heads:
        evidence.publish_heads(heads, at=at)
    return sum(head.size - head.before == evidence.BATCH for head in heads)


def beat(at: datetime) -> int:
    """Say that this worker is there; there is never more of that to do."""
    tenancy.note_beat(Beat(at, uptime.BOOT, uptime.milliseconds()))
    return 0


def fire_timers(slug: str, at: datetime) -> int:
    """State the tenant's timers that have run out; returns how many."""
    return jobs.fire_timers(Actor.operator(slug), at=at)


def finish_arrivals(slug: str, at: datetime) -> int:
    """State the tenant's photos that came while their event came elsewhere; returns how many."""
    return jobs.finish_arrivals(Actor.operator(slug), at=at)


def seal_ended(slug: str, at: datetime) -> int:
    """Seal the tenant's runs that could not be sealed when they ended; returns how many."""
    return jobs.seal_ended(Actor.operator(slug), at=at)


def index_texts(slug: str, _at: datetime) -> int:
    """Bring the tenant's index of words up to where its log is; returns how many texts are new."""
    return search.index_texts(Actor.operator(slug))
