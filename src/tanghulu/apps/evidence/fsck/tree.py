"""The published log: bundles and tiles against the rows, every checkpoint, and what devices have seen of them."""

from __future__ import annotations

from collections.abc import Iterator

from tanghulu.apps.evidence.files import LogFiles
from tanghulu.apps.evidence.fsck.entries import Entries
from tanghulu.apps.evidence.fsck.findings import Finding
from tanghulu.apps.evidence.models import Checkpoint, Entry, Log
from tanghulu.apps.tenancy import scope
from tanghulu.core.chain import checkpoint, merkle, tiles
from tanghulu.core.chain.note import VerifierKey
from tanghulu.core.errors import Invalid
from tanghulu.gateways import blobs, keys


def check(log: Log, entries: Entries) -> Iterator[Finding]:
    """Compare everything that is published with the rows."""
    leaves = entries.leaves
    node = merkle.in_memory(leaves)
    newest = Checkpoint.objects.order_by("-size").first()
    size = newest.size if newest is not None else 0
    if newest is not None and (log.published_size, log.published_root) != (newest.size, newest.root):
        yield Finding("published_head_differs", "log", "it names another head than the newest checkpoint")
    elif newest is None and log.published_size:
        yield Finding("published_head_differs", "log", "it names a head and there is no checkpoint")
    if size > len(leaves):
        yield Finding("checkpoint_beyond_log", f"checkpoint {size}", f"there are {len(leaves)} entries")
        size = len(leaves)
    elif size < len(leaves):
        yield Finding("entries_unpublished", "log", f"{len(leaves) - size} entries wait", is_note=True)
    yield from _check_checkpoints(log, entries, node)
    yield from _check_beacons(entries, node)
    yield from _check_bundles(size)
    yield from _check_tiles(size, node)


def _check_checkpoints(log: Log, entries: Entries, node: merkle.Node) -> Iterator[Finding]:
    key = _verifier(log, entries)
    try:
        own = keys.log_key(scope.current(), log.origin).verifier
    except keys.Missing as error:
        yield Finding("key_missing", "log", str(error))
        own = key
    if key != own:
        yield Finding("anchor_differs", "log", "the log key in use is not the one that log.opened names")
    for row in Checkpoint.objects.order_by("size").iterator(chunk_size=500):
        about = f"checkpoint {row.size}"
        try:
            said = checkpoint.open_checkpoint(bytes(row.note), key)
        except Invalid as error:
            yield Finding("checkpoint_signature_invalid", about, str(error))
            continue
        if (said.size, said.root.hex()) != (row.size, row.root):
            yield Finding("checkpoint_row_differs", about, "the row says something else than the signed note")
        # Each head over the leaves as they are: heads that are right are consistent with one another.
        if said.size <= len(entries.leaves) and merkle.root(said.size, node) != said.root:
            yield Finding("checkpoint_root_differs", about, "the entries that it covers are not those that are there")


def _verifier(log: Log, entries: Entries) -> VerifierKey:
    anchor = entries.anchor
    return anchor.log_key if anchor is not None else keys.log_key(scope.current(), log.origin).verifier


def _check_beacons(entries: Entries, node: merkle.Node) -> Iterator[Finding]:
    for (size, root), index in entries.beacons.items():
        about = f"entry {index}"
        if size > len(entries.leaves):
            yield Finding("beacon_beyond_log", about, f"its device has seen a log of {size} entries")
        elif merkle.root(size, node).hex() != root:
            yield Finding("beacon_differs", about, f"its device has seen another log of {size} entries")


def _check_bundles(size: int) -> Iterator[Finding]:
    for number in range(-(-size // tiles.TILE_WIDTH)):
        first = number * tiles.TILE_WIDTH
        width = min(tiles.TILE_WIDTH, size - first)
        path = tiles.entries_path(number, width)
        rows = Entry.objects.filter(index__gte=first, index__lt=first + width).order_by("index")
        expected = tiles.encode_bundle([bytes(raw) for raw in rows.values_list("envelope", flat=True)])
        yield from _compare("bundle", path, expected)


def _check_tiles(size: int, node: merkle.Node) -> Iterator[Finding]:
    level, count = 0, size
    while count:
        for number in range(-(-count // tiles.TILE_WIDTH)):
            first = number * tiles.TILE_WIDTH
            width = min(tiles.TILE_WIDTH, count - first)
            hashes = (node(level * tiles.TILE_HEIGHT, first + at) for at in range(width))
            yield from _compare("tile", tiles.tile_path(level, number, width), b"".join(hashes))
        level, count = level + 1, count >> tiles.TILE_HEIGHT


def _compare(kind: str, path: str, expected: bytes) -> Iterator[Finding]:
    try:
        found = LogFiles().read(path)
    except blobs.Missing:
        yield Finding(f"{kind}_missing", path, "the file is not there")
        return
    except Invalid as error:
        yield Finding(f"{kind}_differs", path, str(error))
        return
    if found != expected:
        yield Finding(f"{kind}_differs", path, "the file is not what the rows make")
