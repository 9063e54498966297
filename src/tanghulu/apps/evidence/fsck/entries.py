"""The rows of a log: every envelope, signature and admission, and whether the columns say the same."""

from __future__ import annotations

from collections.abc import Iterator

from tanghulu.apps.evidence.fsck.chains import DeviceChains, RunChains
from tanghulu.apps.evidence.fsck.findings import Finding
from tanghulu.apps.evidence.models import TYPE_LENGTH, Entry, Log
from tanghulu.apps.tenancy import scope
from tanghulu.core import canonical
from tanghulu.core.chain import admission as admissions
from tanghulu.core.chain import enrolment, keys, merkle, revocation
from tanghulu.core.chain import envelope as envelopes
from tanghulu.core.chain import event as events
from tanghulu.core.chain.event_types import SERVER, EventType
from tanghulu.core.errors import Invalid

_AT_ONCE = 500


class Entries:
    """Reads the rows once, in order. Afterwards `leaves` and `beacons` are what the tree is compared with.

    `ended` names the devices whose keys were revoked, with the numbers of the entries that did it.
    """

    def __init__(self, log: Log) -> None:
        self.log = log
        self.leaves: list[bytes] = []
        self.beacons: dict[tuple[int, str], int] = {}
        self.ended: dict[str, int] = {}
        self._keys: dict[str, keys.PublicKey] = {}
        self._members: dict[str, str] = {}
        self._enrolments: dict[str, enrolment.Enrolment] = {}
        self._anchor: enrolment.Anchor | None = None
        self._devices = DeviceChains()
        self._runs = RunChains(log.server_device)

    def check(self) -> Iterator[Finding]:
        """Check every row, then the chains and counters that the rows make."""
        for row in Entry.objects.order_by("index").iterator(chunk_size=_AT_ONCE):
            while len(self.leaves) < row.index:
                yield Finding("entry_missing", f"entry {len(self.leaves)}", "there is no row with this number")
                self.leaves.append(b"")
            yield from self._check_row(row)
        yield from self._check_counters()
        yield from self._devices.check()
        yield from self._runs.check()

    def _check_row(self, row: Entry) -> Iterator[Finding]:
        about = f"entry {row.index}"
        raw = bytes(row.envelope)
        self.leaves.append(merkle.leaf_hash(raw))
        try:
            envelope = envelopes.parse_entry(raw)
            event = events.parse_payload(envelope.payload)
        except Invalid as error:
            yield Finding("entry_malformed", about, str(error))
            return
        if event.tenant != scope.current():
            yield Finding("entry_foreign", about, f"it is of the tenant {event.tenant}")
        yield from self._check_columns(row, event, about)
        yield from self._learn(envelope, event, row.index, about)
        yield from self._check_signatures(envelope, event, about)
        yield from self._check_admission(row, event, about)
        yield from self._devices.add(event, about)
        yield from self._runs.add(event, about, is_aside=row.standing == admissions.Standing.REVOKED.value)
        if event.beacon is not None:
            self.beacons.setdefault((event.beacon.size, event.beacon.root), row.index)

    def _check_columns(self, row: Entry, event: events.Event, about: str) -> Iterator[Finding]:
        said = (row.device, row.dseq, row.payload_hash, row.type, row.run, row.rseq)
        if said != (event.device, event.dseq, event.hash, event.type[:TYPE_LENGTH], event.run or "", event.rseq):
            yield Finding("entry_row_differs", about, "the row's columns are not what the envelope says")

    def _learn(self, envelope: envelopes.Envelope, event: events.Event, index: int, about: str) -> Iterator[Finding]:
        """Take the keys that `log.opened` and enrolments bring."""
        try:
            if index == 0:
                self._anchor = enrolment.anchor_of(event)
                self._keys[event.device], self._members[event.device] = self._anchor.server, SERVER
            elif event.kind is EventType.DEVICE_ENROLLED:
                found = enrolment.enrolment_of(event, [one.keyid for one in envelope.signatures], index)
                yield from self._check_vouching(found, about)
                self._enrolments[event.device] = found
                self._keys[event.device], self._members[event.device] = found.key, found.actor
            elif event.kind is EventType.DEVICE_REVOKED:
                yield from self._end(revocation.revocation_of(event, index), about)
        except Invalid as error:
            yield Finding(error.code, about, "no key can be taken from it")

    def _end(self, found: revocation.Revocation, about: str) -> Iterator[Finding]:
        """Take note that a key has ended, if whoever ended it might."""
        refusal: str | None = "anchor_missing"
        if self._anchor is not None:
            refusal = revocation.revocation_refusal(
                found, anchor=self._anchor, enrolled=self._enrolments, since=self.ended
            )
        if refusal is not None:
            yield Finding("revocation_not_allowed", about, refusal)
        elif found.index is not None:
            self.ended.setdefault(found.device, found.index)

    def _check_vouching(self, found: enrolment.Enrolment, about: str) -> Iterator[Finding]:
        if self._anchor is None or not found.countersigners:
            yield Finding("countersignature_missing", about, "nobody vouched for this device")
            return
        for countersigner in found.countersigners:
            refusal = enrolment.countersigning_refusal(
                found, countersigner, anchor=self._anchor, enrolled=self._enrolments, ended=self.ended
            )
            if refusal is not None:
                yield Finding("countersignature_not_allowed", about, refusal)

    def _check_signatures(self, envelope: envelopes.Envelope, event: events.Event, about: str) -> Iterator[Finding]:
        if envelope.signatures[0].keyid != event.device or self._members.get(event.device, event.actor) != event.actor:
            yield Finding("device_mismatch", about, "the device that signed first is not the actor's")
        for one in envelope.signatures:
            key = self._keys.get(one.keyid)
            if key is None:
                yield Finding("signature_unknown_key", about, f"{one.keyid} is not in the log before it")
            elif not envelope.signed_by(key):
                yield Finding("signature_invalid", about, f"the signature of {one.keyid} does not verify")

    def _check_admission(self, row: Entry, event: events.Event, about: str) -> Iterator[Finding]:
        server = self._keys.get(self.log.server_device)
        try:
            envelope = envelopes.parse_entry(bytes(row.admission), payload_type=envelopes.ADMISSION_TYPE)
            said = admissions.parse_admission(envelope.payload)
        except Invalid as error:
            yield Finding("admission_invalid", about, str(error))
            return
        if server is None or not envelope.signed_by(server):
            yield Finding("admission_invalid", about, "it is not signed by the server key")
        expected = admissions.Admission(
            tenant=event.tenant,
            device=event.device,
            dseq=event.dseq,
            payload=event.hash,
            index=row.index,
            received_at=canonical.format_time(row.received_at),
            standing=said.standing,
            codes=tuple(row.codes.split()),
        )
        if said != expected or row.standing != said.standing.value:
            yield Finding("admission_differs", about, "the server's word says something else than the row")
        since = self.ended.get(event.device)
        if (said.standing is admissions.Standing.REVOKED) != (since is not None and since < row.index):
            yield Finding(
                "revocation_differs", about, "the log and the server's word differ on whether its key was good"
            )

    def _check_counters(self) -> Iterator[Finding]:
        log, size = self.log, len(self.leaves)
        if log.next_index > size:
            yield Finding("entry_missing", f"entry {size}", f"the log counts {log.next_index} entries")
        elif log.next_index < size:
            yield Finding("log_counter_differs", "log", f"it counts {log.next_index} entries and has {size}")
        if self._anchor is not None:
            if (self._anchor.origin, self._anchor.server.device) != (log.origin, log.server_device):
                yield Finding("anchor_differs", "log", "origin or server key are not those of log.opened")
        elif self.leaves:
            yield Finding("anchor_missing", "entry 0", "the log does not begin with log.opened")
        if self._devices.last(log.server_device) != (log.server_dseq, log.server_head):
            yield Finding("log_counter_differs", "log", "the server's own chain stands elsewhere")

    @property
    def anchor(self) -> enrolment.Anchor | None:
        """What `log.opened` says, once the rows are read; None when it cannot be read."""
        return self._anchor
