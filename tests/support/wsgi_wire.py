"""The simulator's wire without a network: it calls what the web server serves, the short way in included."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Mapping
from typing import Any

from tanghulu.cli.simulator.wire import Answer, Wire
from tanghulu.config.wsgi import application

Served = Callable[[dict[str, Any], Callable[..., Any]], Any]


def ask(
    served: Served, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
) -> tuple[Answer, dict[str, str]]:
    """One request to a WSGI application: the answer, and its headers by their names in small letters."""
    address, _, query = path.partition("?")
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": address,
        "QUERY_STRING": query,
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "HTTP_HOST": "testserver",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        "wsgi.url_scheme": "http",
        "wsgi.errors": sys.stderr,
    }
    for name, value in (headers or {}).items():
        key = name.upper().replace("-", "_")
        environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
    begun: list[tuple[str, list[tuple[str, str]]]] = []
    answered = served(environ, lambda status, found, _fault=None: begun.append((status, found)))
    try:
        content = b"".join(answered)
    finally:
        # As every server must (PEP 3333).
        getattr(answered, "close", lambda: None)()
    status, found = begun[-1]
    return Answer(status=int(status.split()[0]), body=content), {name.lower(): value for name, value in found}


class WsgiWire(Wire):
    """A wire that ends in this process."""

    def __init__(self, token: str) -> None:
        super().__init__("http://testserver", token=token)

    def _once(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        return ask(application, method, path, body or b"", headers)[0]
