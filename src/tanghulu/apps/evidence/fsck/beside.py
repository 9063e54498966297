"""What lies beside the log: the register of devices, forks, openings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tanghulu.apps.evidence import vouching
from tanghulu.apps.evidence.fsck.findings import Finding
from tanghulu.apps.evidence.models import Device, Entry, Fork, Opening
from tanghulu.apps.evidence.signatures import IN_THE_LOG, REVOKED, check_signatures, known_device
from tanghulu.core.chain import commitment, enrolment
from tanghulu.core.chain import envelope as envelopes
from tanghulu.core.chain.event_types import EventType
from tanghulu.core.errors import Invalid

_AT_ONCE = 500


def check_devices() -> Iterator[Finding]:
    """Every enrolled device is in the log as its row says, and every enrolment of the log has its row."""
    kept = {row.device: row for row in Device.objects.filter(status__in=IN_THE_LOG)}
    for entry in Entry.objects.filter(type=EventType.DEVICE_ENROLLED).order_by("index").iterator(chunk_size=_AT_ONCE):
        row = kept.pop(entry.device, None)
        found = _enrolment(entry)
        if found is None:
            continue  # the entry itself has been found malformed
        if row is None or _differs(row, found):
            yield Finding("device_row_differs", f"device {entry.device}", "its row is not what its enrolment says")
    for device in kept:
        yield Finding("device_not_in_log", f"device {device}", "its row says that it is enrolled")


def _enrolment(entry: Entry) -> enrolment.Enrolment | None:
    try:
        return vouching.enrolment_in(entry)
    except Invalid:
        return None


def _differs(row: Device, found: enrolment.Enrolment) -> bool:
    said = (bytes(row.spki), row.member, row.may_enrol)
    return said != (found.key.spki, found.actor, found.may_enrol)


def check_revocations(since: Mapping[str, int]) -> Iterator[Finding]:
    """Every device that the log says is revoked since an entry has a row that says the same, and no other has."""
    kept = dict(Device.objects.filter(status=REVOKED).values_list("device", "revoked_index"))
    for device in sorted(kept.keys() | since.keys()):
        if kept.get(device) != since.get(device):
            yield Finding("device_row_differs", f"device {device}", "its row and the log differ on its revocation")


def check_forks() -> Iterator[Finding]:
    """Every fork is genuine; that there is one is a note, for somebody must look at it."""
    for row in Fork.objects.order_by("pk").iterator(chunk_size=_AT_ONCE):
        about = f"fork {row.payload_hash}"
        try:
            envelope = envelopes.parse_entry(bytes(row.envelope))
            check_signatures(envelope, known_device(row.device))
        except Invalid as error:
            yield Finding("fork_invalid", about, str(error))
            continue
        detail = f"device {row.device} has signed two events with the number {row.dseq}"
        yield Finding("fork_kept", about, detail, is_note=True)


def check_openings() -> Iterator[Finding]:
    """Every opening opens its commitment."""
    for row in Opening.objects.order_by("pk").iterator(chunk_size=_AT_ONCE):
        if not commitment.Opening(row.commitment, bytes(row.salt), row.value).opens():
            yield Finding("opening_invalid", f"opening {row.commitment}", "value and salt do not give the commitment")
