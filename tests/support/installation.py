"""A real installation: its own data directory, web server and worker as processes that can be killed from outside."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

from tanghulu.cli.simulator import story
from tanghulu.cli.simulator.device import Device
from tanghulu.cli.simulator.wire import Wire

SOURCE = Path(__file__).resolve().parents[2] / "src"
_PATIENCE = 60.0

# There is no command for it yet.
_PUBLISH = """
import sys
from datetime import UTC, datetime
import django
django.setup()
from tanghulu.apps.flows import actions
from tanghulu.apps.tenancy import scope
from tanghulu.core.access import Actor
with scope.within("harbour"):
    print(actions.publish(Actor.operator("harbour"), source=sys.stdin.read(), library={}, at=datetime.now(UTC)))
"""


class TookTooLong(AssertionError):
    """Something that must happen has not happened."""


def wait_for(what: str, is_there: Any, *, patience: float = _PATIENCE) -> None:
    """Wait until `is_there()` is true."""
    deadline = time.monotonic() + patience
    while not is_there():
        if time.monotonic() > deadline:
            raise TookTooLong(what)
        time.sleep(0.02)


@dataclass
class Installation:
    """Harbour and Quarry of the demo in a directory, served on a port of this machine."""

    data: Path
    port: int
    database: str = ""  # the address of its own database on PostgreSQL; empty for SQLite in the directory
    seeds: dict[str, Any] = field(default_factory=dict)
    source: Path = SOURCE  # the program that is served; another one is a newer version
    beside: Path | None = None  # a folder from which the processes may import, too
    more: dict[str, str] = field(default_factory=dict)  # further variables of the environment of each process
    _processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _wires: list[Wire] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def marker(self) -> Path:
        """The file that a process makes where it stands still."""
        return self.data / "paused"

    def seed(self) -> None:
        """Fill the directory with the demo's companies and people; the logs are open."""
        self.seeds = json.loads(self.run("seed-demo").stdout)

    def run(self, *words: str) -> subprocess.CompletedProcess[bytes]:
        """Run a command to its end; it must end well, except that `fsck` may find something."""
        done = self.attempt(*words)
        if words[0] != "fsck" and done.returncode:
            raise AssertionError(done.stderr.decode())
        return done

    def attempt(self, *words: str, **more: str) -> subprocess.CompletedProcess[bytes]:
        """Run a command to its end, however it ends; `more` are variables of its environment."""
        return subprocess.run(self._command(*words), env=self._environment("") | more, capture_output=True, check=False)

    def begin(self, name: str, *words: str, pause_at: str = "", **more: str) -> None:
        """Start a command under a name by which it can be killed."""
        self.marker.unlink(missing_ok=True)
        environment = self._environment(pause_at) | more
        self._processes[name] = subprocess.Popen(self._command(*words), env=environment, start_new_session=True)

    def start(self, name: str, *more: str, pause_at: str = "") -> None:
        """Start `web`, `worker` or `up` with more words; it stands still for ever at the point that is named."""
        self.marker.unlink(missing_ok=True)
        words = [name] if name == "worker" else [name, "--port", str(self.port), *more]
        # A session of its own, so that everything the command starts is killed with it.
        self._processes[name] = subprocess.Popen(
            self._command(*words), env=self._environment(pause_at), start_new_session=True
        )
        if name != "worker":
            wait_for("the server answers", self._answers)

    def kill(self, name: str) -> None:
        """End it as a power cut would: SIGKILL to every process of it."""
        process = self._processes.pop(name)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if name != "worker":
            wait_for("the port is free", lambda: not accepts(self.port))

    def stop(self, name: str) -> None:
        """Tell it to end, as an operator does, and wait until it has."""
        process = self._processes.pop(name)
        process.terminate()
        process.wait(_PATIENCE)

    def runs(self, name: str) -> bool:
        """Say whether it was started and not ended."""
        return name in self._processes

    def publish(self, template: str) -> str:
        """Publish a template of one's own in Harbour; its version."""
        command = [sys.executable, "-P", "-c", _PUBLISH]
        done = subprocess.run(
            command, input=template.encode(), env=self._environment(""), capture_output=True, check=True
        )
        return done.stdout.decode().strip()

    def end(self) -> None:
        """Kill what runs and close what is open."""
        for name in list(self._processes):
            self.kill(name)
        for wire in self._wires:
            wire.close()

    def wait_for_pause(self) -> None:
        """Wait until a process stands still."""
        wait_for("a process stands still", self.marker.exists)

    def wire(self, username: str) -> Wire:
        """A connection with somebody's token."""
        tenant = next(slug for slug, seed in self.seeds.items() if username in seed["people"])
        wire = Wire(self.address, token=self.seeds[tenant]["people"][username]["token"])
        self._wires.append(wire)
        return wire

    def device(self, username: str, *, officer: Device | None = None) -> Device:
        """An enrolled device."""
        people = self.seeds["harbour"]["people"]
        device = story.enrol(self.address, people, username, label=f"{username}-1", officer=officer)
        self._wires.append(device.wire)
        return device

    def problems(self) -> list[dict[str, Any]]:
        """What `fsck` finds, notes left out."""
        done = self.run("fsck", "--json", "--quiet")
        assert done.returncode in {0, 1}, done.stderr.decode()
        return [json.loads(line) for line in done.stdout.splitlines()]

    def _answers(self) -> bool:
        wire = Wire(self.address)
        try:
            return wire.get("/api/v1/health").status == 200
        except OSError:
            return False
        finally:
            wire.close()

    @staticmethod
    def _command(*words: str) -> list[str]:
        return [sys.executable, "-P", "-m", "tanghulu", *words]

    def _environment(self, pause_at: str) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("TANGHULU_")}
        own = {
            "PYTHONPATH": os.pathsep.join(str(folder) for folder in (self.source, self.beside) if folder),
            "DJANGO_SETTINGS_MODULE": "tanghulu.config.settings",
            "TANGHULU_DATA": str(self.data),
            "TANGHULU_HOST": f"localhost:{self.port}",
            "TANGHULU_DATABASE": self.database,
            "TANGHULU_DEMO": "1",
            "TANGHULU_PAUSE_AT": pause_at,
            "TANGHULU_PAUSE_MARKER": str(self.marker),
        }
        return {**kept, **own, **self.more}


