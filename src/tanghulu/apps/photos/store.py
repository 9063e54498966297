"""Where photos lie: encrypted bytes in the blob store, each with its own key wrapped under that of its subject."""

from __future__ import annotations

import os

from tanghulu.apps.tenancy import scope
from tanghulu.core.photo import at_rest
from tanghulu.gateways import blobs, keys


def write(content: bytes, *, sha256: str, subject: str) -> None:
    """Make a photo's bytes durable, encrypted."""
    blobs.store().put(_place("photos", sha256), _sealed(content, name=_name(sha256), subject=subject))


def has(sha256: str) -> bool:
    """Whether bytes lie here, perhaps without being durable yet: only a row says that they are."""
    return blobs.store().has(_place("photos", sha256))


def read(sha256: str) -> bytes:
    """The original bytes. Raises `at_rest.Unreadable` or `blobs.Missing` when they are not there as stored."""
    return _unsealed(blobs.store().get(_place("photos", sha256)), name=_name(sha256))


def place(sha256: str) -> str:
    """The key under which a photo's bytes lie in the blob store."""
    return _place("photos", sha256)


def write_derivative(sha256: str, *, size: int, content: bytes, subject: str) -> None:
    """Keep a picture made from the photo, under the key of the photo's subject, so that it is erased with it."""
    sealed = _sealed(content, name=_name(f"{sha256}/{size}"), subject=subject)
    blobs.store().put(_place("derivatives", f"{sha256}-{size}"), sealed)


def read_derivative(sha256: str, *, size: int) -> bytes | None:
    """The kept picture with this longest edge, or None when it has not been made."""
    try:
        sealed = blobs.store().get(_place("derivatives", f"{sha256}-{size}"))
        return _unsealed(sealed, name=_name(f"{sha256}/{size}"))
    except (blobs.Missing, at_rest.Unreadable):
        return None


def _sealed(content: bytes, *, name: bytes, subject: str) -> bytearray:
    key = keys.subject_key(scope.current(), subject)
    return at_rest.seal(content, subject=subject, subject_key=key, name=name, chance=os.urandom(at_rest.CHANCE_SIZE))


def _unsealed(stored: bytes, *, name: bytes) -> bytes:
    try:
        return at_rest.unseal(stored, key_of=lambda subject: keys.subject_key(scope.current(), subject), name=name)
    except keys.Missing as error:
        raise at_rest.Unreadable(str(error)) from error


def _name(what: str) -> bytes:
    return f"{scope.current()}\0{what}".encode("ascii")


def _place(folder: str, name: str) -> str:
    return f"{folder}/{scope.current()}/{name[:2]}/{name}"
