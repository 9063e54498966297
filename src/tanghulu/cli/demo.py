"""Play a whole job with three simulated phones through the real HTTP API, verify its pack, then serve it.

Everything happens in a data directory of its own, which is deleted at the end.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tanghulu.cli.simulator import pictures, story
from tanghulu.cli.simulator.verdict import show_verdict
from tanghulu.config import env

_PATIENCE = 60.0


def main(arguments: list[str]) -> int:
    """Run the command; 0 when the job was played and its pack verified."""
    parser = argparse.ArgumentParser(prog="tanghulu demo", description=__doc__)
    parser.add_argument("--photos", type=Path, help="a folder with photos; without it pictures are drawn")
    parser.add_argument("--pack", type=Path, help="keep the evidence pack here, and its policy beside it")
    parser.add_argument("--exit", action="store_true", help="stop after the verdict instead of serving")
    parser.add_argument("--port", type=int, default=8000, help="the port on localhost (default 8000, or the next free)")
    given = parser.parse_args(arguments)
    if given.photos is not None and not given.photos.is_dir():
        parser.error(f"no such folder: {given.photos}")
    data = Path(tempfile.mkdtemp(prefix="tanghulu-demo-"))
    try:
        return _demo(given, data)
    except pictures.NoPictures as error:
        print(f"没有可用的照片 / no photo to use: {error}", file=sys.stderr)
        return 2
    finally:
        shutil.rmtree(data, ignore_errors=True)


def _demo(given: argparse.Namespace, data: Path) -> int:
    port = _free_port(given.port)
    address = f"http://localhost:{port}"
    print("· 建公司、人员、模板 / companies, people, templates", flush=True)
    seeds = _seed(data, port)
    with _server(data, port):
        _wait_for(address)
        print(f"· 服务器已启动 / the server runs: {address}", flush=True)
        harbour = story.open_port(address, seeds, photos=given.photos)
        pack, policy = story.tell(harbour)
        target = given.pack or data / "job.zip"
        target.write_bytes(pack)
        target.with_name(f"{target.name}.policy").write_text(policy, encoding="utf-8")
        code = show_verdict(target)
        if given.exit or code:
            return code
        story.leave_work_behind(harbour)
        harbour.close()
        print(f"\n打开 / open: {address}/demo   (Ctrl-C 结束 / ends)", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            while True:
                time.sleep(3600)
    return 0


def _seed(data: Path, port: int) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "tanghulu", "seed-demo"],
        env=env.for_demo(data=data, port=port),
        stdout=subprocess.PIPE,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@contextlib.contextmanager
def _server(data: Path, port: int) -> Iterator[None]:
    command = [sys.executable, "-P", "-m", "tanghulu", "up", "--port", str(port)]
    process = subprocess.Popen(command, env=env.for_demo(data=data, port=port))
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(address: str) -> None:
    host, port = address.removeprefix("http://").split(":")
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection((host, int(port)), timeout=1):
            return
        time.sleep(0.1)
    message = f"服务器没有启动 / the server did not start within {_PATIENCE:.0f} s"
    raise SystemExit(message)


def _free_port(wanted: int) -> int:
    for port in range(wanted, wanted + 50):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    message = f"没有空闲端口 / no free port from {wanted} on"
    raise SystemExit(message)
