"""Serve the pages and the API."""

from __future__ import annotations

import argparse
import contextlib
import fcntl
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.management import call_command
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server
from granian.server.common import AbstractServer


def main(arguments: list[str]) -> int:
    """Run the command until it is stopped; its exit code."""
    parser = argparse.ArgumentParser(prog="tanghulu web", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default 127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000, help="the port (default 8000)")
    parser.add_argument("--workers", type=int, default=1, help="processes (default 1; more on PostgreSQL)")
    parser.add_argument("--threads", type=int, default=8, help="threads of each process (default 8)")
    given = parser.parse_args(arguments)
    with _alone():
        call_command("collectstatic", interactive=False, verbosity=0)
    server(host=given.host, port=given.port, workers=given.workers, threads=given.threads).serve()
    return 0


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Do what two web servers on one data directory must not do at once."""
    with (settings.DATA / ".collecting").open("w") as file:
        # Given back when the file is closed, or when the process dies.
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


_CONNECTIONS = 4096


def server(*, host: str, port: int, workers: int = 1, threads: int = 8) -> AbstractServer[Any]:
    """Granian with the settings that suit: few threads, since SQLite lets one write at a time, and a bounded queue.

    It speaks HTTPS where a certificate is set.
    """
    certificate, key = settings.CERTIFICATE or (None, None)
    return Server(
        "tanghulu.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        # Granian counts connections here, not requests, and each screen that watches holds one all day: with fewer, the
        # screen beyond them would wait until another is switched off. More are left in the kernel's queue.
        backpressure=_CONNECTIONS,
        backlog=1024,
        # Its warnings are advice about threads, of which there are many on purpose: they wait for the disk.
        log_level=LogLevels.error,
        log_access=False,
        respawn_failed_workers=True,
        # A process that does not hear that it shall end is ended: longer than an answer takes, less than `up` waits.
        workers_kill_timeout=10,
        ssl_cert=certificate,
        ssl_key=key,
    )
