"""Where a passphrase comes from: a file, the environment, or a person at the terminal."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path

from tanghulu.config import env
from tanghulu.gateways.archive import BackupRefused


def given(file: Path | None, *, is_new: bool) -> str:
    """The passphrase; a new one is asked for twice. Raises BackupRefused `passphrase_missing` or `passphrase_differs`.

    A file's last line end does not belong to it.
    """
    if file is not None:
        return _present(file.read_text(encoding="utf-8").rstrip("\r\n"))
    if found := env.backup_passphrase():
        return found
    if not sys.stdin.isatty():
        raise BackupRefused("passphrase_missing")
    typed = _present(getpass.getpass("密钥口令 / passphrase of the keys: "))
    if is_new and getpass.getpass("再输入一次 / once more: ") != typed:
        raise BackupRefused("passphrase_differs")
    return typed


def _present(text: str) -> str:
    if not text:
        raise BackupRefused("passphrase_missing")
    return text
