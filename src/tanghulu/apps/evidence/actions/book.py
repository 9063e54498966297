"""The log opened for writing: everything that one transaction appends, counted in memory and written at its end.

Reading the log's row, a run's chain and the identities of known events once for many events is what makes admission
cheap; the lock of the log's row keeps everybody else out meanwhile, so what is in memory is what is true. What a book
knows at its end it hands on to the next (`memory`), as long as nobody else has appended in between.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from django.db import transaction

from tanghulu.apps.evidence.actions import memory
from tanghulu.apps.evidence.actions.openings import Openings, write_openings
from tanghulu.apps.evidence.links import named_in
from tanghulu.apps.evidence.models import TYPE_LENGTH, Device, Entry, Log, Opening, RunChain
from tanghulu.apps.evidence.numbering import numbers_in
from tanghulu.apps.evidence.signatures import IN_THE_LOG, REVOKED
from tanghulu.apps.tenancy import rows, scope
from tanghulu.core import canonical
from tanghulu.core.chain import admission as admissions
from tanghulu.core.chain import commitment
from tanghulu.core.chain import envelope as envelopes
from tanghulu.core.chain import event as events
from tanghulu.core.chain.event_types import SERVER, EventType
from tanghulu.core.errors import Conflict, Invalid, NotFound
from tanghulu.gateways import keys, uptime


class Judge(Protocol):
    """Called with a new, genuine event before the event gets its number."""

    def __call__(self, event: events.Event, /, *, is_revoked: bool) -> Sequence[str]:
        """The codes by which it contradicts its run, or that its key had been revoked. May raise a Refusal."""


OWN_DOORS = frozenset({EventType.DEVICE_ENROLLED, EventType.DEVICE_REVOKED})
"""What comes in by a door of its own, where somebody is asked whether it may."""

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


@dataclass(frozen=True, slots=True)
class _Known:
    """An entry as far as a later copy of its event needs it."""

    payload_hash: str
    index: int
    admission: bytes
    codes: str


@dataclass(slots=True)
class _Chain:
    """What `RunChain` keeps, while it is being extended."""

    heads: list[str] = field(default_factory=list)
    count: int = 0
    server_rseq: int = 0


_LOG = ("id", "origin", "server_device", "next_index", "server_dseq", "server_head", "published_size", "published_root")
_ENTRY = (
    "index", "device", "dseq", "payload_hash", "type", "run", "rseq", "envelope", "admission", "received_at",
    "standing", "codes",
)  # fmt: skip

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
        found = rows.select(Log, _LOG, where="tenant", among=[scope.current()], lock=True)
        if not found:
            raise NotFound("log_not_open")
        book = Book(Log(**dict(zip(_LOG, found[0], strict=True))), at)
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
        self._time = canonical.format_time(at)
        self._log = log
        self._key = keys.server_key(self.tenant)
        self._known: dict[Identity, _Known | None] = {}
        self._senders: dict[str, tuple[str, bool] | None] = {}
        self._fresh: list[rows.Row] = []
        self._changed: dict[str, _Chain] = {}
        self._openings: dict[str, commitment.Opening] = {}
        self._memory = memory.take(self.tenant, (log.next_index, log.server_head))

    def look_up(self, identities: Iterable[Identity]) -> None:
        """Find out with one query which of these events are entries already."""
        wanted = set(identities) - self._known.keys()
        self._known |= dict.fromkeys(wanted)
        self._look_up_senders({one for one, _ in wanted})
        names = ("device", "dseq", "payload_hash", "index", "admission", "codes")
        for device, dseq, name, index, admission, codes in rows.select(
            Entry,
            names,
            where="dseq",
            among={number for _, number in wanted},
            also=("device", {one for one, _ in wanted}),
        ):
            if (device, dseq) in wanted:
                self._known[device, dseq] = _Known(name, index, bytes(admission), codes)

    def _look_up_senders(self, devices: set[str]) -> None:
        wanted = devices - self._senders.keys()
        self._senders |= dict.fromkeys(wanted)
        names = ("device", "member", "status")
        found = rows.select(Device, names, where="device", among=wanted, also=("status", IN_THE_LOG))
        self._senders |= {str(row[0]): (str(row[1]), row[2] == REVOKED) for row in found}

    def _check_sender(self, event: events.Event) -> bool:
        """Whether the sender's key has been revoked."""
        self._look_up_senders({event.device})
        sender = self._senders[event.device]
        if sender is None:
            raise Invalid("signature_unknown_key")
        member, is_revoked = sender
        if member != event.actor:
            raise Invalid("device_mismatch")
        return is_revoked

    @property
    def runs(self) -> dict[str, Any]:
        """What whoever folds events keeps of runs, by ref, for the book after this one: true as long as it is there."""
        return self._memory.runs

    def look_up_chains(self, runs: Iterable[str]) -> None:
        """Read the chains of these runs with one query."""
        wanted = set(runs) - self._changed.keys() - self._memory.chains.keys()
        for found in RunChain.objects.filter(run__in=wanted):
            self._memory.chains[found.run] = _Chain(found.heads, found.count, found.server_rseq)

    def admit(self, examined: Examined, *, judge: Judge, door: EventType | None = None) -> Reception:
        """Make the event an entry, or find the entry that it is already. `door` names the type that has its own.

        Raises, before anything changes, Invalid `signature_unknown_key` for a device that is not enrolled here,
        `device_mismatch` for one of another member than the event names, and Conflict `event_forked` when the device
        has used the number for another event.
        """
        event = examined.event
        is_revoked = self._check_sender(event)
        known = self._entry((event.device, event.dseq))
        if known is not None:
            if known.payload_hash != event.hash:
                raise Conflict("event_forked", device=event.device, dseq=event.dseq)
            return Reception("again", known.admission, event, known.index, tuple(known.codes.split()))
        if event.kind in OWN_DOORS and event.kind != door:
            raise Invalid("payload_malformed", field="type")
        codes = tuple(judge(event, is_revoked=is_revoked))
        entry = self.append(examined, codes=codes, is_revoked=is_revoked)
        return Reception("admitted", entry.admission, event, entry.index, codes)

    def state_fact(self, kind: EventType, *, run: str | None, data: Mapping[str, Any]) -> events.Event:
        """Let the server state a fact about a run, or about the log itself: signed, and appended at once."""
        log, chain = self._log, self._chain(run) if run else None
        payload, event = events.build_event(
            type=kind,
            tenant=self.tenant,
            run=run,
            prev_run=chain.heads if chain else (),
            device=self._key.device,
            dseq=log.server_dseq + 1,
            rseq=chain.server_rseq + 1 if chain else None,
            prev_device=log.server_head or None,
            actor=SERVER,
            claimed_at=self._time,
            mono_ms=uptime.milliseconds(),
            boot=uptime.BOOT,
            beacon=events.Beacon(log.published_size, log.published_root) if log.published_size else None,
            data=data,
            assurance="server",
        )
        self.append(Examined(envelopes.sign(payload, self._key), event), codes=())
        return event

    def seal(self, run: str) -> events.Event | None:
        """State that the run is complete as it stands; None while a device's numbers in it have a gap."""
        self._write_entries()
        numbers = numbers_in([run])
        if not all(one.is_whole for one in numbers):
            return None
        count, devices = sum(one.count for one in numbers), {one.device: one.last for one in numbers}
        chain = self._chain(run)
        if len(chain.heads) > 1:
            # What came late may have been named by an event that came before it.
            named = named_in(run)
            chain.heads = [head for head in chain.heads if head not in named]
        data = {"count": count, "heads": sorted(chain.heads), "devices": devices}
        return self.state_fact(EventType.RUN_SEALED, run=run, data=data)

    def append(self, examined: Examined, *, codes: tuple[str, ...], is_revoked: bool = False) -> _Known:
        """Give the event its number and sign its admission."""
        event, log = examined.event, self._log
        standing = admissions.Standing.CONTRADICTING if codes else admissions.Standing.ACCEPTED
        if is_revoked:
            standing = admissions.Standing.REVOKED
        admission = admissions.Admission(
            tenant=self.tenant,
            device=event.device,
            dseq=event.dseq,
            payload=event.hash,
            index=log.next_index,
            received_at=self._time,
            standing=standing,
            codes=codes,
        )
        signed, code_text = admissions.sign_admission(admission, self._key).entry, " ".join(codes)
        self._fresh.append(
            (
                log.next_index,
                event.device,
                event.dseq,
                event.hash,
                # Only known types are searched by, and they are shorter than the column.
                event.type[:TYPE_LENGTH],
                event.run or "",
                event.rseq,
                examined.envelope.entry,
                signed,
                self.at,
                standing.value,
                code_text,
            )
        )
        entry = self._known[event.device, event.dseq] = _Known(event.hash, log.next_index, signed, code_text)
        log.next_index += 1
        is_server = event.device == log.server_device
        if is_server:
            log.server_dseq, log.server_head = event.dseq, event.hash
        if event.run:
            self._extend(event, is_server=is_server)
        return entry

    def keep_openings(self, openings: Openings) -> None:
        """Keep openings that have been examined; those that are kept already change nothing."""
        self._openings |= {one.commitment: one for one in openings}

    def values_of(self, commitments: Iterable[str]) -> dict[str, canonical.Value]:
        """The values of those of the commitments whose openings are kept."""
        wanted = list(commitments)
        mine = {name: self._openings[name].value for name in wanted if name in self._openings}
        return dict(Opening.objects.filter(commitment__in=wanted).values_list("commitment", "value")) | mine

    def close(self) -> None:
        """Write what has been appended and what counts it."""
        log = self._log
        self._write_entries()
        if self._openings:
            write_openings(list(self._openings.values()), at=self.at)
        changes = (log.next_index, log.server_dseq, log.server_head, log.pk)
        rows.update(Log, ("next_index", "server_dseq", "server_head"), [changes])
        chains = [(run, one.heads, one.count, one.server_rseq) for run, one in self._changed.items()]
        rows.put(RunChain, ("run", "heads", "count", "server_rseq"), chains, key="run")
        self._memory.chains |= self._changed
        self._memory.keep((log.next_index, log.server_head))

    def _write_entries(self) -> None:
        rows.insert(Entry, _ENTRY, self._fresh)
        self._fresh = []

    def _entry(self, identity: Identity) -> _Known | None:
        if identity not in self._known:
            self.look_up([identity])
        return self._known[identity]

    def _chain(self, run: str) -> _Chain:
        chain: _Chain | None = self._changed.get(run) or self._memory.chains.get(run)
        if chain is None:
            found = RunChain.objects.filter(run=run).first()
            chain = _Chain(found.heads, found.count, found.server_rseq) if found else _Chain()
        self._changed[run] = chain
        return chain

    def _extend(self, event: events.Event, *, is_server: bool) -> None:
        chain = self._chain(event.run or "")
        chain.heads = [*(head for head in chain.heads if head not in event.prev_run), event.hash]
        chain.count += 1
        if is_server and event.rseq is not None:
            chain.server_rseq = event.rseq
