"""The log opened for writing: everything that one transaction appends, counted in memory and written at its end.

Reading the log's row, a run's chain and the identities of known events once for many events is what makes admission
cheap; the lock of the log's row keeps everybody else out meanwhile, so what is in memory is what is true.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db import transaction

from tanghulu.apps.evidence.models import Entry, Log, RunChain
from tanghulu.apps.tenancy import scope
from tanghulu.core import canonical
from tanghulu.core.chain import admission as admissions
from tanghulu.core.chain import envelope as envelopes
from tanghulu.core.chain import event as events
from tanghulu.core.chain.event_types import SERVER, EventType
from tanghulu.core.errors import Conflict, Invalid, NotFound
from tanghulu.gateways import keys, uptime

Judge = Callable[[events.Event, str], Sequence[str]]
"""Called with a new, genuine event and its payload hash before the event gets its number; answers with the codes by
which it contradicts its run."""

Identity = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Examined:
    """An envelope whose form, signatures and sender have been checked."""

    envelope: envelopes.Envelope
    event: events.Event


@dataclass(frozen=True, slots=True)
class Reception:
    """What became of an event: `again` when it was admitted before.

    `admission` is the answer's envelope in bytes, `codes` say why it contradicts its run.
    """

    outcome: Literal["admitted", "again"]
    admission: bytes
    event: events.Event
    index: int
    codes: tuple[str, ...]


_current: ContextVar[Book | None] = ContextVar("tanghulu_book", default=None)


@contextmanager
def open_book(*, at: datetime) -> Iterator[Book]:
    """Open the present tenant's log for writing, in a transaction, until the block ends; inside a book, that book.

    Raises NotFound `log_not_open`.
    """
    around = _current.get()
    if around is not None and around.tenant == scope.current():
        yield around
        return
    with transaction.atomic():
        log = Log.objects.select_for_update().first()
        if log is None:
            raise NotFound("log_not_open")
        book = Book(log, at)
        token = _current.set(book)
        try:
            yield book
        finally:
            _current.reset(token)
        book.close()


class Book:
    """What is appended in one transaction. `at` is the server's time for all of it."""

    def __init__(self, log: Log, at: datetime) -> None:
        self.tenant = scope.current()
        self.at = at
        self._log = log
        self._key = keys.server_key(self.tenant)
        self._known: dict[Identity, Entry | None] = {}
        self._fresh: list[Entry] = []
        self._chains: dict[str, RunChain] = {}

    def look_up(self, identities: Iterable[Identity]) -> None:
        """Find out with one query which of these events are entries already."""
        wanted = set(identities) - self._known.keys()
        found = Entry.objects.filter(device__in={one for one, _ in wanted}, dseq__in={number for _, number in wanted})
        self._known |= dict.fromkeys(wanted)
        self._known |= {(row.device, row.dseq): row for row in found if (row.device, row.dseq) in wanted}

    def admit(self, examined: Examined, *, judge: Judge) -> Reception:
        """Make the event an entry, or find the entry that it is already.

        Raises Conflict `event_forked` when the device has used the number for another event, before anything changes.
        """
        event = examined.event
        known = self._entry((event.device, event.dseq))
        if known is not None:
            if known.payload_hash != event.hash:
                raise Conflict("event_forked", device=event.device, dseq=event.dseq)
            return Reception("again", bytes(known.admission), event, known.index, tuple(known.codes.split()))
        if event.kind == EventType.DEVICE_ENROLLED:
            # An enrolment comes in by its own door, with a countersignature, and is always a device's first event.
            raise Invalid("payload_malformed", field="type")
        codes = tuple(judge(event, event.hash))
        entry = self.append(examined, codes=codes)
        return Reception("admitted", bytes(entry.admission), event, entry.index, codes)

    def state_fact(self, kind: EventType, *, run: str | None, data: Mapping[str, Any]) -> events.Event:
        """Let the server state a fact about a run, or about the log itself: signed, and appended at once."""
        log, chain = self._log, self._chain(run) if run else None
        payload = events.build_payload(
            type=kind,
            tenant=self.tenant,
            run=run,
            prev_run=chain.heads if chain else (),
            device=self._key.device,
            dseq=log.server_dseq + 1,
            rseq=chain.server_rseq + 1 if chain else None,
            prev_device=log.server_head or None,
            actor=SERVER,
            claimed_at=canonical.format_time(self.at),
            mono_ms=uptime.milliseconds(),
            boot=uptime.BOOT,
            beacon=events.Beacon(log.published_size, log.published_root) if log.published_size else None,
            data=data,
            assurance="server",
        )
        examined = Examined(envelopes.sign(payload, self._key), events.parse_payload(payload))
        self.append(examined, codes=())
        return examined.event

    def seal(self, run: str) -> events.Event | None:
        """State that the run is complete as it stands; None while a device's numbers in it have a gap."""
        self._write_entries()
        last: dict[str, int] = {}
        count = 0
        for device, rseq in Entry.objects.filter(run=run).order_by("device", "rseq").values_list("device", "rseq"):
            if rseq != last.get(device, 0) + 1:
                return None
            last[device] = rseq
            count += 1
        data = {"count": count, "heads": sorted(self._chain(run).heads), "devices": last}
        return self.state_fact(EventType.RUN_SEALED, run=run, data=data)

    def append(self, examined: Examined, *, codes: tuple[str, ...]) -> Entry:
        """Give the event its number and sign its admission."""
        event, log = examined.event, self._log
        standing = admissions.Standing.CONTRADICTING if codes else admissions.Standing.ACCEPTED
        admission = admissions.Admission(
            tenant=self.tenant,
            device=event.device,
            dseq=event.dseq,
            payload=event.hash,
            index=log.next_index,
            received_at=canonical.format_time(self.at),
            standing=standing,
            codes=codes,
        )
        entry = Entry(
            index=log.next_index,
            device=event.device,
            dseq=event.dseq,
            payload_hash=event.hash,
            type=event.type,
            run=event.run or "",
            rseq=event.rseq,
            envelope=examined.envelope.entry,
            admission=admissions.sign_admission(admission, self._key).entry,
            received_at=self.at,
            standing=standing.value,
            codes=" ".join(codes),
        )
        self._fresh.append(entry)
        self._known[event.device, event.dseq] = entry
        log.next_index += 1
        is_server = event.device == log.server_device
        if is_server:
            log.server_dseq, log.server_head = event.dseq, event.hash
        if event.run:
            self._extend(event, is_server=is_server)
        return entry

    def close(self) -> None:
        """Write what has been appended and what counts it."""
        self._write_entries()
        self._log.save(update_fields=["next_index", "server_dseq", "server_head"])
        for chain in self._chains.values():
            chain.save()

    def _write_entries(self) -> None:
        if self._fresh:
            Entry.objects.bulk_create(self._fresh)
            self._fresh = []

    def _entry(self, identity: Identity) -> Entry | None:
        if identity not in self._known:
            self.look_up([identity])
        return self._known[identity]

    def _chain(self, run: str) -> RunChain:
        if run not in self._chains:
            found = RunChain.objects.filter(run=run).first()
            self._chains[run] = found or RunChain(run=run, heads=[], count=0, server_rseq=0)
        return self._chains[run]

    def _extend(self, event: events.Event, *, is_server: bool) -> None:
        chain = self._chain(event.run or "")
        chain.heads = [*(head for head in chain.heads if head not in event.prev_run), event.hash]
        chain.count += 1
        if is_server and event.rseq is not None:
            chain.server_rseq = event.rseq
