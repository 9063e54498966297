"""How fast the board, a job's page and its replay answer with a thousand and with a million jobs, and what polls cost.

The same installation is filled twice (see many_jobs.py) and served by `tanghulu web` on SQLite; one reader asks over
HTTP on loopback for

    board      the board of what goes on, after a change each time, so that it is made anew
    ended      pages of ended jobs, each going on from the one before
    person     all jobs of a person
    machine    the ended jobs of a machine
    search     a word that fits a person, her jobs, and nothing else
    job        pages of jobs, each for the first time
    replay     step by step and picture by picture through one job
    inside     the list of people inside, after a change each time
    wall       the wall screen, after a change each time

and then 500 viewers, each with a session of its own, ask for the board every three seconds whether there is something
new, for half a minute in which something is new three times.

    python -m bench.board [--jobs 1000000] [--live 200] [--seconds 30]

Prints p50 and p95 in milliseconds with a thousand and with a million jobs, the limit of p95 (300 ms), and the ratio of
the CPU time that the server spent on an answer (limit 1.5), which other work on the machine hardly disturbs; for the
viewers the share of one core that the server used (limit 0.5).
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import re
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench import many_jobs
from bench.admission import ROOT, cpu_seconds, free_port, serving

from tanghulu.cli.simulator import story
from tanghulu.config import env

LIMIT_MS = 300.0
LIMIT_RATIO = 1.5
LIMIT_CORE = 0.5
VIEWERS = 500
EVERY = 3.0
ROUNDS = 60
FEW = 1000

SESSIONS = """
import sys, django
django.setup()
from importlib import import_module
from django.contrib.auth import get_user_model
from django.conf import settings
store = import_module(settings.SESSION_ENGINE).SessionStore
user = get_user_model().objects.get(username="chen")
for _ in range(int(sys.argv[1])):
    session = store()
    session["_auth_user_id"] = str(user.pk)
    session["_auth_user_backend"] = settings.AUTHENTICATION_BACKENDS[0]
    session["_auth_user_hash"] = user.get_session_auth_hash()
    session.save()
    print(session.session_key)
"""


class Reader:
    """One browser with its own connection and session."""

    def __init__(self, port: int, session: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.headers = {"Cookie": f"sessionid={session}", "Accept-Language": "zh-Hans", "Host": f"localhost:{port}"}

    def get(self, address: str, **headers: str) -> tuple[int, str, str]:
        """Status, ETag and text; a connection that was idle too long is opened again, as a browser does."""
        for attempt in range(3):
            try:
                self.connection.request("GET", address, headers={**self.headers, **headers})
                answer = self.connection.getresponse()
                break
            except (http.client.RemoteDisconnected, ConnectionError):
                self.connection.close()
                if attempt == 2:
                    raise
        return answer.status, answer.headers.get("ETag", ""), answer.read().decode()


def timed(reader: Reader, address: str) -> tuple[float, str]:
    """Milliseconds to the whole answer, and the answer."""
    began = time.perf_counter()
    status, _, text = reader.get(address)
    took = 1000 * (time.perf_counter() - began)
    if status != http.client.OK:
        raise SystemExit(f"{address}: {status} {text[:300]}")
    return took, text


class Database:
    """The file beneath, for making something new."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def change(self) -> None:
        """One live job changes and the log grows by one: as an admission leaves it."""
        with sqlite3.connect(self.path, timeout=20) as connection:
            connection.execute(
                "UPDATE jobs_run SET changed_at = strftime('%Y-%m-%d %H:%M:%f', 'now') WHERE id = "
                "(SELECT id FROM jobs_run WHERE urgency IS NOT NULL ORDER BY random() LIMIT 1)"
            )
            connection.execute(
                "UPDATE evidence_log SET next_index = next_index + 1 WHERE tenant_id = ?", [many_jobs.TENANT]
            )
        connection.close()

    def refs(self, where: str, limit: int) -> list[str]:
        with contextlib.closing(sqlite3.connect(self.path)) as connection:
            found = connection.execute(f"SELECT ref FROM jobs_run WHERE {where} ORDER BY id DESC LIMIT {limit}")
            return [row[0] for row in found]


