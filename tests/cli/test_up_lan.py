"""`tanghulu up --lan` for real: phones are served by HTTPS, and a certificate is renewed while it runs."""

from __future__ import annotations

import http.client
import os
import signal
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography import x509

from tests.support.certificates import certificate, new_key, pem, pem_key
from tests.support.installation import SOURCE, free_port, wait_for

pytestmark = pytest.mark.loopback

NAME = "phones.test"
Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def ports() -> dict[str, int]:
    return {name: free_port() for name in ("--port", "--lan-port", "--welcome-port")}


@pytest.fixture
def start(tmp_path: Path, ports: dict[str, int]) -> Iterator[Start]:
    begun: list[subprocess.Popen[bytes]] = []

    def up(*words: str) -> subprocess.Popen[bytes]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("TANGHULU_")}
        own = {"PYTHONPATH": str(SOURCE), "TANGHULU_DATA": str(tmp_path / "data")}
        given = [word for name, port in ports.items() for word in (name, str(port))]
        command = [sys.executable, "-P", "-m", "tanghulu", "up", "--listen", "127.0.0.1", *given, *words]
        with (tmp_path / "said").open("wb") as said:
            process = subprocess.Popen(command, env={**kept, **own}, stdout=said, stderr=said, start_new_session=True)
        begun.append(process)
        return process

    yield up
    for process in begun:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def asked(port: int, root: Path, path: str = "/sign-in/", **headers: str) -> http.client.HTTPResponse:
    """What the server for phones answers, as a client that trusts `root` alone hears it."""
    context = ssl.create_default_context(cafile=str(root))
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.connect()
    connection.sock = context.wrap_socket(connection.sock, server_hostname=NAME)
    connection.request("GET", path, headers={"Host": f"{NAME}:{port}", "Connection": "close", **headers})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


def plain(port: int, path: str, *, host: str = "anything.example", **headers: str) -> http.client.HTTPResponse:
    """What is answered without HTTPS."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers={"Host": host, "Connection": "close", **headers})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


def office(port: int, **headers: str) -> http.client.HTTPResponse:
    return plain(port, "/sign-in/", host=f"localhost:{port}", **headers)


def answers(ask: Callable[[], http.client.HTTPResponse]) -> Callable[[], bool]:
    def once() -> bool:
        try:
            return ask().status == 200
        except OSError:
            return False

    return once


def shown(port: int) -> bytes:
    return ssl.get_server_certificate(("127.0.0.1", port), timeout=10).encode()


class TestUp:
    def test_serves_phones_by_https_under_its_own_authority(
        self, start: Start, ports: dict[str, int], tmp_path: Path
    ) -> None:
        up = start("--lan", "--name", NAME)
        root = tmp_path / "data" / "authority" / "root.crt"
        port = ports["--lan-port"]
        wait_for("phones are served", lambda: root.is_file() and answers(lambda: asked(port, root))())
        wait_for("the welcome is there", answers(lambda: plain(ports["--welcome-port"], "/")))
        wait_for("the office is served", answers(lambda: office(ports["--port"])))

        answer = asked(port, root)
        cookies = answer.headers.get_all("Set-Cookie") or []
        assert cookies
        assert all("Secure" in cookie for cookie in cookies)
        assert "Strict-Transport-Security" not in answer.headers
        assert asked(port, root, **{"X-Forwarded-Proto": "http"}).headers["Set-Cookie"].count("Secure") == 1

        here = office(ports["--port"], **{"X-Forwarded-Proto": "https"})
        assert "Secure" not in here.headers["Set-Cookie"]

        welcome = ports["--welcome-port"]
        assert plain(welcome, "/tanghulu.crt").headers["Content-Type"] == "application/x-x509-ca-cert"
        assert [plain(welcome, path).status for path in ("/sign-in/", "/api/v1/health", "/jobs/")] == [404] * 3

        os.kill(up.pid, signal.SIGTERM)
        assert up.wait(60) == 0

    def test_serves_a_renewed_certificate_without_being_started_again(
        self, start: Start, ports: dict[str, int], tmp_path: Path
    ) -> None:
        paths = (tmp_path / "a.crt", tmp_path / "a.key")

        def give() -> x509.Certificate:
            key = new_key()
            one = certificate(NAME, key=key)
            for path, content in zip(paths, (pem(one), pem_key(key)), strict=True):
                path.write_bytes(content)
            return one

        first, port = give(), ports["--lan-port"]
        up = start("--cert", str(paths[0]), "--key", str(paths[1]))
        wait_for("phones are served", answers(lambda: asked(port, paths[0])))
        assert x509.load_pem_x509_certificate(shown(port)) == first

        paths[1].write_bytes(pem_key(new_key()))
        os.kill(up.pid, signal.SIGHUP)
        wait_for("it refuses the wrong key", lambda: b"tls_key_differs" in (tmp_path / "said").read_bytes())
        assert x509.load_pem_x509_certificate(shown(port)) == first

        second = give()
        os.kill(up.pid, signal.SIGHUP)

        def is_new() -> bool:
            try:
                return x509.load_pem_x509_certificate(shown(port)) == second
            except OSError:
                return False

        wait_for("the new one is shown", is_new)
        assert up.poll() is None
