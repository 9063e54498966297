"""Time passes: the server states which timers of a run have run out."""

from __future__ import annotations

from datetime import datetime

from tanghulu.apps.jobs import fold
from tanghulu.apps.jobs.models import Run
from tanghulu.apps.jobs.unit import open_unit
from tanghulu.core import canonical, flow
from tanghulu.core.access import Actor, Permission
from tanghulu.core.chain.event_types import EventType


def fire_timers(actor: Actor, *, at: datetime, limit: int = 200) -> int:
    """State every timer that is due at `at`, the server's own time; return how many. For the worker."""
    actor.require(Permission.JOBS_RUN_ACT)
    refs = Run.objects.filter(next_timer_at__lte=at).order_by("next_timer_at").values_list("ref", flat=True)
    return sum(_fire(ref, at=at) for ref in list(refs[:limit]))


def _fire(ref: str, *, at: datetime) -> int:
    fired = 0
    with open_unit(at=at) as unit:
        run = unit.run(ref)
        # One timer may void what another waits for, so they are asked for anew after each.
        while (timer := _due(run, at=at)) is not None:
            unit.state_fact(run, EventType.TIMER_FIRED, {"timer": timer})
            fired += 1
        unit.seal_if_ended(run)
    return fired


def _due(run: fold.OpenRun, *, at: datetime) -> str | None:
    if run.template is None:
        return None
    waiting = flow.timers(run.template, run.state)
    if not waiting or canonical.parse_time(waiting[0]["at"]) > at:
        return None
    return str(waiting[0]["id"])
