"""The log's static files (C2SP tlog-tiles): tiles of 256 hashes, bundles of 256 entries, and how a batch grows them.

tile/<L>/<N>[.p/<W>]         W hashes of level 8 * L, from number 256 * N on (256 without .p)
tile/entries/<N>[.p/<W>]     W entries, each behind its length as uint16 big-endian
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from tanghulu.core.chain.encoding import HASH_BYTES
from tanghulu.core.chain.merkle import leaf_hash, node_hash, root
from tanghulu.core.errors import Invalid

TILE_WIDTH: Final = 256
TILE_HEIGHT: Final = 8
MAX_ENTRY_BYTES: Final = 65_535


class TileReader(Protocol):
    """Gives the bytes of a file of the log by its path below the log's address, such as `tile/0/x001/067.p/8`."""

    def read(self, path: str) -> bytes:
        """The file's bytes; raises whatever the store raises when it is not there."""
        ...


@dataclass(frozen=True, slots=True)
class Growth:
    """What a batch of entries adds: the new size and root, and the files to write before a checkpoint says so."""

    size: int
    root: bytes
    files: Mapping[str, bytes]


def tile_path(level: int, number: int, width: int = TILE_WIDTH) -> str:
    """The path of a tile; `width` below 256 gives that of a partial one."""
    return f"tile/{level}/{_numbered(number, width)}"


def entries_path(number: int, width: int = TILE_WIDTH) -> str:
    """The path of an entry bundle."""
    return f"tile/entries/{_numbered(number, width)}"


def encode_bundle(entries: Sequence[bytes]) -> bytes:
    """The bytes of an entry bundle.

    Raises:
        Invalid: `entry_too_large` above 65,535 bytes.
    """
    if any(len(entry) > MAX_ENTRY_BYTES for entry in entries):
        raise Invalid("entry_too_large")
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def decode_bundle(raw: bytes) -> list[bytes]:
    """The entries of a bundle.

    Raises:
        Invalid: `bundle_malformed` when it ends inside an entry.
    """
    entries: list[bytes] = []
    at = 0
    while at < len(raw):
        end = at + 2 + int.from_bytes(raw[at : at + 2], "big")
        if at + 2 > len(raw) or end > len(raw):
            raise Invalid("bundle_malformed")
        entries.append(raw[at + 2 : end])
        at = end
    return entries


def decode_tile(raw: bytes, width: int) -> list[bytes]:
    """The hashes of a tile of the given width.

    Raises:
        Invalid: `tile_malformed` when it has another number of bytes.
    """
    if len(raw) != width * HASH_BYTES:
        raise Invalid("tile_malformed")
    return [raw[at : at + HASH_BYTES] for at in range(0, len(raw), HASH_BYTES)]


class TileTree:
    """The tree of a log of `size` entries, read from its tiles; each tile is read once.

    `node` fits the proof functions of `merkle`.
    """

    def __init__(self, reader: TileReader, size: int) -> None:
        self._reader = reader
        self.size = size
        self._tiles: dict[tuple[int, int], list[bytes]] = {}

    def node(self, level: int, index: int) -> bytes:
        """The hash over the 2^level entries from index * 2^level on.

        Raises:
            Invalid: `proof_out_of_range` beyond the log, `tile_malformed` for a tile of another length.
        """
        if (index + 1) << level > self.size:
            raise Invalid("proof_out_of_range")
        tile_level, above = divmod(level, TILE_HEIGHT)
        first = index << above
        number, at = divmod(first, TILE_WIDTH)
        hashes = self._tile(tile_level, number)[at : at + (1 << above)]
        while len(hashes) > 1:
            hashes = [node_hash(hashes[i], hashes[i + 1]) for i in range(0, len(hashes), 2)]
        return hashes[0]

    def root(self) -> bytes:
        """The root of the whole log."""
        return root(self.size, self.node)

    def _tile(self, level: int, number: int) -> list[bytes]:
        if (level, number) not in self._tiles:
            width = min(TILE_WIDTH, (self.size >> (TILE_HEIGHT * level)) - number * TILE_WIDTH)
            raw = self._reader.read(tile_path(level, number, width))
            self._tiles[level, number] = decode_tile(raw, width)
        return self._tiles[level, number]


def grow(size: int, entries: Sequence[bytes], reader: TileReader) -> Growth:
    """Append `entries` to the log of `size` entries whose files `reader` gives.

    The same entries on the same size give the same files, so a batch that a crash cut short is simply written again.
    Nothing is read beyond `size`. An empty batch has no files.

    Raises:
        Invalid: `entry_too_large`, `tile_malformed`, `bundle_malformed`.
    """
    files = dict(_bundles(size, entries, reader))
    level, begin, fresh = 0, size, [leaf_hash(entry) for entry in entries]
    while fresh:
        first = begin - begin % TILE_WIDTH
        kept = _kept(level, begin, reader)
        hashes = kept + fresh
        for at in range(0, len(hashes), TILE_WIDTH):
            tile = hashes[at : at + TILE_WIDTH]
            files[tile_path(level, (first + at) // TILE_WIDTH, len(tile))] = b"".join(tile)
        # The level above gains one hash for each tile that this batch has filled.
        full = len(hashes) // TILE_WIDTH
        fresh = [_top(hashes[at * TILE_WIDTH : (at + 1) * TILE_WIDTH]) for at in range(full)]
        level, begin = level + 1, begin // TILE_WIDTH
    grown = size + len(entries)
    return Growth(grown, TileTree(_Overlay(files, reader), grown).root(), files)


def _bundles(size: int, entries: Sequence[bytes], reader: TileReader) -> Iterator[tuple[str, bytes]]:
    if not entries:
        return
    number, width = divmod(size, TILE_WIDTH)
    kept = decode_bundle(reader.read(entries_path(number, width))) if width else []
    if len(kept) != width:
        raise Invalid("bundle_malformed")
    together = [*kept, *entries]
    for at in range(0, len(together), TILE_WIDTH):
        bundle = together[at : at + TILE_WIDTH]
        yield entries_path(number + at // TILE_WIDTH, len(bundle)), encode_bundle(bundle)


def _kept(level: int, count: int, reader: TileReader) -> list[bytes]:
    """The hashes that the last, partial tile of a level holds already."""
    number, width = divmod(count, TILE_WIDTH)
    return decode_tile(reader.read(tile_path(level, number, width)), width) if width else []


def _top(hashes: list[bytes]) -> bytes:
    while len(hashes) > 1:
        hashes = [node_hash(hashes[i], hashes[i + 1]) for i in range(0, len(hashes), 2)]
    return hashes[0]


@dataclass(frozen=True, slots=True)
class _Overlay:
    """The files of a batch before the files that are there already."""

    files: Mapping[str, bytes]
    below: TileReader

    def read(self, path: str) -> bytes:
        return self.files[path] if path in self.files else self.below.read(path)


def _numbered(number: int, width: int) -> str:
    groups = [f"{number % 1000:03d}"]
    while number := number // 1000:
        groups.insert(0, f"x{number % 1000:03d}")
    path = "/".join(groups)
    return path if width == TILE_WIDTH else f"{path}.p/{width}"
