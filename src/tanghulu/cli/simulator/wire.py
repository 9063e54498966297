"""One connection to the server, kept open, as a phone keeps it."""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

_TIMEOUT = 30.0
_GOOD = range(200, 300)


class Refused(RuntimeError):
    """The server declined: its status, code and sentence."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and body of one answer."""

    status: int
    body: bytes

    @property
    def json(self) -> Any:  # noqa: ANN401 - JSON of the server is whatever it is
        return json.loads(self.body)

    def good(self) -> Answer:
        """This answer; raises Refused unless it is one of success."""
        if self.status in _GOOD:
            return self
        try:
            error = self.json
            raise Refused(self.status, str(error["code"]), str(error["message"]))
        except (ValueError, KeyError, TypeError):
            raise Refused(self.status, "unreadable", self.body[:200].decode("utf-8", "replace")) from None


class Wire:
    """A kept-open HTTP connection to an address such as `http://localhost:8000`, with a token once there is one."""

    def __init__(self, address: str, *, token: str = "") -> None:
        parts = urlsplit(address)
        if parts.scheme != "http" or not parts.hostname:
            message = f"{address} is not an http address"
            raise ValueError(message)
        self.token = token
        self._connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=_TIMEOUT)

    def get(self, path: str) -> Answer:
        """Fetch."""
        return self._ask("GET", path, None, {})

    def send(self, method: str, path: str, value: object) -> Answer:
        """Send a JSON value."""
        body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        return self._ask(method, path, body, {"Content-Type": "application/json"})

    def put_bytes(self, path: str, content: bytes, *, media_type: str) -> Answer:
        """Send raw bytes."""
        return self._ask("PUT", path, content, {"Content-Type": media_type})

    def close(self) -> None:
        """End the connection."""
        self._connection.close()

    def _ask(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        bearer = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        try:
            return self._once(method, path, body, {**headers, **bearer})
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            # The server ends connections that were idle; every request here may be sent twice without harm.
            self._connection.close()
            return self._once(method, path, body, {**headers, **bearer})

    def _once(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        self._connection.request(method, path, body=body, headers=dict(headers))
        answer = self._connection.getresponse()
        return Answer(status=answer.status, body=answer.read())
