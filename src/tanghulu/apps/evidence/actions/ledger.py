"""The log grows: events are admitted, the server states facts, runs are sealed.

Everything that appends runs in the caller's transaction and holds the lock of the tenant's log (`lock_log`), so that
the number of an entry, the fold of its run and the heads of its chain agree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from tanghulu.apps.evidence.models import Entry, Fork, Log, RunChain
from tanghulu.apps.evidence.signatures import check_signatures, enrolled_device
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


@dataclass(frozen=True, slots=True)
class Examined:
    """An envelope whose form, signatures and sender have been checked."""

    envelope: envelopes.Envelope
    event: events.Event


@dataclass(frozen=True, slots=True)
class Reception:
    """What became of an event: `again` when it was admitted before.

    `admission` is the answer's envelope in bytes, `codes` say why the event contradicts its run.
    """

    outcome: Literal["admitted", "again"]
    admission: bytes
    event: events.Event
    index: int
    codes: tuple[str, ...]


def examine(sent: object) -> Examined:
    """Check what needs neither transaction nor lock: form, sender, signatures.

    Raises Invalid `envelope_malformed`, `payload_malformed`, `payload_not_canonical`, `payload_too_large`,
    `device_mismatch`, `signature_unknown_key` or `signature_invalid`.
    """
    envelope = envelope_in(sent)
    event = events.parse_payload(envelope.payload)
    if event.tenant != scope.current():
        raise Invalid("device_mismatch")
    device = enrolled_device(event.device)
    check_signatures(envelope, device)
    if event.actor != device.member:
        raise Invalid("device_mismatch")
    if not events.may_sign(event, server=False):
        raise Invalid("payload_malformed", field="type")
    return Examined(envelope, event)


def envelope_in(sent: object) -> envelopes.Envelope:
    """The envelope that a decoded JSON value stands for. Raises Invalid `envelope_malformed`."""
    if not isinstance(sent, dict):
        raise Invalid("envelope_malformed", reason="members")
    return envelopes.envelope_of(sent)


def lock_log() -> Log:
    """Take the lock of the tenant's log until the transaction ends. Raises NotFound `log_not_open`."""
    log = Log.objects.select_for_update().first()
    if log is None:
        raise NotFound("log_not_open")
    return log


def admit(examined: Examined, *, at: datetime, judge: Judge) -> Reception:
    """Make the event an entry of the log, or find the entry that it is already.

    Raises Conflict `event_forked` when the device has used the number for another event; the caller's transaction
    ends with that, and `keep_fork` then keeps this one in a transaction of its own.
    """
    event = examined.event
    lock_log()
    known = Entry.objects.filter(device=event.device, dseq=event.dseq).first()
    if known is not None:
        if known.payload_hash != event.hash:
            raise Conflict("event_forked", device=event.device, dseq=event.dseq)
        return Reception("again", bytes(known.admission), event, known.index, tuple(known.codes.split()))
    if event.kind == EventType.DEVICE_ENROLLED:
        # An enrolment comes in by its own door, with a countersignature, and is always a device's first event.
        raise Invalid("payload_malformed", field="type")
    codes = tuple(judge(event, event.hash))
    # The judge may have appended facts, so the log is read again.
    entry = append(lock_log(), examined, at=at, codes=codes)
    return Reception("admitted", bytes(entry.admission), event, entry.index, codes)


def keep_fork(examined: Examined, *, at: datetime) -> None:
    """Keep an event that its device should not have signed."""
    event = examined.event
    Fork.objects.get_or_create(
        device=event.device,
        dseq=event.dseq,
        payload_hash=event.hash,
        defaults={"run": event.run or "", "envelope": examined.envelope.entry, "received_at": at},
    )


def state_fact(kind: EventType, *, run: str | None, data: Mapping[str, Any], at: datetime) -> events.Event:
    """Let the server state a fact about a run, or about the log itself: signed, and appended at once."""
    log = lock_log()
    tenant = scope.current()
    key = keys.server_key(tenant)
    chain = RunChain.objects.filter(run=run).first() if run else None
    has_published = log.published_size > 0
    payload = events.build_payload(
        type=kind,
        tenant=tenant,
        run=run,
        prev_run=chain.heads if chain else (),
        device=key.device,
        dseq=log.server_dseq + 1,
        rseq=(chain.server_rseq if chain else 0) + 1 if run else None,
        prev_device=log.server_head or None,
        actor=SERVER,
        claimed_at=canonical.format_time(at),
        mono_ms=uptime.milliseconds(),
        boot=uptime.BOOT,
        beacon=events.Beacon(log.published_size, log.published_root) if has_published else None,
        data=data,
        assurance="server",
    )
    examined = Examined(envelopes.sign(payload, key), events.parse_payload(payload))
    append(log, examined, at=at, codes=())
    return examined.event


def seal(run: str, *, at: datetime) -> events.Event | None:
    """State that the run is complete as it stands; None while a device's numbers in it have a gap."""
    lock_log()
    last: dict[str, int] = {}
    count = 0
    for device, rseq in Entry.objects.filter(run=run).order_by("device", "rseq").values_list("device", "rseq"):
        if rseq != last.get(device, 0) + 1:
            return None
        last[device] = rseq
        count += 1
    chain = RunChain.objects.get(run=run)
    data = {"count": count, "heads": sorted(chain.heads), "devices": last}
    return state_fact(EventType.RUN_SEALED, run=run, data=data, at=at)


def append(log: Log, examined: Examined, *, at: datetime, codes: tuple[str, ...]) -> Entry:
    """Write the entry and everything that counts it. The caller holds the log's lock."""
    event, index = examined.event, log.next_index
    standing = admissions.Standing.CONTRADICTING if codes else admissions.Standing.ACCEPTED
    admission = admissions.Admission(
        tenant=event.tenant,
        device=event.device,
        dseq=event.dseq,
        payload=event.hash,
        index=index,
        received_at=canonical.format_time(at),
        standing=standing,
        codes=codes,
    )
    entry = Entry.objects.create(
        index=index,
        device=event.device,
        dseq=event.dseq,
        payload_hash=event.hash,
        type=event.type,
        run=event.run or "",
        rseq=event.rseq,
        envelope=examined.envelope.entry,
        admission=admissions.sign_admission(admission, keys.server_key(event.tenant)).entry,
        received_at=at,
        standing=standing.value,
        codes=" ".join(codes),
    )
    log.next_index = index + 1
    if event.device == log.server_device:
        log.server_dseq, log.server_head = event.dseq, event.hash
    log.save(update_fields=["next_index", "server_dseq", "server_head"])
    if event.run:
        _extend(event, is_server=event.device == log.server_device)
    return entry


def _extend(event: events.Event, *, is_server: bool) -> None:
    run = event.run or ""
    chain = RunChain.objects.filter(run=run).first()
    if chain is None:
        chain = RunChain(run=run, heads=[], count=0, server_rseq=0)
    chain.heads = [*(head for head in chain.heads if head not in event.prev_run), event.hash]
    chain.count += 1
    if is_server and event.rseq is not None:
        chain.server_rseq = event.rseq
    chain.save()
