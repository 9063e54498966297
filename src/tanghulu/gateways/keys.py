"""Secret keys, one file each, made when they are first asked for and never changed.

They lie apart from the database and the photos, so that a backup of those gives nothing away and erasing a key is
enough to erase.
"""

from __future__ import annotations

import os
import re
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from tanghulu.core.chain.keys import SECRET_BYTES, SigningKey, signing_key
from tanghulu.core.chain.note import SEED_BYTES, NoteKey, note_key
from tanghulu.gateways import durable

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_SUBJECT_BYTES = 32
_OF_ALL = "0"  # no company is called so: short names begin with a letter
ABSENT = "absent"
"""The file in the folder of keys that says: this directory was restored without its keys."""


class Missing(LookupError):
    """The key was not restored with the data, and nothing is made in its place: it would continue another log."""


@lru_cache(maxsize=4096)
def log_key(tenant: str, origin: str) -> NoteKey:
    """The Ed25519 key that signs the tenant's checkpoints under its origin."""
    return note_key(origin, _secret(_folder(tenant) / "log", SEED_BYTES))


@lru_cache(maxsize=4096)
def server_key(tenant: str) -> SigningKey:
    """The P-256 key with which the server signs its own events and its admissions."""
    return signing_key(_secret(_folder(tenant) / "server", SECRET_BYTES))


@lru_cache(maxsize=65536)
def subject_key(tenant: str, subject: str) -> bytes:
    """The 32-byte key that wraps the data keys of one member's photos."""
    return _secret(_folder(tenant) / "subjects" / _checked(subject), _SUBJECT_BYTES)


@lru_cache(maxsize=1)
def factor_key() -> bytes:
    """The 32-byte key that encrypts the secrets of second factors in the database, for all companies."""
    return _secret(settings.DATA / "keys" / _OF_ALL / "second-factors", _SUBJECT_BYTES)


def _secret(path: Path, size: int) -> bytes:
    try:
        found = path.read_bytes()
    except FileNotFoundError:
        if (settings.DATA / "keys" / ABSENT).exists():
            raise Missing(f"the key {path.name} was not restored") from None
        found = durable.write_once(path, os.urandom(size))
    if len(found) != size:
        message = f"the key {path.name} has {len(found)} bytes instead of {size}"
        raise ValueError(message)
    return found


def _folder(tenant: str) -> Path:
    folder: Path = settings.DATA / "keys" / _checked(tenant)
    return folder


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        message = f"{name!r} is not the name of a key"
        raise ValueError(message)
    return name
