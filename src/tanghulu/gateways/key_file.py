"""The keys of an installation in one file, encrypted with a passphrase: docs/formats/backup.md, "Keys".

A line of JSON says how the key is made from the passphrase (scrypt, RFC 7914); what follows is AES-256-GCM over the
names and bytes of the keys, with that line as additional data.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from tanghulu.gateways import durable
from tanghulu.gateways.archive import BackupRefused

FORMAT: Final = 1
SHORTEST_PASSPHRASE: Final = 12

_COST = {"n": 2**17, "r": 8, "p": 1}  # 128 MiB and about half a second (OWASP's first choice for scrypt)
_MOST = {"n": 2**20, "r": 16, "p": 4}
_SALT, _NONCE, _KEY = 16, 12, 32


def write(path: Path, *, keys: Mapping[str, bytes], about: Mapping[str, Any], passphrase: str) -> None:
    """Put the keys (by name) and what is said about them into a file, at once and durably.

    Raises BackupRefused `passphrase_short`.
    """
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise BackupRefused("passphrase_short", least=SHORTEST_PASSPHRASE)
    salt, nonce = os.urandom(_SALT), os.urandom(_NONCE)
    opening = {"tanghulu": "keys", "format": FORMAT, "kdf": "scrypt", **_COST, "salt": salt.hex(), "nonce": nonce.hex()}
    line = json.dumps(opening, sort_keys=True).encode() + b"\n"
    content = {"about": dict(about), "keys": {name: base64.b64encode(keys[name]).decode() for name in sorted(keys)}}
    sealed = AESGCM(_stretched(passphrase, salt, _COST)).encrypt(nonce, json.dumps(content).encode(), line)
    durable.write(path, line + sealed)


def read(path: Path, *, passphrase: str) -> dict[str, bytes]:
    """The keys by name.

    Raises BackupRefused `keys_unreadable` where it is not such a file, `keys_newer` where a later version has written
    it, `passphrase_wrong` where passphrase and file do not belong together, or the file was damaged.
    """
    line, _, sealed = path.read_bytes().partition(b"\n")
    opening = _opening(line)
    cost = {name: opening[name] for name in _COST}
    try:
        key = _stretched(passphrase, bytes.fromhex(opening["salt"]), cost)
        content = json.loads(AESGCM(key).decrypt(bytes.fromhex(opening["nonce"]), sealed, line + b"\n"))
    except InvalidTag as error:
        raise BackupRefused("passphrase_wrong") from error
    except (ValueError, TypeError) as error:
        raise BackupRefused("keys_unreadable") from error
    return {name: base64.b64decode(text) for name, text in content["keys"].items()}


def _opening(line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError as error:
        raise BackupRefused("keys_unreadable") from error
    if not isinstance(found, dict) or found.get("tanghulu") != "keys":
        raise BackupRefused("keys_unreadable")
    if found.get("format") != FORMAT:
        raise BackupRefused("keys_newer", version=str(found.get("format")))
    # A file that asks for more work than this is not ours.
    if not all(isinstance(found.get(name), int) and 0 < found[name] <= _MOST[name] for name in _COST):
        raise BackupRefused("keys_unreadable")
    if not all(isinstance(found.get(name), str) for name in ("salt", "nonce")):
        raise BackupRefused("keys_unreadable")
    return found


def _stretched(passphrase: str, salt: bytes, cost: Mapping[str, int]) -> bytes:
    return Scrypt(salt=salt, length=_KEY, **cost).derive(passphrase.encode())