@dataclass(frozen=True)
class Times:
    """What the answers to one kind of question took: milliseconds to each, and of the server's CPU to one."""

    waits: list[float]
    cpu: float

    @property
    def p50(self) -> float:
        return statistics.median(self.waits)

    @property
    def p95(self) -> float:
        return sorted(self.waits)[int(len(self.waits) * 0.95)]


def measures(reader: Reader, database: Database, pid: int) -> dict[str, Times]:
    """What the answers took, by what was asked for."""

    def changed(address: str) -> Iterator[float]:
        for _ in range(ROUNDS):
            database.change()
            yield timed(reader, address)[0]

    def following(address: str) -> Iterator[float]:
        for _ in range(ROUNDS):
            took, text = timed(reader, address)
            yield took
            found = re.search(r'rel="next" href="([^"]+)"', text)
            if not found:
                return
            address = found[1].replace("&amp;", "&")

    def each(addresses: Iterable[str]) -> Iterator[float]:
        for address in addresses:
            yield timed(reader, address)[0]

    jobs = database.refs("status = 'ended'", ROUNDS)
    machines, _ = many_jobs.crowd(FEW)
    questions: dict[str, Callable[[], Iterable[float]]] = {
        "board": lambda: changed("/jobs/"),
        "ended": lambda: following("/jobs/?show=ended"),
        "person": lambda: each(f"/jobs/?show=all&person={n:032x}" for n in range(1, ROUNDS)),
        "machine": lambda: each(f"/jobs/?show=ended&equipment={1 + n % machines:032x}" for n in range(ROUNDS)),
        "search": lambda: each(f"/search/?q=P{n}" for n in range(60, 60 + ROUNDS)),
        "job": lambda: each(f"/jobs/{ref}/" for ref in jobs),
        "replay": lambda: following(f"/jobs/{jobs[0]}/?step=before/work_order"),
        "inside": lambda: changed("/jobs/inside/"),
        "wall": lambda: changed("/jobs/wall/"),
    }
    found = {}
    for name, ask in questions.items():
        before = cpu_seconds(pid)
        waits = list(ask())
        found[name] = Times(waits, 1000 * (cpu_seconds(pid) - before) / len(waits))
    return found


def watch(port: int, pid: int, sessions: list[str], database: Database, seconds: float) -> tuple[float, int, int]:
    """Let everybody watch; the share of one core that the server used, how many asked, and how many got 304."""
    readers = [Reader(port, session) for session in sessions]
    known = [reader.get("/jobs/")[1] for reader in readers]
    lock, counts = threading.Lock(), {"asked": 0, "304": 0}
    threads_of = 25
    end = time.monotonic() + seconds

    def some(mine: range) -> None:
        begin = time.monotonic()
        turn = 0
        while time.monotonic() < end:
            for place, index in enumerate(mine):
                pause = begin + EVERY * (turn + place / len(mine)) - time.monotonic()
                time.sleep(max(pause, 0))
                status, etag, _ = readers[index].get("/jobs/", **{"HX-Request": "true", "If-None-Match": known[index]})
                known[index] = etag or known[index]
                with lock:
                    counts["asked"] += 1
                    counts["304"] += status == http.client.NOT_MODIFIED
            turn += 1

    each = len(readers) // threads_of
    threads = [threading.Thread(target=some, args=(range(n * each, (n + 1) * each),)) for n in range(threads_of)]
    before, began = cpu_seconds(pid), time.monotonic()
    for thread in threads:
        thread.start()
    for _ in range(3):
        time.sleep(seconds / 4)
        database.change()
    for thread in threads:
        thread.join()
    return (cpu_seconds(pid) - before) / (time.monotonic() - began), counts["asked"], counts["304"]


