"""How fast signed events with photos are admitted, against a bare application on the same server in the same run.

Eight clients each send a signed event and its photo (300 KB) over HTTP, again and again. First the product (SQLite,
synchronous FULL), then a bare Granian application that takes the very same requests, hashes and fsyncs; then both once
more in turn, so that a noisy neighbour disturbs both. Requests are made and signed before the clock starts.

    python bench/admission.py [--pairs 400] [--rounds 3]

Prints for each: pairs a second, CPU milliseconds of the server per request, median and p99 of a request in
milliseconds; then the ratio of the rates (at least 0.5 is promised).
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from tanghulu.cli.simulator import story  # noqa: E402 - the checkout's own package
from tanghulu.cli.simulator.device import Device  # noqa: E402 - see above
from tanghulu.config import env  # noqa: E402 - see above

CLIENTS = 8
PHOTO_BYTES = 300_000
PHOTOS_A_RUN = 12
LIMIT = 0.5


@dataclass(frozen=True)
class Request:
    """One HTTP request, made beforehand."""

    method: str
    path: str
    body: bytes
    token: str
    kind: str


@dataclass(frozen=True)
class Figures:
    """What one round gave: pairs a second, CPU and latency in milliseconds a request."""

    rate: float
    cpu_ms: float
    p50_ms: float
    p99_ms: float


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def serving(command: list[str], environment: dict[str, str], port: int) -> Iterator[int]:
    process = subprocess.Popen(command, env=environment, cwd=ROOT)
    try:
        for _ in range(600):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.1)
        yield process.pid
    finally:
        process.terminate()
        process.wait(20)


def cpu_seconds(pid: int) -> float:
    """User and system seconds of a process and all below it, ended children included."""
    total = 0.0
    children = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                children[int(entry.name)] = (int(fields[1]), sum(map(int, fields[11:15])))
    wanted = {pid}
    grown = True
    while grown:
        more = {child for child, (parent, _) in children.items() if parent in wanted} - wanted
        wanted |= more
        grown = bool(more)
    for one in wanted:
        total += children.get(one, (0, 0))[1]
    return total / os.sysconf("SC_CLK_TCK")


def photo() -> bytes:
    return b"\xff\xd8\xff\xe0" + os.urandom(PHOTO_BYTES - 6) + b"\xff\xd9"


def requests_of(device: Device, harbour: dict, pairs: int) -> list[Request]:
    """Sign everything that one client will send: events, each followed by its photo."""
    people, version = harbour["people"], harbour["versions"][story.TEMPLATE]
    parts = {part: [people[name]["ref"] for name in names] for part, names in story.PARTS.items()}
    step, slot = harbour["first"]
    made: list[Request] = []
    run = ""
    for number in range(pairs):
        if number % PHOTOS_A_RUN == 0:
            run = os.urandom(16).hex()
            data = {
                "template": story.TEMPLATE,
                "version": version,
                "subject": {"equipment": harbour["equipment"][story.EQUIPMENT]},
                "people": parts,
            }
            opened = device.sign("run.opened", run=run, data=data)
            made.append(Request("POST", "/api/v1/events", _body(opened), device.wire.token, "open"))
        content = photo()
        signed = device.sign_photo(content, media_type="image/jpeg", run=run, step=step, activation=1, slot=slot)
        made.append(Request("POST", "/api/v1/events", _body(signed), device.wire.token, "event"))
        path = f"/api/v1/photos/{hashlib.sha256(content).hexdigest()}"
        made.append(Request("PUT", path, content, device.wire.token, "photo"))
    return made


def _body(signed: object) -> bytes:
    return json.dumps({"events": [signed.item]}, separators=(",", ":")).encode()


def drive(port: int, clients: list[list[Request]]) -> list[float]:
    """Send every client's requests, all clients at once; the seconds of each request of a pair."""
    seconds: list[float] = []
    barrier = threading.Barrier(len(clients))

    def client(requests: list[Request]) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.connect()
        barrier.wait()
        for request in requests:
            began = time.perf_counter()
            headers = {"Content-Type": "application/json", "Authorization": f"Bearer {request.token}"}
            if request.kind == "photo":
                headers["Content-Type"] = "image/jpeg"
            connection.request(request.method, request.path, request.body, headers)
            answer = connection.getresponse()
            text = answer.read()
            if answer.status not in {200, 201}:
                raise SystemExit(f"{answer.status}: {text[:300]!r}")
            seconds.append(time.perf_counter() - began)
        connection.close()

    threads = [threading.Thread(target=client, args=(requests,)) for requests in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return seconds


def measure(port: int, pid: int, clients: list[list[Request]], pairs: int) -> Figures:
    before, began = cpu_seconds(pid), time.perf_counter()
    seconds = drive(port, clients)
    took, cpu = time.perf_counter() - began, cpu_seconds(pid) - before
    ordered = sorted(seconds)
    return Figures(
        rate=pairs / took,
        cpu_ms=1000 * cpu / len(seconds),
        p50_ms=1000 * ordered[len(ordered) // 2],
        p99_ms=1000 * ordered[int(len(ordered) * 0.99)],
    )


def prepare(port: int, seeds: dict, pairs: int, rounds: int) -> list[list[list[Request]]]:
    """For each round the requests of each client."""
    address = f"http://localhost:{port}"
    people = seeds[story.COMPANY]["people"]
    founder = story.enrol(address, people, story.OFFICE[0], label="bench-officer")
    devices = [story.enrol(address, people, "zhao", label=f"bench-{n}", officer=founder) for n in range(CLIENTS)]
    each = max(pairs // CLIENTS, 1)
    return [[requests_of(device, seeds[story.COMPANY], each) for device in devices] for _ in range(rounds)]


def first_slot(address: str, harbour: dict) -> tuple[str, str]:
    wire = story.Wire(address, token=harbour["people"]["zhao"]["token"])
    document = wire.get(f"/api/v1/templates/{harbour['versions'][story.TEMPLATE]}").good().json
    template = story.flow.load_version(document)
    return next((path, slot) for path, step in template.steps.items() for slot in step.photos)


def show(name: str, figures: list[Figures]) -> float:
    rate = statistics.median(one.rate for one in figures)
    cpu = statistics.median(one.cpu_ms for one in figures)
    p50 = statistics.median(one.p50_ms for one in figures)
    p99 = statistics.median(one.p99_ms for one in figures)
    print(f"{name:<22} {rate:8.1f} pairs/s   {cpu:6.2f} CPU ms/request   p50 {p50:7.1f} ms   p99 {p99:7.1f} ms")
    return rate


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=400, help="events with photo in each round")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    ours, bare = [], []
    with tempfile.TemporaryDirectory(prefix="tanghulu-bench-") as folder:
        data, bare_folder = Path(folder) / "data", Path(folder) / "bare"
        data.mkdir()
        bare_folder.mkdir()
        port, bare_port = free_port(), free_port()
        environment = {**env.for_demo(data=data, port=port), "PYTHONPATH": str(ROOT / "src")}
        seed = [sys.executable, "-P", "-m", "tanghulu", "seed-demo"]
        seeds = json.loads(subprocess.run(seed, env=environment, check=True, stdout=subprocess.PIPE).stdout)
        up = [sys.executable, "-P", "-m", "tanghulu", "up", "--port", str(port)]
        peer = [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(bare_port),
            "--workers", "1", "--blocking-threads", "4", "--log-level", "warning", "bench.peers.bare:application",
        ]  # fmt: skip
        bare_environment = {**env.for_child(), "BARE_FOLDER": str(bare_folder), "PYTHONPATH": str(ROOT)}
        with serving(up, environment, port) as pid, serving(peer, bare_environment, bare_port) as bare_pid:
            seeds[story.COMPANY]["first"] = first_slot(f"http://localhost:{port}", seeds[story.COMPANY])
            plans = prepare(port, seeds, given.pairs, given.rounds)
            for clients in plans:
                pairs = sum(one.kind == "photo" for client in clients for one in client)
                ours.append(measure(port, pid, clients, pairs))
                bare.append(measure(bare_port, bare_pid, clients, pairs))
    print(f"{CLIENTS} clients, photos of {PHOTO_BYTES} bytes, {given.rounds} rounds of {given.pairs} pairs, medians")
    ratio = show("tanghulu (SQLite FULL)", ours) / show("bare granian", bare)
    print(f"ratio {ratio:.2f}   (promised: at least {LIMIT})")
    return 0 if ratio >= LIMIT else 1


if __name__ == "__main__":
    raise SystemExit(main())
