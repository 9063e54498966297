"""The files of the current tenant's log in the blob store: tiles and entry bundles (C2SP tlog-tiles)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from tanghulu.apps.tenancy import scope
from tanghulu.core.chain import tiles
from tanghulu.core.chain.encoding import HASH_BYTES
from tanghulu.gateways import blobs

_PATH = re.compile(
    r"tile/(?P<level>entries|[0-9]|[1-5][0-9]|6[0-3])/"
    r"(?P<number>(?:x[0-9]{3}/){0,5}[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5]))?"
)
_BUNDLE = "tile/entries/"


class LogFiles:
    """Reads the files. A partial one that was outgrown is cut from a wider one, of which it is the beginning."""

    def read(self, path: str) -> bytes:
        """The file's bytes by its path below the log's address. Raises `blobs.Missing`."""
        match = _PATH.fullmatch(path)
        if match is None:
            raise blobs.Missing(path)
        try:
            return blobs.store().get(_key(path))
        except blobs.Missing:
            if match["width"] is None:
                raise
            return _cut_from_wider(path, int(match["width"]))


def write(files: Mapping[str, bytes]) -> None:
    """Make files durable. The same bytes under the same names again change nothing."""
    for path, content in files.items():
        blobs.store().put(_key(path), content)


def drop_outgrown(before: int, size: int) -> None:
    """Delete the partial files of a head of `before` entries that the head of `size` entries has wider ones for."""
    kept = set(_partial_paths(size))
    for path in _partial_paths(before):
        if path not in kept:
            blobs.store().delete(_key(path))


def is_within(path: str, size: int) -> bool:
    """Whether a log of this size has the file; what is written beyond a checkpoint is not there yet."""
    match = _PATH.fullmatch(path)
    if match is None:
        return False
    number = int(match["number"].replace("x", "").replace("/", ""))
    level = 0 if match["level"] == "entries" else int(match["level"])
    end = number * tiles.TILE_WIDTH + int(match["width"] or tiles.TILE_WIDTH)
    return end <= size >> (tiles.TILE_HEIGHT * level)


def paths(size: int) -> Iterator[str]:
    """Every file that a log of this size has, level by level."""
    for first in range(0, size, tiles.TILE_WIDTH):
        yield tiles.entries_path(first // tiles.TILE_WIDTH, min(tiles.TILE_WIDTH, size - first))
    level, count = 0, size
    while count:
        for first in range(0, count, tiles.TILE_WIDTH):
            yield tiles.tile_path(level, first // tiles.TILE_WIDTH, min(tiles.TILE_WIDTH, count - first))
        level, count = level + 1, count >> tiles.TILE_HEIGHT


def key(path: str) -> str:
    """Where a file of the log lies in the blob store."""
    return _key(path)


def _partial_paths(size: int) -> list[str]:
    """The partial files that a log of this size has: one on each level whose last tile is not full."""
    found = []
    number, width = divmod(size, tiles.TILE_WIDTH)
    if width:
        found.append(tiles.entries_path(number, width))
    level, count = 0, size
    while count:
        number, width = divmod(count, tiles.TILE_WIDTH)
        if width:
            found.append(tiles.tile_path(level, number, width))
        level, count = level + 1, count >> tiles.TILE_HEIGHT
    return found


def _cut_from_wider(path: str, width: int) -> bytes:
    whole = path.partition(".p/")[0]
    store = blobs.store()
    wider = sorted(
        (int(key.rpartition("/")[2]), key)
        for key in store.keys(_key(f"{whole}.p"))
        if int(key.rpartition("/")[2]) > width
    )
    for key in [*(key for _, key in wider), _key(whole)]:
        try:
            return _beginning(path, store.get(key), width)
        except blobs.Missing:
            # It was outgrown as well since the names were read; the next one is wider.
            continue
    raise blobs.Missing(path)


def _beginning(path: str, content: bytes, width: int) -> bytes:
    if path.startswith(_BUNDLE):
        return tiles.encode_bundle(tiles.decode_bundle(content)[:width])
    return content[: width * HASH_BYTES]


def _key(path: str) -> str:
    return f"logs/{scope.current()}/{path}"
