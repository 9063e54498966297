"""How fast a backup and a restore are, against plain `tar` and `sha256sum` on the same files in the same run.

A demo installation gets photos of 300 KB (random bytes, encrypted as ever). Then, in each round: `tanghulu backup`
against `tar -cf`, a sync of the file and `sha256sum` of every file; `tanghulu restore --keys`, which migrates and
checks everything with fsck, against `tar -xf`, `sha256sum` of every file and a sync.

    python bench/backup.py [--photos 1000] [--rounds 3]

Prints MB/s of each (medians), how long one restore takes in parts, and the ratios. SQLite.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from tanghulu.config import env  # noqa: E402 - the checkout's own package

PHOTO_BYTES = 300_000
FILL = """
import hashlib, os, sys
from datetime import UTC, datetime
import django
django.setup()
from tanghulu.apps.directory import queries as directory
from tanghulu.apps.photos import actions as photos
from tanghulu.apps.tenancy import scope
from tanghulu.core.access import Actor, Permission
with scope.within("harbour"):
    actor = directory.actor_for(sys.argv[2])
    for _ in range(int(sys.argv[1])):
        content = b"\\xff\\xd8\\xff\\xe0" + os.urandom(int(sys.argv[3])) + b"\\xff\\xd9"
        kept = photos.keep_bytes(actor, sha256=hashlib.sha256(content).hexdigest(), content=content)
        photos.record([kept], at=datetime.now(UTC))
"""


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def tanghulu(data: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    environment = {**env.for_demo(data=data, port=8000), "PYTHONPATH": str(ROOT / "src")}
    environment |= {"TANGHULU_BACKUP_PASSPHRASE": "correct horse battery"}
    command = [sys.executable, "-P", "-m", "tanghulu", *words]
    return subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE)


def fill(data: Path, photos: int) -> None:
    seeds = json.loads(tanghulu(data, "seed-demo").stdout)
    environment = {**env.for_demo(data=data, port=8000), "PYTHONPATH": str(ROOT / "src")}
    environment |= {"DJANGO_SETTINGS_MODULE": "tanghulu.config.settings"}
    member = seeds["harbour"]["people"]["wen"]["ref"]
    subprocess.run(
        [sys.executable, "-P", "-c", FILL, str(photos), member, str(PHOTO_BYTES - 6)], env=environment, check=True
    )


def raw_backup(data: Path, target: Path) -> None:
    subprocess.run(["tar", "-cf", str(target), "blobs", "tanghulu.sqlite3"], cwd=data, check=True)
    with target.open("rb") as file:
        os.fsync(file.fileno())
    hash_all(data)


def raw_restore(source: Path, target: Path) -> None:
    target.mkdir()
    subprocess.run(["tar", "-xf", str(source)], cwd=target, check=True)
    hash_all(target)
    os.sync()


def hash_all(folder: Path) -> None:
    find = ["find", "blobs", "tanghulu.sqlite3", "-type", "f", "-exec", "sha256sum", "{}", "+"]
    subprocess.run(find, cwd=folder, check=True, stdout=subprocess.DEVNULL)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    took: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory(prefix="tanghulu-bench-") as scratch:
        folder = Path(scratch)
        data, file, raw = folder / "data", folder / "backup.tar", folder / "raw.tar"
        data.mkdir()
        fill(data, given.photos)
        size = sum(path.stat().st_size for path in data.rglob("*") if path.is_file()) / 1e6
        keys = ["--keys", str(folder / "backup.keys")]
        for _ in range(given.rounds):
            works: dict[str, Callable[[], object]] = {
                "backup": lambda: tanghulu(data, "backup", str(file), *keys, "--force"),
                "tar + sha256sum": lambda: raw_backup(data, raw),
                "restore, with fsck": lambda: tanghulu(folder / "new", "restore", str(file), *keys),
                "tar -x + sha256sum": lambda: raw_restore(raw, folder / "plain"),
                "fsck alone": lambda: tanghulu(folder / "new", "fsck", "--quiet"),
            }
            for name, work in works.items():
                took.setdefault(name, []).append(seconds(work))
            shutil.rmtree(folder / "new")
            shutil.rmtree(folder / "plain")
    print(f"{given.photos} photos of {PHOTO_BYTES} bytes, {size:.0f} MB, {given.rounds} rounds, medians")
    medians = {name: statistics.median(found) for name, found in took.items()}
    for name, median in medians.items():
        print(f"{name:<20} {median:7.2f} s   {size / median:8.1f} MB/s")
    print(f"backup  / raw: {medians['tar + sha256sum'] / medians['backup']:.2f} of its speed")
    print(f"restore / raw: {medians['tar -x + sha256sum'] / medians['restore, with fsck']:.2f} of its speed")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
