"""How often each handler runs, in seconds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from tanghulu.worker import handlers


@dataclass(frozen=True, slots=True)
class Duty:
    """A handler and the seconds between two of its runs; one that found work runs again at once."""

    name: str
    handler: Callable[[datetime], int]
    every: float


DUTIES = (
    Duty("publish", handlers.publish, 0.5),
    Duty("fire_timers", handlers.fire_timers, 1.0),
    Duty("finish_arrivals", handlers.finish_arrivals, 2.0),
    Duty("seal_ended", handlers.seal_ended, 5.0),
)
