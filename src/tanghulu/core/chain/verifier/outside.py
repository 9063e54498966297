"""WHEN and UNIQUE: what only outsiders can show. No time-stamp and no witness is read yet, so neither is ever PASS."""

from __future__ import annotations

from collections.abc import Iterator

from tanghulu.core.chain.verifier.report import Reason, unproven


def check_when() -> Iterator[Reason]:
    """Times in events are claims of the devices' clocks."""
    yield unproven("no_time_source")


def check_unique() -> Iterator[Reason]:
    """Without witnesses the log's owner could show somebody else another history."""
    yield unproven("no_witness")
