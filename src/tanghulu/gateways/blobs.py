"""Bytes by key: photos, derivatives and the files of the logs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Protocol

from django.conf import settings

from tanghulu.gateways import durable

_KEY = re.compile(r"(?!.*(?:^|/)\.{1,2}(?:/|$))[a-z0-9][a-z0-9._/-]*")


class Missing(LookupError):
    """There is nothing under this key."""


class Blobs(Protocol):
    """A store of bytes. What `put` has returned from survives a power cut; a key is seen whole or not at all."""

    def put(self, key: str, content: bytes | bytearray) -> None:
        """Keep the content under the key, in place of what was there."""

    def get(self, key: str) -> bytes:
        """The content under the key. Raises Missing."""

    def has(self, key: str) -> bool:
        """Whether something has been put under the key, perhaps without being durable yet."""

    def delete(self, key: str) -> None:
        """Forget the key; nothing happens when it is not there."""

    def keys(self, prefix: str) -> Iterator[str]:
        """Every key below a folder, sorted."""

    def folders(self) -> list[str]:
        """The first words of all keys, sorted."""


class FileBlobs:
    """Blobs as files below one folder."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, key: str, content: bytes | bytearray) -> None:
        """Write to a file beside, fsync, rename, fsync the folder."""
        durable.write(self._path(key), content)

    def get(self, key: str) -> bytes:
        """Read the file."""
        try:
            return self._path(key).read_bytes()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
            raise Missing(key) from error

    def has(self, key: str) -> bool:
        """Look for the file."""
        return self._path(key).exists()

    def delete(self, key: str) -> None:
        """Remove the file."""
        self._path(key).unlink(missing_ok=True)

    def keys(self, prefix: str) -> Iterator[str]:
        """Walk the folder; drafts, which begin with a dot, are not there yet."""
        folder = self._path(prefix)
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                yield path.relative_to(self._root).as_posix()

    def folders(self) -> list[str]:
        """Look at the topmost folders."""
        return sorted(path.name for path in self._root.iterdir() if path.is_dir()) if self._root.is_dir() else []

    def _path(self, key: str) -> Path:
        return self._root / _checked(key)


class MemoryBlobs:
    """Blobs in memory, for tests of what stands on them."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def put(self, key: str, content: bytes | bytearray) -> None:
        """Keep the content."""
        self._kept[_checked(key)] = bytes(content)

    def get(self, key: str) -> bytes:
        """Find the content."""
        try:
            return self._kept[_checked(key)]
        except KeyError as error:
            raise Missing(key) from error

    def has(self, key: str) -> bool:
        """Look for the content."""
        return _checked(key) in self._kept

    def delete(self, key: str) -> None:
        """Forget the content."""
        self._kept.pop(_checked(key), None)

    def keys(self, prefix: str) -> Iterator[str]:
        """Find the keys."""
        yield from sorted(key for key in self._kept if key.startswith(f"{_checked(prefix)}/"))

    def folders(self) -> list[str]:
        """Find the first words."""
        return sorted({key.partition("/")[0] for key in self._kept})


@cache
def store() -> Blobs:
    """The store that the settings name."""
    return FileBlobs(settings.DATA / "blobs")


def _checked(key: str) -> str:
    if not _KEY.fullmatch(key):
        message = f"{key!r} is not the key of a blob"
        raise ValueError(message)
    return key
