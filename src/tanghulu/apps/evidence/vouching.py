"""Who may vouch for a device, as the log itself tells it."""

from __future__ import annotations

from collections.abc import Collection

from tanghulu.apps.evidence.models import Device, Entry
from tanghulu.apps.evidence.signatures import IN_THE_LOG, REVOKED
from tanghulu.core.chain import enrolment, revocation
from tanghulu.core.chain import envelope as envelopes
from tanghulu.core.chain import event as events
from tanghulu.core.errors import NotFound


def refusal_of(asked: enrolment.Enrolment, countersigner: str) -> str | None:
    """Why the device `countersigner` may not vouch for `asked`, as a code; None when it may."""
    # Only the devices of the two people matter; a log may have tens of thousands.
    own = Device.objects.filter(member=asked.actor, status__in=IN_THE_LOG).values_list("device", flat=True)
    enrolled = enrolments_of({*own, countersigner})
    return enrolment.countersigning_refusal(
        asked, countersigner, anchor=anchor(), enrolled=enrolled, ended=ended_since([countersigner])
    )


def ended_since(devices: Collection[str]) -> dict[str, int]:
    """Those of these devices whose keys have been revoked, with the number of the entry that did it."""
    ended = Device.objects.filter(device__in=devices, status=REVOKED, revoked_index__isnull=False)
    return {device: index for device, index in ended.values_list("device", "revoked_index") if index is not None}


def anchor() -> enrolment.Anchor:
    """What the log's first entry says. Raises NotFound `log_not_open`."""
    first = Entry.objects.filter(index=0).first()
    if first is None:
        raise NotFound("log_not_open")
    return enrolment.anchor_of(events.parse_payload(envelopes.parse_entry(bytes(first.envelope)).payload))


def enrolments_of(devices: Collection[str]) -> dict[str, enrolment.Enrolment]:
    """The enrolments of those of these devices that are in the log, by device; the server has none."""
    rows = Entry.objects.filter(device__in=devices, dseq=1, index__gt=0).order_by("index").only("index", "envelope")
    found = [enrolment_in(row) for row in rows]
    return {one.device: one for one in found}


def revocations_of(devices: Collection[str]) -> list[revocation.Revocation]:
    """The revocations of those of these devices whose keys have ended."""
    ended = Entry.objects.filter(index__in=ended_since(devices).values()).order_by("index").only("index", "envelope")
    return [
        revocation.revocation_of(events.parse_payload(envelopes.parse_entry(bytes(row.envelope)).payload), row.index)
        for row in ended
    ]


def enrolment_in(row: Entry) -> enrolment.Enrolment:
    """The enrolment that an entry is."""
    found = envelopes.parse_entry(bytes(row.envelope))
    keyids = [one.keyid for one in found.signatures]
    return enrolment.enrolment_of(events.parse_payload(found.payload), keyids, row.index)
