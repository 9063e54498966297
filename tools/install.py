"""Makes .venv and installs one hash-locked group of requirements into it; run by the script `tanghulu` only.

Usage: install.py GROUP STAMP. GROUP names requirements/GROUP.txt; STAMP is what to write once all is in place.
Safe against being killed (the stamp is written last) and against a second start at the same time (a lock that the
operating system drops with its owner). Standard library only: nothing is installed yet.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"

FAILED = """
tanghulu: 安装没有完成：{what}。再运行一次会从头继续；需要能访问 Python 软件包源。
tanghulu: set-up did not finish: {what}. Run it again to go on; it needs a reachable Python package index.
"""


def stamp_of(group: str) -> Path:
    """Where the checksum of an installed group stands."""
    return VENV / f"installed-{group}"


@contextmanager
def alone() -> Iterator[None]:
    """Hold the set-up lock; a second start waits here until the first is done or dead."""
    descriptor = os.open(ROOT / ".venv.lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def works() -> bool:
    """Whether .venv has a Python of at least 3.11 with pip; half-made and orphaned ones do not."""
    question = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
    try:
        return subprocess.run([PYTHON, "-I", "-c", question], check=False, capture_output=True).returncode == 0
    except OSError:
        return False


def make_venv() -> None:
    """Make .venv anew with the Python that runs this file."""
    if VENV.is_symlink():
        VENV.unlink()
    shutil.rmtree(VENV, ignore_errors=True)
    subprocess.run([sys.executable, "-I", "-m", "venv", VENV], check=True)


def install(group: str) -> None:
    """Install the locked group; pip refuses whatever does not have the hash in the lock."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    subprocess.run(
        [PYTHON, "-I", "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check",
         "--require-hashes", "--only-binary", ":all:", "-r", ROOT / "requirements" / f"{group}.txt"],
        check=True,
        env=environment,
    )  # fmt: skip


def main() -> int:
    """Set up what the arguments name; 0 when it is in place, 1 with a sentence when it is not."""
    group, checksum = sys.argv[1:]
    with alone():
        stamp = stamp_of(group)
        if stamp.is_file() and stamp.read_text().strip() == checksum and works():
            return 0
        print(f"tanghulu: 首次准备，约一分钟 / setting up ({group}), about a minute ...", file=sys.stderr, flush=True)
        try:
            if not works():
                make_venv()
            stamp.unlink(missing_ok=True)
            install(group)
        except (subprocess.CalledProcessError, OSError) as error:
            what = f"exit {error.returncode}" if isinstance(error, subprocess.CalledProcessError) else str(error)
            print(FAILED.format(what=what), file=sys.stderr)
            return 1
        fresh = stamp.with_suffix(".new")
        fresh.write_text(checksum + "\n")
        fresh.replace(stamp)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
