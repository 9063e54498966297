"""The doors to the log: an event is examined, admitted, or kept as a fork; the server states facts; runs are sealed.

Whatever appends does so in the log's book (`open_book`); the functions here open it when none is open yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tanghulu.apps.evidence.actions.book import Examined, Judge, Reception, open_book
from tanghulu.apps.evidence.models import Fork, Log
from tanghulu.apps.evidence.signatures import check_signatures, sender
from tanghulu.apps.tenancy import scope
from tanghulu.core.chain import envelope as envelopes
from tanghulu.core.chain import event as events
from tanghulu.core.chain.event_types import EventType
from tanghulu.core.chain.text import holds_nul
from tanghulu.core.errors import Invalid, NotFound


def examine(sent: object) -> Examined:
    """Check what needs neither transaction nor lock: form, sender, signatures.

    Raises Invalid `envelope_malformed`, `payload_malformed`, `payload_not_canonical`, `payload_too_large`,
    `device_mismatch`, `signature_unknown_key` or `signature_invalid`.
    """
    envelope = envelope_in(sent)
    event = events.parse_payload(envelope.payload)
    if event.tenant != scope.current():
        raise Invalid("device_mismatch")
    if b"\\u0000" in envelope.payload and holds_nul(dict(event.value)):
        raise Invalid("payload_malformed", field="U+0000")
    device = sender(event.device)
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


def lock_log() -> None:
    """Take the lock of the tenant's log until the transaction ends. Raises NotFound `log_not_open`."""
    if Log.objects.select_for_update().first() is None:
        raise NotFound("log_not_open")


def admit(examined: Examined, *, at: datetime, judge: Judge) -> Reception:
    """Make the event an entry of the log, or find the entry that it is already.

    Raises Conflict `event_forked` when the device has used the number for another event; `keep_fork` then keeps this
    one, in a transaction of its own.
    """
    with open_book(at=at) as book:
        return book.admit(examined, judge=judge)


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
    with open_book(at=at) as book:
        return book.state_fact(kind, run=run, data=data)


def seal(run: str, *, at: datetime) -> events.Event | None:
    """State that the run is complete as it stands; None while a device's numbers in it have a gap."""
    with open_book(at=at) as book:
        return book.seal(run)
