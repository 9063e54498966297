"""A backup as one file: docs/formats/backup.md. It is written and read as a stream, a member at a time.

Nothing here needs Django: a backup can be looked at where the product is not set up yet.
"""

from __future__ import annotations

import errno
import hashlib
import io
import json
import os
import re
import tarfile
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, BinaryIO, Final, Self

FORMAT: Final = 1
"""The version of the format that is written, and the newest that can be read."""

BEGINNING: Final = "backup.json"
MANIFEST: Final = "manifest.json"
SUMS: Final = "SHA256SUMS"
END: Final = "END"

_BLOCK = 1024 * 1024
_LARGEST_TEXT = 256 * 1024 * 1024
_NAME = re.compile(r"(?:database|blobs)(?:/[a-z0-9][a-z0-9._-]*)+")
_LONGEST_LINE = 1024

Progress = Callable[[int], None]
"""Told after each part how many bytes it had."""


class BackupRefused(Exception):
    """A backup or restore that cannot go on: a code that stays the same for ever, and the values of its sentence."""

    def __init__(self, code: str, /, **params: str | int) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What the first and the last part of a backup say, after everything between has been compared with it."""

    beginning: Mapping[str, Any]
    manifest: Mapping[str, Any]
    size: int


class Writer:
    """Writes members one after the other into an open file; a context, which must reach `finish` to be a backup.

    `folder` is where the list of their hashes may grow.
    """

    def __init__(self, file: BinaryIO, *, folder: Path, progress: Progress) -> None:
        self._file = file
        self._sums = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed at the end of the context
        self._progress = progress
        self.count = 0
        self.size = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._sums.close()

    def add(self, name: str, content: bytes) -> None:
        """Add a member that is in memory."""
        self._add(name, io.BytesIO(content), len(content))

    def add_json(self, name: str, value: Mapping[str, Any]) -> None:
        """Add a small document."""
        self.add(name, json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True).encode())

    def add_file(self, name: str, path: Path) -> None:
        """Add a file that nobody changes meanwhile."""
        with path.open("rb") as file:
            self._add(name, file, os.fstat(file.fileno()).st_size)

    def finish(self) -> None:
        """Write the list of hashes and the end. Without these nothing is a backup."""
        size = self._sums.tell()
        self._sums.seek(0)
        end = f"{self._write(SUMS, self._sums, size)}\n".encode()
        self._write(END, io.BytesIO(end), len(end))
        # Two empty blocks end a tar.
        self._file.write(bytes(2 * tarfile.BLOCKSIZE))

    def _add(self, name: str, file: IO[bytes], size: int) -> None:
        digest = self._write(name, file, size)
        self._sums.write(f"{digest}  {name}\n".encode())
        self.count += 1
        self.size += size
        self._progress(size)

    def _write(self, name: str, file: IO[bytes], size: int) -> str:
        """Write head, bytes and padding of a member; SHA-256 in hex of its bytes.

        By hand, because the library's writer remembers every member, and a million of them fill the memory.
        """
        member = tarfile.TarInfo(name)
        member.size, member.mode = size, 0o600
        self._file.write(member.tobuf(format=tarfile.PAX_FORMAT))
        digest, rest = hashlib.sha256(), size
        while rest:
            block = file.read(min(_BLOCK, rest))
            if not block:
                raise OSError(errno.EIO, "it became shorter", name)
            digest.update(block)
            self._file.write(block)
            rest -= len(block)
        self._file.write(bytes(-size % tarfile.BLOCKSIZE))
        return digest.hexdigest()


def unpack(
    source: BinaryIO, folder: Path, *, accept: Callable[[Mapping[str, Any]], None], progress: Progress
) -> Unpacked:
    """Read a backup from its beginning to its end into an empty folder, and compare every byte with its list.

    `accept` is told the first part before anything else is read, and raises where the backup is not wanted.
    Raises BackupRefused `backup_damaged` or `backup_not_one`; what is in the folder then is worth nothing.
    """
    try:
        tar = tarfile.open(fileobj=source, mode="r|", bufsize=_BLOCK)  # noqa: SIM115 - closed below
    except (tarfile.TarError, EOFError) as error:
        raise BackupRefused("backup_not_one") from error
    try:
        with tar, tempfile.TemporaryFile(dir=folder.parent) as sums:
            return _Reader(tar, folder, sums, progress).read(accept)
    except (tarfile.TarError, EOFError, UnicodeDecodeError) as error:
        raise BackupRefused("backup_damaged", name="-", reason=str(error)) from error


class _Reader:
    def __init__(self, tar: tarfile.TarFile, folder: Path, sums: IO[bytes], progress: Progress) -> None:
        self._tar = tar
        self._folder = folder
        self._sums = sums
        self._progress = progress
        self._size = 0

    def read(self, accept: Callable[[Mapping[str, Any]], None]) -> Unpacked:
        first = self._next()
        if first.name != BEGINNING:
            raise BackupRefused("backup_not_one")
        beginning = self._json(first)
        accept(beginning)
        while (member := self._next()).name not in {MANIFEST, SUMS, END}:
            self._keep(member)
        if member.name != MANIFEST:
            raise _damaged(member.name, "out of place")
        manifest = self._json(member)
        self._compare(self._next())
        if self._tar.next() is not None:
            raise _damaged(END, "something follows")
        return Unpacked(beginning, manifest, self._size)

    def _next(self) -> tarfile.TarInfo:
        member = self._tar.next()
        if member is None:
            raise _damaged(END, "cut off")
        # The library remembers every member that it has read.
        self._tar.members = []  # type: ignore[attr-defined] # the library's types leave it out
        if member.type not in {tarfile.REGTYPE, tarfile.AREGTYPE} or member.sparse is not None:
            raise _damaged(member.name, "not a plain file")
        return member

    def _keep(self, member: tarfile.TarInfo) -> None:
        """Write a member below the folder, under a name that stays there, which nothing else has."""
        if not _NAME.fullmatch(member.name):
            raise _damaged(member.name, "a name that is not allowed")
        path = self._folder / member.name
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW, 0o600)
        except FileExistsError as error:
            raise _damaged(member.name, "there twice") from error
        with os.fdopen(handle, "wb") as file:
            self._take(member, file)

    def _json(self, member: tarfile.TarInfo) -> Mapping[str, Any]:
        if member.size > _LARGEST_TEXT:
            raise _damaged(member.name, "too large")
        text = io.BytesIO()
        self._take(member, text)
        try:
            found = json.loads(text.getvalue())
        except ValueError as error:
            raise _damaged(member.name, "not readable") from error
        if not isinstance(found, dict):
            raise _damaged(member.name, "not readable")
        return found

    def _take(self, member: tarfile.TarInfo, file: IO[bytes]) -> None:
        """Copy a member and note its hash."""
        content, digest, rest = self._opened(member), hashlib.sha256(), member.size
        while rest:
            block = content.read(min(_BLOCK, rest))
            if not block:
                raise _damaged(member.name, "cut off")
            digest.update(block)
            file.write(block)
            rest -= len(block)
        self._sums.write(f"{digest.hexdigest()}  {member.name}\n".encode("utf-8", "surrogateescape"))
        self._size += member.size
        self._progress(member.size)

    def _compare(self, listed: tarfile.TarInfo) -> None:
        """Compare the hashes of what came with the list, a line at a time, and the list with the end."""
        if listed.name != SUMS:
            raise _damaged(listed.name, "out of place")
        self._sums.seek(0)
        lines, digest = self._opened(listed), hashlib.sha256()
        while line := lines.readline(_LONGEST_LINE):
            digest.update(line)
            mine = self._sums.readline()
            if line != mine:
                raise _damaged((mine or line)[66:].decode("utf-8", "replace").strip(), "not what was saved")
        if self._sums.readline():
            raise _damaged(SUMS, "cut off")
        end = self._next()
        if end.name != END or self._opened(end).read(_LONGEST_LINE) != f"{digest.hexdigest()}\n".encode():
            raise _damaged(SUMS, "not what was saved")

    def _opened(self, member: tarfile.TarInfo) -> IO[bytes]:
        content = self._tar.extractfile(member)
        if content is None:
            raise _damaged(member.name, "not a plain file")
        return content


def _damaged(name: str, reason: str) -> BackupRefused:
    return BackupRefused("backup_damaged", name=name, reason=reason)
