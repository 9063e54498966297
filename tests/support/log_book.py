"""A company's log in memory, with devices that sign: whole stories for the tests of chain, packs and verifier.

Everything is deterministic: keys, salts, refs and photos follow from names and counters.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from tanghulu.core import canonical
from tanghulu.core.chain import enrolment, envelope, tiles
from tanghulu.core.chain.admission import Admission, Standing, sign_admission
from tanghulu.core.chain.checkpoint import sign_checkpoint
from tanghulu.core.chain.commitment import Opening, open_with
from tanghulu.core.chain.envelope import Envelope
from tanghulu.core.chain.event import Beacon, Event, Photo, build_payload, parse_payload
from tanghulu.core.chain.keys import SECRET_BYTES, SigningKey, signing_key
from tanghulu.core.chain.merkle import inclusion_proof
from tanghulu.core.chain.note import note_key
from tanghulu.core.chain.pack_writer import LoggedEntry, PackParts, PackPhoto, write_pack
from tanghulu.core.chain.policy import write_policy
from tanghulu.core.chain.proof import Proof

START = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)
TEMPLATE = canonical.dumps(
    {"v": 1, "template": "belt-conveyor-maintenance", "title": {"en": "Belt", "zh-Hans": "皮带"}}
)


def stretch(label: str, size: int) -> bytes:
    """As many bytes as asked for that follow from a label and look like chance."""
    blocks = (hashlib.sha256(f"{label}/{number}".encode()).digest() for number in range(size // 32 + 1))
    return b"".join(blocks)[:size]


def ref(label: str) -> str:
    """A ref that follows from a label."""
    return hashlib.sha256(label.encode()).hexdigest()[:32]


def _standing(codes: Sequence[str]) -> Standing:
    if "key_revoked" in codes:
        return Standing.REVOKED
    return Standing.CONTRADICTING if codes else Standing.ACCEPTED


@dataclass
class Device:
    """Somebody's device: its key and its counters."""

    name: str
    actor: str
    key: SigningKey
    assurance: str = "webcrypto"
    dseq: int = 0
    last: str | None = None
    rseqs: dict[str, int] = field(default_factory=dict)
    mono_ms: int = 0
    boot: str = ""


@dataclass
class Files:
    """The log's files in memory."""

    files: dict[str, bytes] = field(default_factory=dict)

    def read(self, path: str) -> bytes:
        return self.files[path]


