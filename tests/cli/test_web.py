"""The real server, as a process of its own."""

import http.client
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.support.installation import free_port


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """The address of a server on a data directory of its own."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TANGHULU_")}
    environment |= {"TANGHULU_DATA": str(tmp_path / "data"), "PYTHONPATH": "src"}
    command = [sys.executable, "-m", "tanghulu"]
    port = free_port()
    subprocess.run([*command, "migrate"], env=environment, check=True, capture_output=True)
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen([*command, "web", "--port", str(port)], env=environment, stdout=log, stderr=log)
        address = f"http://localhost:{port}"
        try:
            for _ in range(100):
                try:
                    urllib.request.urlopen(f"{address}/sign-in/", timeout=5).close()
                    break
                except OSError:
                    time.sleep(0.2)
            yield address
        finally:
            process.terminate()
            process.wait(20)


@pytest.mark.loopback
class TestWeb:
    def test_serves_pages_and_hashed_files_that_may_be_kept_for_ever(self, server: str) -> None:
        with urllib.request.urlopen(f"{server}/sign-in/", timeout=10) as answer:
            page = answer.read().decode()
        icon = page.split('rel="icon" href="')[1].split('"')[0]
        assert icon != "/static/img/favicon.svg"
        with urllib.request.urlopen(server + icon, timeout=10) as answer:
            assert answer.status == 200
            assert "immutable" in answer.headers["Cache-Control"]

    def test_answers_somebody_new_while_hundreds_hold_their_connections(self, server: str) -> None:
        where = urlsplit(server).netloc
        with ExitStack() as held:
            for _ in range(200):
                connection = http.client.HTTPConnection(where, timeout=10)
                held.callback(connection.close)
                connection.request("GET", "/api/v1/health")
                answer = connection.getresponse()
                answer.read()
                assert answer.status == 200
