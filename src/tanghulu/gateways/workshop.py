"""A hidden folder beside what is being made: one process at a time works in it, and nothing of it stays."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tanghulu.gateways.archive import BackupRefused

_LOCK = "lock"


@contextmanager
def beside(target: Path) -> Iterator[Path]:
    """Work in `.<name>.draft` beside the target, on the same disk; what a killed process left there goes first.

    Raises BackupRefused `backup_running` while another process works there.
    """
    folder = target.with_name(f".{target.name}.draft")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(folder / _LOCK, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        _lock(handle, folder)
        _clear(folder)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(handle)


def _lock(handle: int, folder: Path) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise BackupRefused("backup_running", name=str(folder)) from error


def _clear(folder: Path) -> None:
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name != _LOCK:
            with suppress(FileNotFoundError):
                path.unlink()
