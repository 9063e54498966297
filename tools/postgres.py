"""A throw-away PostgreSQL for the tests: on this machine's own binaries, in a temporary folder, gone afterwards."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HOW_TO_GET_IT = "apt-get install postgresql, or set TANGHULU_TEST_POSTGRES to postgresql://user:password@host/name"


def binaries() -> Path | None:
    """The folder of initdb and pg_ctl, newest version first, or None where PostgreSQL is not installed."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True)
    on_path = shutil.which("pg_ctl")
    for folder in [*debian, *([Path(on_path).resolve().parent] if on_path else [])]:
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    return None


def free_port() -> int:
    """A TCP port on the loopback address that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _as_somebody_else() -> list[str]:
    """PostgreSQL refuses to run as root, so root lends it the account that Debian made for it."""
    if os.geteuid() != 0:
        return []
    pwd.getpwnam("postgres")
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]


@contextmanager
def cluster(folder_of_binaries: Path) -> Iterator[str]:
    """Start a fresh server and yield its address as `postgresql://`; stop and delete it at the end.

    The role may create databases and is no superuser: row-level security binds it as it binds the product.
    """
    home = Path(tempfile.mkdtemp(prefix="tanghulu-postgres-"))
    before = _as_somebody_else()
    if before:
        shutil.chown(home, "postgres", "postgres")
    port = free_port()

    def call(*arguments: str | Path) -> None:
        # Output goes to a file: the server keeps the descriptor open, and a pipe would never end.
        with tempfile.TemporaryFile() as output:
            done = subprocess.run([*before, *arguments], check=False, stdout=output, stderr=output, cwd="/")
            if done.returncode:
                output.seek(0)
                raise RuntimeError(output.read().decode(errors="replace"))

    data = home / "data"
    # The cluster lives for minutes and holds nothing: it need not wait for the disk.
    settings = f"-p {port} -k {home} -c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off"
    try:
        call(
            folder_of_binaries / "initdb", "--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8",
            "--locale=C.UTF-8", "-D", data,
        )  # fmt: skip
        call(folder_of_binaries / "pg_ctl", "-w", "-D", data, "-l", home / "log", "-o", settings, "start")
        sql = "CREATE ROLE tanghulu LOGIN CREATEDB", "CREATE DATABASE tanghulu OWNER tanghulu"
        for statement in sql:
            call(folder_of_binaries / "psql", "-h", home, "-p", str(port), "-U", "postgres", "-q", "-c", statement)
        yield f"postgresql://tanghulu@127.0.0.1:{port}/tanghulu"
    finally:
        if (data / "postmaster.pid").exists():
            call(folder_of_binaries / "pg_ctl", "-w", "-m", "immediate", "-D", data, "stop")
        shutil.rmtree(home, ignore_errors=True)
