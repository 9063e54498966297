"""DingTalk on loopback: its page that sends people back with a code, its tokens, its answer of who it is, and lies."""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

CLIENT, SECRET = "dingtanghulu", "between us"
TOKEN, ME = "/v1.0/oauth2/userAccessToken", "/v1.0/contact/users/me"
Answer = tuple[int, Any]


class DingTalk:
    """`lies` answers something else at a path; `asked` are the paths of every request in their order."""

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self.lies: dict[str, Answer] = {}
        self.asked: list[str] = []
        self._codes: dict[str, str] = {}
        self._tokens: dict[str, str] = {}

    def sign_in(self, address: str, *, union_id: str) -> str:
        """What a person does there: come with the address, agree, be sent back. Gives that address."""
        parts = urlsplit(address)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{self.address}/oauth2/auth"
        assert (asked["client_id"], asked["response_type"]) == (CLIENT, "code")
        assert (asked["scope"], asked["prompt"]) == ("openid", "consent")
        code = secrets.token_urlsafe(8)
        self._codes[code] = union_id
        return asked["redirect_uri"] + "?" + urlencode({"authCode": code, "state": asked["state"]})

    def answer(self, path: str, body: dict[str, str], token: str) -> Answer:
        self.asked.append(path)
        if path in self.lies:
            return self.lies[path]
        if path == TOKEN:
            return self._token(body)
        union_id = self._tokens.get(token)
        if path != ME or union_id is None:
            return 403, {"code": "Forbidden.AccessDenied"}
        profile = {"nick": "王维", "openId": "o-1", "mobile": "13800000000", "stateCode": "86"}
        return 200, {**profile, "unionId": union_id, "email": "wen@example.com", "avatarUrl": "https://example.com/a"}

    def _token(self, body: dict[str, str]) -> Answer:
        union_id = self._codes.pop(body.get("code", ""), None)
        ours = (body.get("clientId"), body.get("clientSecret"), body.get("grantType"))
        if union_id is None or ours != (CLIENT, SECRET, "authorization_code"):
            return 400, {"code": "invalidParameter.authCode"}
        token = secrets.token_urlsafe(8)
        self._tokens[token] = union_id
        return 200, {"accessToken": token, "refreshToken": "r", "expireIn": 7200}


@contextmanager
def served_dingtalk() -> Iterator[DingTalk]:
    """A DingTalk that answers on loopback."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._send({})

        def do_POST(self) -> None:
            self._send(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

        def _send(self, body: dict[str, str]) -> None:
            status, content = dingtalk.answer(self.path, body, self.headers.get("x-acs-dingtalk-access-token", ""))
            raw = content.encode() if isinstance(content, str) else json.dumps(content).encode()
            self.send_response(status)
            if status == 302:
                self.send_header("Location", f"{dingtalk.address}/elsewhere")
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *words: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        dingtalk = DingTalk(server.server_port)
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield dingtalk
        finally:
            server.shutdown()
            thread.join()
