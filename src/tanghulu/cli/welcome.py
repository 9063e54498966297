"""Serve the one page that leads a phone in: it hands out the certificate of our authority, by plain HTTP."""

from __future__ import annotations

import argparse

from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server import Server


def main(arguments: list[str]) -> int:
    """Run the command until it is stopped; its exit code."""
    parser = argparse.ArgumentParser(prog="tanghulu welcome", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default 127.0.0.1)")
    parser.add_argument("--port", type=int, default=8080, help="the port (default 8080)")
    given = parser.parse_args(arguments)
    Server(
        "tanghulu.config.welcome:application",
        address=given.host,
        port=given.port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        blocking_threads=2,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=5,
    ).serve()
    return 0
