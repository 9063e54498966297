"""The worker: takes each duty when its time has come, and goes on whatever happens to one of them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

import structlog
from django.db import close_old_connections
from django.utils import timezone

from tanghulu.worker.schedule import DUTIES, Duty

_LONGEST_WAIT = 30.0
_AT_ONCE = 0.05
_T = TypeVar("_T")
_log = structlog.get_logger("tanghulu.worker")


class Loop:
    """Runs the duties until it is told to stop."""

    def __init__(self, duties: tuple[Duty, ...] = DUTIES) -> None:
        self._duties = duties
        self._due = {duty.name: 0.0 for duty in duties}
        self._failures = {duty.name: 0 for duty in duties}
        self._stopped = threading.Event()

    def stop(self) -> None:
        """End after the duty that is being done."""
        self._stopped.set()

    def run(self) -> None:
        """Work until `stop`."""
        while not self._stopped.is_set():
            self.once(time.monotonic())
            self._stopped.wait(max(min(self._due.values()) - time.monotonic(), 0.01))

    def once(self, now: float) -> None:
        """Take every duty whose time has come at `now` (seconds of a clock that cannot be set)."""
        for duty in self._duties:
            if self._due[duty.name] <= now and not self._stopped.is_set():
                self._due[duty.name] = now + self._take(duty)

    def _take(self, duty: Duty) -> float:
        """Take a duty; the seconds to wait before the next time."""
        close_old_connections()
        at = timezone.now()
        steps = _try(duty, lambda: list(duty.steps(at)))
        results = [_try(duty, partial(step, at)) for step in steps or ()]
        if steps is None or None in results:
            # It is tried again, ever more rarely.
            self._failures[duty.name] += 1
            return float(min(duty.every * 2 ** self._failures[duty.name], _LONGEST_WAIT))
        self._failures[duty.name] = 0
        return _AT_ONCE if any(results) else duty.every


def _try(duty: Duty, action: Callable[[], _T]) -> _T | None:
    """What the action returns; None when it failed."""
    try:
        return action()
    except Exception:  # noqa: BLE001 - what comes after it must not wait until this is mended
        _log.exception("duty_failed", duty=duty.name)
        return None