def accepts(port: int) -> bool:
    """Say whether somebody listens on a port of this machine."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def free_port() -> int:
    """A port that nobody listens on, below those that the system gives to outgoing connections.

    From among those, another program's connection could have it by the time a killed server is started again.
    """
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.bind(("127.0.0.1", port))
            return port


@contextlib.contextmanager
def _database(model: str) -> Iterator[str]:
    """A new database where the tests run on PostgreSQL, as a copy of `model` when one is given; else nothing."""
    address = os.environ.get("TANGHULU_DATABASE", "")
    if not address:
        yield ""
        return
    name = f"crash_{secrets.token_hex(6)}"
    copied = f" TEMPLATE {urlsplit(model).path.lstrip('/')}" if model else ""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}{copied}")
    try:
        yield urlunsplit(urlsplit(address)._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextlib.contextmanager
def installation(data: Path, *, copy_of: Installation | None = None) -> Iterator[Installation]:
    """An installation in a new directory, seeded or as a copy; what is started in it is killed in the end."""
    if copy_of is not None:
        shutil.copytree(copy_of.data, data)
    with _database(copy_of.database if copy_of else "") as database:
        made = Installation(data=data, port=free_port(), database=database)
        if copy_of is not None:
            made.seeds = copy_of.seeds
        else:
            made.seed()
        try:
            yield made
        finally:
            made.end()


@contextlib.contextmanager
def bare_installation(data: Path, *, seeds: dict[str, Any]) -> Iterator[Installation]:
    """A place for an installation: its directory is not there yet and its database is empty."""
    with _database("") as database:
        made = Installation(data=data, port=free_port(), database=database, seeds=seeds)
        try:
            yield made
        finally:
            made.end()
