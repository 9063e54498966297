"""Writing files so that what is acknowledged survives a power cut."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def write(path: Path, content: bytes | bytearray, *, mode: int = 0o600) -> None:
    """Put the content under the path at once or not at all, and make it durable: file first, then its folder."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        _draft(draft, content, mode)
    except FileNotFoundError:
        # The folder is nearly always there: looking first would cost every other file.
        _folder(path.parent)
        _draft(draft, content, mode)
    os.replace(draft, path)  # noqa: PTH105 - the pair to os.link below
    _sync_folder(path.parent)


def write_once(path: Path, content: bytes, *, mode: int = 0o600) -> bytes:
    """Put the content under the path unless something is there already; return what lies there afterwards."""
    _folder(path.parent)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    _draft(draft, content, mode)
    try:
        os.link(draft, path)
    except FileExistsError:
        return path.read_bytes()
    finally:
        draft.unlink()
    _sync_folder(path.parent)
    return content


def move(source: Path, target: Path) -> None:
    """Put what is durable already in the place of the target, and make that durable too."""
    os.replace(source, target)  # noqa: PTH105 - the pair to the one above
    _sync_folder(target.parent)


def _draft(path: Path, content: bytes | bytearray, mode: int) -> None:
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode)
    try:
        rest = memoryview(content)
        while rest:
            rest = rest[os.write(handle, rest) :]
        os.fsync(handle)
    finally:
        os.close(handle)


def _folder(path: Path) -> None:
    """Make the folder and those above it, each durable in the one above."""
    if path.is_dir():
        return
    _folder(path.parent)
    path.mkdir(mode=0o700, exist_ok=True)
    _sync_folder(path.parent)


def _sync_folder(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
