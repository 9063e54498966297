"""`tanghulu up` for real: it serves, brings a dead half back, and ends with both."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tanghulu.cli.simulator.wire import Wire
from tests.support.installation import SOURCE, free_port, wait_for

pytestmark = [
    pytest.mark.loopback,
    pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="children are found through /proc"),
]


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def up(tmp_path: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TANGHULU_")}
    own = {
        "PYTHONPATH": str(SOURCE),
        "TANGHULU_DATA": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "tanghulu.config.settings",
    }
    command = [sys.executable, "-P", "-m", "tanghulu", "up", "--port", str(port)]
    process = subprocess.Popen(command, env={**kept, **own}, stdout=subprocess.PIPE, start_new_session=True)
    yield process
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def answers(port: int) -> bool:
    wire = Wire(f"http://localhost:{port}")
    try:
        return wire.get("/api/v1/health").status == 200
    except OSError:
        return False
    finally:
        wire.close()


def half(process: subprocess.Popen[bytes], word: str) -> int | None:
    """The process id of one of the two children."""
    for child in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split():
        if word.encode() in Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0"):
            return int(child)
    return None


class TestUp:
    def test_serves_brings_back_what_dies_and_ends_when_it_is_told(
        self, up: subprocess.Popen[bytes], port: int
    ) -> None:
        wait_for("it answers", lambda: answers(port))
        wait_for("the worker is there", lambda: half(up, "worker") is not None)
        fallen = half(up, "worker")
        assert fallen is not None
        os.kill(fallen, signal.SIGKILL)
        wait_for("the worker is back", lambda: half(up, "worker") not in {None, fallen})
        children = [half(up, "web"), half(up, "worker")]
        up.terminate()
        assert up.wait(60) == 0
        assert not answers(port)
        for child in children:
            assert not Path(f"/proc/{child}").exists()
