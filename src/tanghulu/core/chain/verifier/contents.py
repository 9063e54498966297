"""A pack, parsed once: what each claim is judged on. Nothing here is trusted yet, and nothing is dropped."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tanghulu.core import canonical
from tanghulu.core.chain import pack_format
from tanghulu.core.chain.admission import Admission, Standing, parse_admission
from tanghulu.core.chain.checkpoint import Checkpoint, parse_checkpoint
from tanghulu.core.chain.commitment import Opening, opening_of
from tanghulu.core.chain.encoding import is_hash
from tanghulu.core.chain.enrolment import Anchor, Enrolment, anchor_of, enrolment_of
from tanghulu.core.chain.envelope import ADMISSION_TYPE, EVENT_TYPE, Envelope, parse_entry
from tanghulu.core.chain.event import Event, parse_payload
from tanghulu.core.chain.event_types import EventType
from tanghulu.core.chain.keys import PublicKey
from tanghulu.core.chain.note import Note
from tanghulu.core.chain.pack_reader import Pack
from tanghulu.core.chain.proof import Proof, parse_proof
from tanghulu.core.chain.revocation import Ended, Revocation, ended_keys, revocation_of
from tanghulu.core.errors import Invalid


@dataclass(frozen=True, slots=True)
class Record:
    """One envelope of the pack with its proof and admission; what could not be read is None, with the code in `fault`.

    `raw` is the member's bytes, None when it is missing or too long to be looked into.
    """

    name: str
    raw: bytes | None
    envelope: Envelope | None
    event: Event | None
    fault: str | None
    proof_name: str
    proof: Proof | None
    admission_name: str | None
    admission: Envelope | None
    admitted: Admission | None

    @property
    def index(self) -> int | None:
        """The entry's number in the log as its proof has it; INTEGRITY says whether the proof holds."""
        return None if self.proof is None else self.proof.index

    @property
    def is_aside(self) -> bool:
        """Whether its admission says that its key had ended; INTEGRITY and WHO say whether that holds."""
        return self.admitted is not None and self.admitted.standing is Standing.REVOKED


@dataclass(frozen=True, slots=True)
class PhotoFile:
    """A photo in the pack by its member's name."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything that the claims look at.

    `checkpoint_raw` is the checkpoint that most proofs end in. `keys` holds the public keys of `keys/`, by device.
    `ended` says which of them the revocations of `keys/` have ended.
    """

    pack: Pack
    events: Sequence[Record]
    enrolments: Sequence[Record]
    anchor_record: Record | None
    anchor: Anchor | None
    devices: Mapping[str, Sequence[Enrolment]]
    keys: Mapping[str, PublicKey]
    ended: Ended
    checkpoint_raw: bytes | None
    checkpoint: Checkpoint | None
    note: Note | None
    openings: Mapping[str, Opening]
    faulty_openings: Sequence[str]
    photos: Mapping[str, PhotoFile]

    @property
    def readable(self) -> list[tuple[Record, Event]]:
        """The run's events that could be read, in the order of their files."""
        return [(record, record.event) for record in self.events if record.event is not None]

    @property
    def aside(self) -> frozenset[str]:
        """The payload hashes of the run's events that came under a key that had ended: they move nothing."""
        return frozenset(event.hash for record, event in self.readable if record.is_aside)

    @property
    def openings_of_run(self) -> list[Event]:
        """Every `run.opened`, without those aside while there is another."""
        opened = [event for _, event in self.readable if event.kind is EventType.RUN_OPENED]
        return [event for event in opened if event.hash not in self.aside] or opened

    @property
    def all_records(self) -> list[Record]:
        """Events of the run, then enrolments."""
        return [*self.events, *self.enrolments]


def read_contents(pack: Pack) -> Contents:
    """Parse the members of a pack.

    Raises:
        Invalid: `pack_bad_json` for `openings.json` or `template.json`.
    """
    manifest = pack.manifest
    events = [
        _record(
            pack,
            pack_format.event_name(number),
            pack_format.event_proof_name(number),
            pack_format.admission_name(number),
        )
        for number in range(1, manifest.events + 1)
    ]
    enrolments = [
        _record(pack, pack_format.key_name(number), pack_format.key_proof_name(number), None)
        for number in range(1, manifest.keys + 1)
    ]
    anchor_record, anchor = _anchor(enrolments)
    devices = _devices(enrolments)
    keys = {device: found[0].key for device, found in devices.items()}
    if anchor is not None:
        keys[anchor.server.device] = anchor.server
    raw, checkpoint, note = _checkpoint([*events, *enrolments])
    openings, faulty = _openings(pack.documents)
    _read_template(pack.documents)
    return Contents(
        pack=pack,
        events=events,
        enrolments=enrolments,
        anchor_record=anchor_record,
        anchor=anchor,
        devices=devices,
        keys=keys,
        ended=_ended(enrolments, anchor, devices),
        checkpoint_raw=raw,
        checkpoint=checkpoint,
        note=note,
        openings=openings,
        faulty_openings=faulty,
        photos=_photos(pack),
    )


