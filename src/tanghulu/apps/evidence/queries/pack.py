"""What a pack takes from the log."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

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
    """A run's events and the keys behind them, with proofs under one checkpoint, and the openings that are kept."""

    origin: str
    size: int
    events: Sequence[LoggedEntry]
    keys: Sequence[LoggedEntry]
    openings: Sequence[commitment.Opening]


def logged_run(run: str) -> LoggedRun:
    """The run as far as it is in the log. Raises Conflict `receipt_pending` while no checkpoint covers all of it."""
    log = Log.objects.get()
    newest = Checkpoint.objects.order_by("-size").first()
    rows = list(Entry.objects.filter(run=run).order_by("index"))
    if newest is None or not rows or rows[-1].index >= newest.size:
        raise Conflict("receipt_pending")
    tree, note = tiles.TileTree(LogFiles(), newest.size), bytes(newest.note)
    key_rows = _keys(rows)
    return LoggedRun(
        origin=log.origin,
        size=newest.size,
        events=[LoggedEntry(bytes(row.envelope), proof(row.index, tree, note), bytes(row.admission)) for row in rows],
        keys=[LoggedEntry(bytes(row.envelope), proof(row.index, tree, note)) for row in key_rows],
        openings=_openings([*rows, *key_rows]),
    )


def _keys(rows: Sequence[Entry]) -> list[Entry]:
    """`log.opened`, and the enrolment of every device that signed or countersigned, directly or not."""
    known: dict[str, int] = {}
    ahead = {one.keyid for row in rows for one in envelope.parse_entry(bytes(row.envelope)).signatures}
    while ahead:
        found = vouching.enrolments_of(ahead)
        known |= {device: one.index for device, one in found.items() if one.index is not None}
        ahead = {device for one in found.values() for device in one.countersigners} - known.keys() - ahead
    return list(Entry.objects.filter(index__in=[0, *known.values()]).order_by("index"))


def _openings(rows: Iterable[Entry]) -> list[commitment.Opening]:
    wanted: set[str] = set()
    for row in rows:
        parsed = event.parse_payload(envelope.parse_entry(bytes(row.envelope)).payload)
        wanted |= set(parsed.commitments.values()) | {photo.commitment for photo in parsed.photos}
        if parsed.kind == EventType.PHOTO_STORED:
            wanted.add(str(parsed.data["commitment"]))
    kept = openings_of(wanted)
    return [commitment.Opening(key, kept[key].salt, kept[key].value) for key in sorted(kept)]
