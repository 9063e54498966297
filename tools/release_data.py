"""Makes the data of a release, for the tests that later releases can go on with it: `tests/vectors/releases/<name>/`.

    PYTHONPATH=<checkout of the release>/src:. python -m tools.release_data tests/vectors/releases/0.2.0

The code of the release itself seeds the demo's companies, serves, plays a whole job with drawn pictures, leaves two
jobs under way and lets in one more phone, whose key is kept, so that a later test can go on signing with it. Then
everything is stopped and the data directory packed: `data.tar.xz`, and `known.json` with the seeds, the phone and the
runs. Nothing in it is a secret of anybody: the companies are the demo's and the keys were made for this.
"""

from __future__ import annotations

import argparse
import base64
import dataclasses
import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image

from tanghulu.cli.simulator import story
from tanghulu.cli.simulator.crew import Picture
from tanghulu.cli.simulator.device import Device
from tanghulu.cli.simulator.wire import Wire
from tanghulu.core.chain import keys
from tools.postgres import free_port

PHONE = "wen"
_LEFT_OUT = {"static", "paused"}
_PATIENCE = 60.0


def main() -> int:
    """Make the two files in the folder that is named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where the files are written, such as tests/vectors/releases/0.2.0")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="tanghulu-release-") as scratch:
        data = Path(scratch) / "data"
        data.mkdir()
        known = _live_through(data, free_port())
        _pack(data, given.folder / "data.tar.xz")
    text = json.dumps(known, ensure_ascii=False, indent=1, sort_keys=True)
    (given.folder / "known.json").write_text(f"{text}\n", encoding="utf-8")
    print(f"{given.folder}: {(given.folder / 'data.tar.xz').stat().st_size} bytes")
    return 0


def _live_through(data: Path, port: int) -> dict[str, Any]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TANGHULU_")}
    environment |= {"TANGHULU_DATA": str(data), "TANGHULU_DEMO": "1", "TANGHULU_HOST": "localhost:8000"}
    seeding = subprocess.run(_command("seed-demo"), env=environment, stdout=subprocess.PIPE, check=True)
    seeds = json.loads(seeding.stdout)
    with _served(port, environment):
        address = f"http://localhost:{port}"
        harbour = story.open_port(address, seeds, photos=None)
        harbour = dataclasses.replace(harbour, picture=_small(harbour.picture))
        story.tell(harbour)
        story.leave_work_behind(harbour)
        phone = _phone(address, seeds, harbour)
        runs = harbour.office.get("/api/v1/runs").good().json
        time.sleep(3)  # what waits is published
    return {"seeds": seeds, "phone": phone, "runs": runs}


def _small(drawn: Picture) -> Picture:
    """The same pictures, small enough to be kept in the tree."""

    def draw(path: str, slot: str) -> tuple[bytes, str]:
        written = io.BytesIO()
        with Image.open(io.BytesIO(drawn(path, slot)[0])) as picture:
            picture.thumbnail((320, 320))
            picture.convert("RGB").save(written, "JPEG", quality=60)
        return written.getvalue(), "image/jpeg"

    return draw


def _phone(address: str, seeds: dict[str, Any], harbour: story.Port) -> dict[str, Any]:
    """One more phone whose secret is known, as it stands after it came in."""
    secret = os.urandom(keys.SECRET_BYTES)
    member = seeds[story.COMPANY]["people"][PHONE]
    office = Wire(address, token=member["token"])
    asked = office.send("POST", "/api/v1/enrolments/codes", {"member": member["ref"]}).good().json
    device = Device(address, key=keys.signing_key(secret))
    device.ask_in(asked["code"], label="kept")
    harbour.devices[seeds[story.COMPANY]["people"][story.OFFICE[0]]["ref"]].countersign(device.key.device)
    if not device.come_in():
        raise RuntimeError("the phone was not let in")
    return {
        "secret": base64.b64encode(secret).decode(),
        "token": device.wire.token,
        "member": device.member,
        "name": device.name,
        "tenant": device.tenant,
        "dseq": device._dseq,  # noqa: SLF001 - the phone goes on from here
        "previous": device._previous,  # noqa: SLF001 - as above
        "beacon": device.beacon,
    }


@contextmanager
def _served(port: int, environment: dict[str, str]) -> Iterator[None]:
    process = subprocess.Popen(_command("up", "--port", str(port)), env=environment)
    try:
        deadline = time.monotonic() + _PATIENCE
        while not _answers(port):
            if time.monotonic() > deadline:
                raise RuntimeError("the server did not start")
            time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait(_PATIENCE)


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://localhost:{port}/api/v1/health", timeout=2):
            return True
    except (urllib.error.URLError, OSError):
        return False


def _pack(data: Path, target: Path) -> None:
    """The data directory as one archive, the write-ahead log folded into the database."""
    database = sqlite3.connect(data / "tanghulu.sqlite3")
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.execute("PRAGMA journal_mode=DELETE")
    database.execute("VACUUM")
    database.close()
    for name in _LEFT_OUT:
        shutil.rmtree(data / name, ignore_errors=True)
    shutil.rmtree(data / "blobs" / "derivatives", ignore_errors=True)
    with tarfile.open(target, "w:xz", format=tarfile.PAX_FORMAT) as archive:
        for path in sorted(data.rglob("*")):
            archive.add(path, path.relative_to(data).as_posix(), recursive=False, filter=_plain)


def _plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


def _command(*words: str) -> list[str]:
    return [sys.executable, "-P", "-m", "tanghulu", *words]


if __name__ == "__main__":
    raise SystemExit(main())
