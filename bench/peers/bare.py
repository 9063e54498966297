"""The peer of `admission.py`: a bare WSGI application that takes the same requests, hashes and fsyncs, and no more."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

FOLDER = Path(os.environ["BARE_FOLDER"])
_journal = os.open(FOLDER / "events.log", os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
_lock = threading.Lock()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """PUT: hash the body, compare, write it to a file of that name, fsync. POST: hash, append to one file, fsync."""
    body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    name = hashlib.sha256(body).hexdigest()
    if environ["REQUEST_METHOD"] == "PUT":
        if not environ["PATH_INFO"].endswith(name):
            start_response("422 Unprocessable Content", [("Content-Length", "0")])
            return [b""]
        _keep(name, body)
    else:
        with _lock:
            os.write(_journal, name.encode() + body + b"\n")
            os.fdatasync(_journal)
    answer = b'{"sha256":"%s"}' % name.encode()
    start_response("201 Created", [("Content-Type", "application/json"), ("Content-Length", str(len(answer)))])
    return [answer]


def _keep(name: str, body: bytes) -> None:
    handle = os.open(FOLDER / name, os.O_CREAT | os.O_WRONLY, 0o600)
    try:
        os.write(handle, body)
        os.fsync(handle)
    finally:
        os.close(handle)
