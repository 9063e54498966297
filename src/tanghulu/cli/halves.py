"""The processes that `up` keeps running."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from types import FrameType

_PATIENCE = 15.0
_CALM = 10.0
_LONGEST_WAIT = 30.0
_HOUR = 3600.0


def command(*words: str) -> list[str]:
    """The command line of one of our own commands."""
    return [sys.executable, "-P", "-m", "tanghulu", *words]


class Half:
    """One of the processes; started again when it dies, ever later when it dies soon after its start."""

    def __init__(self, *words: str, environment: Mapping[str, str] | None = None) -> None:
        self._command = command(*words)
        self._environment = environment
        self._falls = 0
        self._again_at = 0.0
        self._start()

    def _start(self) -> None:
        self._began = time.monotonic()
        self.process = subprocess.Popen(self._command, env=self._environment)

    def keep_up(self) -> None:
        """Start it again if it has died and its wait is over."""
        now = time.monotonic()
        if self.process.poll() is None:
            return
        if self._again_at <= self._began:
            self._falls = 0 if now - self._began > _CALM else self._falls + 1
            self._again_at = now + min(0.5 * 2**self._falls, _LONGEST_WAIT)
        elif now >= self._again_at:
            self._start()

    def begin_again(self) -> None:
        """End it and start it anew, so that it reads its files again."""
        self.end()
        self._start()

    def end(self) -> None:
        """Ask it to end, and insist after a while."""
        self.process.terminate()
        try:
            self.process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def watch(halves: list[Half], look: Callable[[], None] | None = None) -> int:
    """Keep them up until this process is told to end; `look` is called every hour, and at once on SIGHUP."""
    told = threading.Event()
    asked = threading.Event()

    def tell(_number: int, _frame: FrameType | None) -> None:
        told.set()

    def ask(_number: int, _frame: FrameType | None) -> None:
        asked.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, tell)
    if look is not None:
        signal.signal(signal.SIGHUP, ask)
    looked = time.monotonic()
    try:
        while not told.wait(0.2):
            for half in halves:
                half.keep_up()
            if look is not None and (asked.is_set() or time.monotonic() - looked > _HOUR):
                asked.clear()
                looked = time.monotonic()
                look()
    finally:
        for half in halves:
            half.end()
    return 0
