"""How the log of a company is, and what its phones say of the time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from tanghulu.apps.evidence.models import Checkpoint, Entry, Log
from tanghulu.core.access import Actor, Permission
from tanghulu.core.canonical import parse_time
from tanghulu.core.chain import envelope, event

_RECENT = timedelta(days=7)
_NEWEST = 200
"""Among how many entries, the newest, the last one of each phone is looked for."""


@dataclass(frozen=True, slots=True)
class LogHealth:
    """The log: its entries, and those that no checkpoint covers.

    In seconds: how long the oldest of them has waited, and how old the newest checkpoint is; None where there is none.
    """

    entries: int
    unpublished: int
    oldest: float | None
    checkpoint: float | None


def log_health(actor: Actor, *, at: datetime) -> LogHealth:
    """How the log of the actor's company is at this time."""
    actor.require(Permission.SERVER_STATUS_READ)
    log = Log.objects.first()
    if log is None:
        return LogHealth(0, 0, None, None)
    received = Entry.objects.filter(index=log.published_size).values_list("received_at", flat=True).first()
    signed = Checkpoint.objects.order_by("-size").values_list("signed_at", flat=True).first()
    return LogHealth(
        entries=log.next_index,
        unpublished=log.next_index - log.published_size,
        oldest=(at - received).total_seconds() if received else None,
        checkpoint=(at - signed).total_seconds() if signed else None,
    )


def phones_ahead(actor: Actor, *, at: datetime) -> list[float]:
    """By how many seconds each device of the last days was ahead of the server's clock when it was last heard.

    Less than 0 also means that it was offline meanwhile.
    """
    actor.require(Permission.SERVER_STATUS_READ)
    log = Log.objects.first()
    if log is None:
        return []
    newest: dict[str, float] = {}
    rows = (
        Entry.objects.filter(received_at__gte=at - _RECENT)
        .exclude(device=log.server_device)
        .order_by("-index")[:_NEWEST]
    )
    for row in rows.only("device", "envelope", "received_at"):
        if row.device not in newest:
            claimed = event.parse_payload(envelope.parse_entry(bytes(row.envelope)).payload).claimed_at
            newest[row.device] = (parse_time(claimed) - row.received_at).total_seconds()
    return list(newest.values())