def prepare(data: Path) -> dict[str, str]:
    """An installation in which the demo's jobs have been played; the environment of its processes."""
    port = free_port()
    environment = {**env.for_demo(data=data, port=port), "PYTHONPATH": str(ROOT / "src")}
    python = [sys.executable, "-P", "-m", "tanghulu"]
    seeds = json.loads(
        subprocess.run([*python, "seed-demo"], env=environment, check=True, stdout=subprocess.PIPE).stdout
    )
    with serving([*python, "up", "--port", str(port)], environment, port):
        harbour = story.open_port(f"http://localhost:{port}", seeds, photos=None)
        story.tell(harbour)
        story.leave_work_behind(harbour)
        time.sleep(3)
        harbour.close()
    return environment


def one_size(
    data: Path, environment: dict[str, str], jobs: int, live: int, then: Callable[[int, int, list[str]], None]
) -> None:
    """Fill the installation to a size, serve it and let `then` ask (port, process, sessions)."""
    began = time.monotonic()
    many_jobs.fill(data / "tanghulu.sqlite3", jobs=jobs, live=live)
    size = (data / "tanghulu.sqlite3").stat().st_size / 1e9
    print(f"{jobs} jobs, {live} of them live: written in {time.monotonic() - began:.0f} s, {size:.1f} GB", flush=True)
    port = free_port()
    environment = {
        **environment,
        "TANGHULU_HOST": f"localhost:{port}",
        "DJANGO_SETTINGS_MODULE": "tanghulu.config.settings",
    }
    made = subprocess.run(
        [sys.executable, "-P", "-c", SESSIONS, str(VIEWERS)],
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    command = [sys.executable, "-P", "-m", "tanghulu", "web", "--port", str(port)]
    with serving(command, environment, port) as pid:
        then(port, pid, made.stdout.split())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=1_000_000)
    parser.add_argument("--live", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--keep", type=Path, help="use this folder, and leave it there")
    given = parser.parse_args()
    folder = given.keep or Path(tempfile.mkdtemp(prefix="tanghulu-bench-"))
    sizes: dict[int, dict[str, Times]] = {}
    viewers: list[tuple[float, int, int]] = []
    try:
        folder.mkdir(exist_ok=True)
        environment = prepare(folder)
        database = Database(folder / "tanghulu.sqlite3")
        for jobs in (FEW, given.jobs):

            def ask(port: int, pid: int, sessions: list[str], jobs: int = jobs) -> None:
                reader = Reader(port, sessions[0])
                for address in ("/jobs/", "/jobs/?show=ended", "/jobs/inside/", "/jobs/wall/"):
                    reader.get(address)
                sizes[jobs] = measures(reader, database, pid)
                if jobs == given.jobs:
                    viewers.append(watch(port, pid, sessions, database, given.seconds))

            one_size(folder, environment, jobs, given.live, ask)
    finally:
        if given.keep is None:
            shutil.rmtree(folder, ignore_errors=True)
    return report(sizes[FEW], sizes[given.jobs], given.jobs, viewers[0])


def report(few: dict[str, Times], many: dict[str, Times], jobs: int, viewers: tuple[float, int, int]) -> int:
    """Print the figures; 0 when all keep their limits."""
    good = True
    print(f"p50 / p95 in ms, CPU ms an answer; limits: p95 {LIMIT_MS:.0f} ms, ratio of CPU {LIMIT_RATIO}")
    print(f"{'':<10}{'1,000 jobs':>30}{f'{jobs:,} jobs':>30}{'ratio':>8}")
    for name, times in many.items():
        ratio = times.cpu / few[name].cpu
        fine = ratio <= LIMIT_RATIO and max(times.p95, few[name].p95) <= LIMIT_MS
        good = good and fine
        print(f"{name:<10}{spread(few[name]):>30}{spread(times):>30}{ratio:>8.2f}  {'ok' if fine else 'MISSED'}")
    share, asked, known = viewers
    fine = share <= LIMIT_CORE
    print(
        f"{VIEWERS} viewers, every {EVERY:.0f} s: {asked} questions, {100 * known / asked:.1f} % of them 304, "
        f"{share:.2f} of a core (limit {LIMIT_CORE})  {'ok' if fine else 'MISSED'}"
    )
    return 0 if good and fine else 1


def spread(times: Times) -> str:
    return f"{times.p50:.0f} / {times.p95:.0f} ms, {times.cpu:.0f}"


if __name__ == "__main__":
    raise SystemExit(main())
