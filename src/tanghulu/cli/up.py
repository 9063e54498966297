"""Set everything up and serve: migrate, then run the web server and the worker until told to end."""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
import threading
import time
from types import FrameType

_PATIENCE = 15.0
_CALM = 10.0
_LONGEST_WAIT = 30.0


def main(arguments: list[str]) -> int:
    """Run the command; its exit code."""
    parser = argparse.ArgumentParser(prog="tanghulu up", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default 127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000, help="the port (default 8000)")
    parser.add_argument("--threads", type=int, default=8, help="threads of the web server (default 8)")
    given = parser.parse_args(arguments)
    subprocess.run(_command("migrate"), check=True)
    halves = [
        _Half(_command("web", "--host", given.host, "--port", str(given.port), "--threads", str(given.threads))),
        _Half(_command("worker")),
    ]
    print(f"Tanghulu: http://localhost:{given.port}", flush=True)
    return _watch(halves)


def _command(*words: str) -> list[str]:
    return [sys.executable, "-P", "-m", "tanghulu", *words]


class _Half:
    """One of the two processes; started again when it dies, ever later when it dies soon after its start."""

    def __init__(self, command: list[str]) -> None:
        self._command = command
        self._falls = 0
        self._again_at = 0.0
        self._start()

    def _start(self) -> None:
        self._began = time.monotonic()
        self.process = subprocess.Popen(self._command)

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

    def end(self) -> None:
        """Ask it to end, and insist after a while."""
        self.process.terminate()
        try:
            self.process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def _watch(halves: list[_Half]) -> int:
    told = threading.Event()

    def tell(_number: int, _frame: FrameType | None) -> None:
        told.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, tell)
    while not told.wait(0.2):
        for half in halves:
            half.keep_up()
    for half in halves:
        half.end()
    return 0