@dataclass
class LogBook:
    """One company's log: devices act, the server admits, packs come out."""

    tenant: str = "harbour"
    host: str = "tanghulu.example"
    seed: str = ""
    entries: list[Envelope] = field(default_factory=list)
    admissions: list[Envelope] = field(default_factory=list)
    openings: dict[str, Opening] = field(default_factory=dict)
    photos: dict[str, bytes] = field(default_factory=dict)
    files: Files = field(default_factory=Files)

    def __post_init__(self) -> None:
        self.origin = f"{self.host}/log/{self.tenant}"
        self.log_key = note_key(self.origin, stretch(f"{self.seed}log key of {self.tenant}", 32))
        self.server = self.device("server", actor="server")
        self.server.assurance = "server"

    def device(self, name: str, *, actor: str | None = None) -> Device:
        """A new device of the person of that name; the words before a space are the person's."""
        key = signing_key(stretch(f"{self.seed}{self.tenant} {name}", SECRET_BYTES))
        return Device(name, actor or ref(name.partition(" ")[0]), key, boot=ref(f"boot of {name}"))

    def open(self, *, founders: Sequence[str] = ("chen",)) -> Event:
        """Entry 0."""
        data = enrolment.anchor_data(
            origin=self.origin,
            log_key=self.log_key.verifier,
            server_spki=self.server.key.spki,
            founders=[ref(name) for name in founders],
        )
        return self.admit(self.sign(self.server, type="log.opened", data=data))

    def enrol(self, device: Device, *, by: Device | None, may_enrol: bool = False) -> Event:
        """Enrol a device, countersigned by another (the server's among them) or by nobody."""
        name, label = device.name.partition(" ")[0].title(), f"{device.name}'s phone"
        signed = self.sign(
            device,
            type="device.enrolled",
            data=enrolment.enrolment_data(spki=device.key.spki, may_enrol=may_enrol),
            commitments={"name": self.hide(name), "label": self.hide(label)},
        )
        return self.admit(signed if by is None else envelope.countersign(signed, by.key))

    def revoke(self, device: Device, *, by: Device, why: str = "lost") -> Event:
        """End a device's key, as another device's person decides."""
        data = {"device": device.key.device, "why": why, "saw": [device.last] if device.last else []}
        return self.admit(
            self.sign(by, type="device.revoked", data=data, commitments={"reason": self.hide("地铁上丢了")})
        )

    def hide(self, value: canonical.Value) -> str:
        """Commit to a value and keep its opening."""
        opening = open_with(value, stretch(f"salt {len(self.openings)}", 32))
        self.openings[opening.commitment] = opening
        return opening.commitment

    def photo(self, slot: str, size: int = 300, media_type: str = "image/jpeg") -> Photo:
        """Take a photo: bytes that look like chance, and the commitment to their hash."""
        raw = stretch(f"photo {len(self.photos)}", size)
        sha256 = hashlib.sha256(raw).hexdigest()
        self.photos[sha256] = raw
        return Photo(slot, self.hide(sha256), size, media_type)

    def sign(
        self, device: Device, *, run: str | None = None, links: Sequence[str] | None = None, **members: object
    ) -> Envelope:
        """Let a device sign its next event; in a run it follows `links`, or else all heads of the run."""
        device.dseq += 1
        device.mono_ms += 1_000
        if run is not None:
            device.rseqs[run] = device.rseqs.get(run, 0) + 1
            if members["type"] != "run.opened":
                members["prev_run"] = self.heads(run) if links is None else links
        given: dict[str, object] = {
            "tenant": self.tenant,
            "device": device.key.device,
            "dseq": device.dseq,
            "actor": device.actor,
            "claimed_at": canonical.format_time(START + timedelta(minutes=len(self.entries))),
            "mono_ms": device.mono_ms,
            "boot": device.boot,
            "assurance": device.assurance,
            "run": run,
            "rseq": device.rseqs[run] if run is not None else None,
            "prev_device": device.last,
            "beacon": Beacon(1, "0" * 64) if device.dseq > 1 else None,
        }
        payload = build_payload(**{**given, **members})  # type: ignore[arg-type]
        signed = envelope.sign(payload, device.key)
        device.last = signed.payload_hash
        return signed

    def admit(self, signed: Envelope, *, codes: Sequence[str] = ()) -> Event:
        """Append an envelope to the log; `codes` say what it contradicts, `key_revoked` that its key had ended."""
        event = parse_payload(signed.payload)
        index = len(self.entries)
        self.entries.append(signed)
        said = Admission(
            tenant=event.tenant,
            device=event.device,
            dseq=event.dseq,
            payload=event.hash,
            index=index,
            received_at=canonical.format_time(START + timedelta(minutes=index, seconds=1)),
            standing=_standing(codes),
            codes=tuple(codes),
        )
        self.admissions.append(sign_admission(said, self.server.key))
        grown = tiles.grow(index, [signed.entry], self.files)
        self.files.files.update(grown.files)
        return event

    def act(self, device: Device, run: str, type: str, **members: object) -> Event:  # noqa: A002
        """Sign and admit in one go."""
        return self.admit(self.sign(device, run=run, type=type, **members))

    def seal(self, run: str, **changes: object) -> Event:
        """Seal the run as it stands; `changes` replace what the seal says."""
        events = self.events(run)
        devices: dict[str, int] = {}
        for event in events:
            devices[event.device] = max(event.rseq or 0, devices.get(event.device, 0))
        data = {"count": len(events), "heads": self.heads(run), "devices": devices, **changes}
        return self.act(self.server, run, "run.sealed", data=data)

    def events(self, run: str) -> list[Event]:
        """The run's events in log order."""
        return [event for event in map(self.event, range(len(self.entries))) if event.run == run]

    def event(self, index: int) -> Event:
        return parse_payload(self.entries[index].payload)

    def heads(self, run: str) -> list[str]:
        """Payload hashes that no other event of the run names."""
        events = self.events(run)
        named = {link for event in events for link in event.prev_run}
        return sorted(event.hash for event in events if event.hash not in named)

    def checkpoint(self) -> bytes:
        return sign_checkpoint(len(self.entries), tiles.TileTree(self.files, len(self.entries)).root(), self.log_key)

    def policy(self, *, founders: Sequence[Device] = ()) -> bytes:
        pins = [one.key.device for one in founders]
        return write_policy([self.log_key.verifier], comment=f"The log of {self.tenant}", founders=pins)

    def logged(self, index: int, *, admitted: bool) -> LoggedEntry:
        """An entry with its proof as it goes into a pack."""
        size = len(self.entries)
        path = inclusion_proof(index, size, tiles.TileTree(self.files, size).node)
        proof = Proof(index, tuple(path), self.checkpoint()).encode()
        admission = self.admissions[index].entry if admitted else None
        return LoggedEntry(self.entries[index].entry, proof, admission)

    def parts(self, run: str, *, withhold: Sequence[str] = (), others: Mapping[str, bytes] | None = None) -> PackParts:
        """What a pack of the run holds; `withhold` names commitments that are not opened."""
        mine = [index for index in range(len(self.entries)) if self.event(index).run == run]
        keys = [index for index in range(len(self.entries)) if self.event(index).run is None]
        known = {
            commitment
            for event in map(self.event, (*mine, *keys))
            for commitment in (*event.commitments.values(), *(photo.commitment for photo in event.photos))
        }
        openings = [self.openings[one] for one in sorted(known) if one in self.openings and one not in withhold]
        disclosed = {one.commitment: one.value for one in openings}
        photos = [
            PackPhoto(
                str(disclosed[photo.commitment]),
                photo.media_type,
                len(self.photos[str(disclosed[photo.commitment])]),
                self._chunks(str(disclosed[photo.commitment])),
            )
            for event in map(self.event, mine)
            for photo in event.photos
            if photo.commitment in disclosed
        ]
        return PackParts(
            tenant=self.tenant,
            run=run,
            origin=self.origin,
            size=len(self.entries),
            events=[self.logged(index, admitted=True) for index in mine],
            keys=[self.logged(index, admitted=False) for index in keys],
            template=TEMPLATE,
            openings=openings,
            photos=photos,
            report=b"<!doctype html><title>report</title>",
            others=others or {},
        )

    def _chunks(self, sha256: str):
        return lambda: [self.photos[sha256][:100], self.photos[sha256][100:]]

    def pack(self, run: str, *, withhold: Sequence[str] = ()) -> bytes:
        """The bytes of the run's pack."""
        sink = io.BytesIO()
        write_pack(sink, self.parts(run, withhold=withhold))
        return sink.getvalue()
