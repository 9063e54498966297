"""Run the background work: publish the logs, fire timers, finish what arrived late."""

from __future__ import annotations

import argparse
import signal

from tanghulu.worker.loop import Loop


def main(arguments: list[str]) -> int:
    """Run the command until it is told to end; its exit code."""
    argparse.ArgumentParser(prog="tanghulu worker", description=__doc__).parse_args(arguments)
    loop = Loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: loop.stop())
    loop.run()
    return 0
