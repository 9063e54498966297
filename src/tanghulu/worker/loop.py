"""The worker: takes each duty when its time has come, and goes on whatever happens to one of them."""

from __future__ import annotations

import threading
import time

import structlog
from django.db import close_old_connections
from django.utils import timezone

from tanghulu.worker.schedule import DUTIES, Duty

_LONGEST_WAIT = 30.0
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
        try:
            done = duty.handler(timezone.now())
        except Exception:
            # The next duty must not wait for this one to be mended; it is tried again, ever more rarely.
            self._failures[duty.name] += 1
            _log.exception("duty_failed", duty=duty.name, failures=self._failures[duty.name])
            return min(duty.every * 2.0 ** self._failures[duty.name], _LONGEST_WAIT)
        self._failures[duty.name] = 0
        return 0.05 if done else duty.every
