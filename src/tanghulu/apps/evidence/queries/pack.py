"""What a pack takes from the log."""

from __future__ import annotations

import tempfile
from array import array
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from tanghulu.apps.evidence import vouching
from tanghulu.apps.evidence.files import LogFiles
from tanghulu.apps.evidence.models import Checkpoint, Entry, Log
from tanghulu.apps.evidence.queries.log import proof
from tanghulu.apps.evidence.queries.runs import openings_of
from tanghulu.core.chain import commitment, envelope, event, tiles
from tanghulu.core.chain.event_types import EventType
from tanghulu.core.chain.pack_writer import LoggedEntry
from tanghulu.core.errors import Conflict


@dataclass(frozen=True, slots=True)
class LoggedRun:
    """A run's events and the keys behind them, with proofs under one checkpoint, and the openings that are kept.

    Events lie in a file meanwhile, not in memory, and can be gone through while the block of `logged_run` lasts.
    """

    origin: str
    size: int
    events: Spooled
    keys: Sequence[LoggedEntry]
    openings: Sequence[commitment.Opening]


class Spooled:
    """Entries that were written to a file one behind the other."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._lengths = array("L")

    def append(self, one: LoggedEntry) -> None:
        """Write an entry behind the others."""
        for part in (one.entry, one.proof, one.admission or b""):
            self._file.write(part)
            self._lengths.append(len(part))

    def __len__(self) -> int:
        """How many there are."""
        return len(self._lengths) // _PARTS

    def __iter__(self) -> Iterator[LoggedEntry]:
        """From the first on; several may be under way at the same time."""
        at = 0
        for first in range(0, len(self._lengths), _PARTS):
            parts = []
            for length in self._lengths[first : first + _PARTS]:
                self._file.seek(at)
                parts.append(self._file.read(length))
                at += length
            yield LoggedEntry(parts[0], parts[1], parts[2])


_PARTS = 3
_AT_ONCE = 500


@contextmanager
def logged_run(run: str) -> Iterator[LoggedRun]:
    """The run as far as it is in the log. Raises Conflict `receipt_pending` while no checkpoint covers all of it."""
    log = Log.objects.get()
    newest = Checkpoint.objects.order_by("-size").first()
    rows = Entry.objects.filter(run=run).order_by("index")
    last = rows.last()
    if newest is None or last is None or last.index >= newest.size:
        raise Conflict("receipt_pending")
    tree, note = tiles.TileTree(LogFiles(), newest.size), bytes(newest.note)
    with tempfile.TemporaryFile() as file:
        events, named = Spooled(file), _Named()
        for row in rows.filter(index__lte=last.index).iterator(chunk_size=_AT_ONCE):
            events.append(LoggedEntry(bytes(row.envelope), proof(row.index, tree, note), bytes(row.admission)))
            named.take(row)
        keys = _keys(named.devices, newest.size)
        for row in keys:
            # Why a key was ended, in somebody's words, is nobody's business who verifies a job.
            if row.type != EventType.DEVICE_REVOKED:
                named.take(row)
        kept = openings_of(named.commitments)
        yield LoggedRun(
            origin=log.origin,
            size=newest.size,
            events=events,
            keys=[LoggedEntry(bytes(row.envelope), proof(row.index, tree, note)) for row in keys],
            openings=[commitment.Opening(key, kept[key].salt, kept[key].value) for key in sorted(kept)],
        )


class _Named:
    """The devices that signed entries, and the commitments in them."""

    def __init__(self) -> None:
        self.devices: set[str] = set()
        self.commitments: set[str] = set()

    def take(self, row: Entry) -> None:
        signed = envelope.parse_entry(bytes(row.envelope))
        parsed = event.parse_payload(signed.payload)
        self.devices |= {one.keyid for one in signed.signatures}
        self.commitments |= set(parsed.commitments.values()) | {photo.commitment for photo in parsed.photos}


def _keys(devices: Collection[str], size: int) -> list[Entry]:
    """`log.opened`, and the enrolment and revocation of every device that signed here, directly or not.

    Who countersigned an enrolment or signed a revocation has signed here too; `size` bounds the entries.
    """
    indexes = {0}
    met: set[str] = set()
    ahead = set(devices)
    while ahead:
        met |= ahead
        enrolled = vouching.enrolments_of(ahead).values()
        ended = [one for one in vouching.revocations_of(ahead) if one.index is not None and one.index < size]
        found = [one.index for one in enrolled] + [one.index for one in ended]
        indexes |= {index for index in found if index is not None}
        signers = {device for one in enrolled for device in one.countersigners} | {one.signer for one in ended}
        ahead = signers - met
    return list(Entry.objects.filter(index__in=indexes).order_by("index"))
