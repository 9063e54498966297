"""When the last backup was made: a small file in the data directory, so that its age can be shown."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from tanghulu.gateways import durable


@dataclass(frozen=True, slots=True)
class LastBackup:
    """The newest backup that was made whole: when it began, its size in bytes, how many seconds it took.

    `photos` are those that it holds; `missing` those that were to be there and are not; `with_keys` says whether the
    keys were saved beside it.
    """

    made_at: datetime
    size: int
    seconds: float
    photos: int
    missing: int
    with_keys: bool


def record(backup: LastBackup) -> None:
    """Note that a backup has been made."""
    told = {**asdict(backup), "made_at": backup.made_at.isoformat()}
    durable.write(_path(), json.dumps(told, sort_keys=True).encode())


def last() -> LastBackup | None:
    """The newest backup, or None where none has been made here."""
    try:
        told = json.loads(_path().read_bytes())
    except FileNotFoundError:
        return None
    return LastBackup(**{**told, "made_at": datetime.fromisoformat(told["made_at"])})


def _path() -> Path:
    path: Path = settings.DATA / "last_backup.json"
    return path
