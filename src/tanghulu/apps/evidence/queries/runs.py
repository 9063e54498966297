"""The events of a run as they lie in the log."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Max

from tanghulu.apps.evidence.models import Entry, Fork, Opening, RunChain
from tanghulu.apps.evidence.numbering import numbers_in
from tanghulu.core.chain import admission, envelope
from tanghulu.core.chain import event as events
from tanghulu.core.chain.event_types import EventType

REVOKED = admission.Standing.REVOKED.value
"""How an event stands whose key had been revoked before it came."""

_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class EventRecord:
    """One event: its payload hash, entry number and payload, and how it stood when it came."""

    hash: str
    index: int
    payload: Mapping[str, Any]
    received_at: datetime
    standing: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """One event of the log, parsed, with the codes by which it was said to contradict its run.

    `is_revoked` when its key had been revoked before it came.
    """

    index: int
    event: events.Event
    received_at: datetime
    codes: tuple[str, ...]
    is_revoked: bool


@dataclass(frozen=True, slots=True)
class KeptOpening:
    """The value and salt behind a commitment."""

    commitment: str
    salt: bytes
    value: Any


def run_events(run: str, *, after: int = 0) -> tuple[EventRecord, ...]:
    """The run's events in log order, without the first `after`."""
    return tuple(_record(row) for row in Entry.objects.filter(run=run).order_by("index")[after:])


def events_of(kind: EventType, *, runs: Collection[str]) -> tuple[EventRecord, ...]:
    """The events of one type of these runs, in log order."""
    return tuple(_record(row) for row in Entry.objects.filter(run__in=runs, type=kind.value).order_by("index"))


def logged_events(run: str) -> Iterator[LoggedEvent]:
    """The run's events in log order, parsed anew from the bytes in the log."""
    columns = ("index", "envelope", "received_at", "codes", "standing")
    for row in Entry.objects.filter(run=run).order_by("index").only(*columns):
        event = events.parse_payload(envelope.parse_entry(bytes(row.envelope)).payload)
        is_revoked = row.standing == REVOKED
        yield LoggedEvent(row.index, event, row.received_at, tuple(row.codes.split()), is_revoked)


@dataclass(frozen=True, slots=True)
class Entries:
    """Some entries of the log that belong to runs, and the number of the entry after all that were looked at."""

    records: tuple[EventRecord, ...]
    following: int


def run_entries(*, start: int, limit: int) -> Entries:
    """The entries from number `start` on, at most `limit` of the log."""
    rows = list(Entry.objects.filter(index__gte=start, index__lt=start + limit).order_by("index"))
    following = rows[-1].index + 1 if rows else start
    return Entries(tuple(_record(row) for row in rows if row.run), following)


def payloads(indexes: Iterable[int]) -> dict[int, Mapping[str, Any]]:
    """What these entries say, by number."""
    rows = Entry.objects.filter(index__in=list(indexes))
    return {row.index: _record(row).payload for row in rows}


def run_refs() -> set[str]:
    """The ref of every run that the log has events of."""
    return set(RunChain.objects.values_list("run", flat=True))


def runs_with_gaps(runs: Iterable[str]) -> set[str]:
    """Those of the runs in which a device has left out a number that has not come, while its key was good."""
    devices = Entry.objects.filter(run__in=list(runs)).values("run", "device")
    counted = devices.annotate(count=Count("pk"), last=Max("rseq")).exclude(count=F("last"))
    # Counting is cheap and finds nearly nothing; only what it finds is looked at number by number.
    uneven = set(counted.values_list("run", flat=True))
    return {one.run for one in numbers_in(uneven) if not one.is_whole}


def heads(run: str) -> list[str]:
    """The payload hashes of the run that no other event of it names, sorted."""
    chain = RunChain.objects.filter(run=run).only("heads").first()
    return sorted(chain.heads) if chain else []


def forks(run: str) -> tuple[str, ...]:
    """The payload hashes of events of the run that their devices should not have signed."""
    return tuple(Fork.objects.filter(run=run).order_by("pk").values_list("payload_hash", flat=True))


def openings_of(commitments: Iterable[str]) -> dict[str, KeptOpening]:
    """Those of the commitments whose openings are kept."""
    wanted = sorted(set(commitments))
    return {
        row.commitment: KeptOpening(row.commitment, bytes(row.salt), row.value)
        # A database takes only so many values in one question.
        for first in range(0, len(wanted), _AT_ONCE)
        for row in Opening.objects.filter(commitment__in=wanted[first : first + _AT_ONCE])
    }


def _record(row: Entry) -> EventRecord:
    # The bytes were examined when they were admitted; here they are only read.
    payload = envelope.parse_entry(bytes(row.envelope)).payload
    return EventRecord(
        hash=row.payload_hash,
        index=row.index,
        payload=json.loads(payload),
        received_at=row.received_at,
        standing=row.standing,
        codes=tuple(row.codes.split()),
    )