def _record(pack: Pack, name: str, proof_name: str, admission_name: str | None) -> Record:
    documents = pack.documents
    raw = documents.get(name)
    # What is there and was not looked into is too long to be an envelope.
    fault = "envelope_malformed" if raw is None and name in pack.files else None
    envelope = event = None
    try:
        if raw is not None:
            envelope = parse_entry(raw, payload_type=EVENT_TYPE)
            event = parse_payload(envelope.payload)
    except Invalid as error:
        fault = error.code
    if event is not None and envelope is not None and envelope.signatures[0].keyid != event.device:
        event, fault = None, "envelope_malformed"
    admission, admitted = _admission(documents.get(admission_name) if admission_name else None)
    return Record(
        name=name,
        raw=raw,
        envelope=envelope,
        event=event,
        fault=fault,
        proof_name=proof_name,
        proof=_proof(documents.get(proof_name)),
        admission_name=admission_name,
        admission=admission,
        admitted=admitted,
    )


def _proof(raw: bytes | None) -> Proof | None:
    try:
        return None if raw is None else parse_proof(raw)
    except Invalid:
        return None


def _admission(raw: bytes | None) -> tuple[Envelope | None, Admission | None]:
    try:
        if raw is not None:
            envelope = parse_entry(raw, payload_type=ADMISSION_TYPE)
            return envelope, parse_admission(envelope.payload)
    except Invalid:
        pass
    return None, None


def _anchor(enrolments: Iterable[Record]) -> tuple[Record | None, Anchor | None]:
    """The `log.opened` that the pack brings, and what it says where it is well-formed."""
    for record in enrolments:
        if record.event is not None and record.event.kind is EventType.LOG_OPENED:
            try:
                return record, anchor_of(record.event)
            except Invalid:
                return record, None
    return None, None


def _devices(enrolments: Iterable[Record]) -> dict[str, list[Enrolment]]:
    devices: dict[str, list[Enrolment]] = {}
    for record in enrolments:
        event, envelope = record.event, record.envelope
        if event is None or envelope is None or event.kind is not EventType.DEVICE_ENROLLED:
            continue
        try:
            found = enrolment_of(event, (one.keyid for one in envelope.signatures), record.index)
        except Invalid:
            continue
        devices.setdefault(found.device, []).append(found)
    return devices


def _ended(enrolments: Iterable[Record], anchor: Anchor | None, devices: Mapping[str, Sequence[Enrolment]]) -> Ended:
    if anchor is None:
        return Ended({}, ())
    found: list[Revocation] = [
        revocation_of(record.event, record.index)
        for record in enrolments
        if record.event is not None and record.event.kind is EventType.DEVICE_REVOKED
    ]
    return ended_keys(found, anchor=anchor, enrolled={device: each[0] for device, each in devices.items()})


def _checkpoint(records: Iterable[Record]) -> tuple[bytes | None, Checkpoint | None, Note | None]:
    counted = Counter(record.proof.checkpoint for record in records if record.proof is not None)
    if not counted:
        return None, None, None
    raw = counted.most_common(1)[0][0]
    try:
        return raw, *parse_checkpoint(raw)
    except Invalid:
        return raw, None, None


def _openings(documents: Mapping[str, bytes]) -> tuple[dict[str, Opening], list[str]]:
    """The openings that open, by commitment, and what to say about the others."""
    raw = documents.get(pack_format.OPENINGS)
    value = [] if raw is None else pack_format.parse_document(pack_format.OPENINGS, raw)
    if not isinstance(value, list):
        return {}, [pack_format.OPENINGS]
    good: dict[str, Opening] = {}
    faulty: list[str] = []
    last = ""
    for number, one in enumerate(value, start=1):
        opening = _opening(one)
        # Sorted and unique, so that the same openings have one spelling.
        if opening is None or not opening.opens() or opening.commitment <= last:
            faulty.append(opening.commitment if opening else f"{pack_format.OPENINGS} {number}")
        else:
            good[opening.commitment] = opening
            last = opening.commitment
    return good, faulty


def _opening(value: canonical.Value) -> Opening | None:
    try:
        return opening_of(value)
    except Invalid:
        return None


def _read_template(documents: Mapping[str, bytes]) -> None:
    raw = documents.get(pack_format.TEMPLATE)
    if raw is not None:
        pack_format.parse_document(pack_format.TEMPLATE, raw)


def _photos(pack: Pack) -> dict[str, PhotoFile]:
    return {
        name: PhotoFile(name, digest.sha256, digest.size)
        for name, digest in pack.files.items()
        if name.startswith("photos/")
    }


def template_hash(pack: Pack) -> str | None:
    """SHA-256 of `template.json`, None when the pack has none."""
    raw = pack.documents.get(pack_format.TEMPLATE)
    return None if raw is None else hashlib.sha256(raw).hexdigest()


def photo_hash(contents: Contents, commitment: str) -> str | None:
    """The photo's SHA-256 that the commitment was opened to; None when it is withheld."""
    opening = contents.openings.get(commitment)
    return opening.value if opening is not None and is_hash(opening.value) else None
