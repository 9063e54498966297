"""Everything that can be computed anew is computed anew and compared: rows, signatures, chains, files, heads."""

from __future__ import annotations

from collections.abc import Iterator

from tanghulu.apps.evidence.fsck import beside, tree
from tanghulu.apps.evidence.fsck.entries import Entries
from tanghulu.apps.evidence.fsck.findings import Finding
from tanghulu.apps.evidence.models import Entry, Log

__all__ = ("Finding", "check_log")


def check_log() -> Iterator[Finding]:
    """Check the evidence log of the current tenant: what is wrong, and notes on what is not complete yet."""
    log = Log.objects.first()
    if log is None:
        if Entry.objects.exists():
            yield Finding("log_missing", "log", "there are entries and no log")
        return
    entries = Entries(log)
    yield from entries.check()
    yield from tree.check(log, entries)
    yield from beside.check_devices()
    yield from beside.check_revocations(entries.ended)
    yield from beside.check_forks()
    yield from beside.check_openings()
