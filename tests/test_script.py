"""The script `tanghulu` at the root."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.architecture.source import ROOT

SYSTEM = "/usr/bin:/bin"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout in a folder with a space in its name that needs no package but has its own lock."""
    root = tmp_path / "a house"
    (root / "requirements").mkdir(parents=True)
    shutil.copy(ROOT / "tanghulu", root)
    shutil.copytree(ROOT / "tools", root / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    package = root / "src" / "tanghulu"
    (package / "cli").mkdir(parents=True)
    (package / "core").mkdir()
    for name in ("__init__.py", "__main__.py", "cli/__init__.py", "cli/main.py", "core/__init__.py", "core/errors.py"):
        shutil.copy(ROOT / "src" / "tanghulu" / name, package / name)
    for group in ("runtime", "test"):
        (root / "requirements" / f"{group}.txt").write_text("# nothing is needed\n")
    return root


def environment(**more: str) -> dict[str, str]:
    return {"PATH": f"{Path(sys.base_prefix) / 'bin'}:{SYSTEM}", "HOME": "/nonexistent", **more}


def start(checkout: Path, *arguments: str, cwd: str = "/", **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [checkout / "tanghulu", *arguments],
        check=False, capture_output=True, text=True, cwd=cwd, env=environment(**more), stdin=subprocess.DEVNULL,
    )  # fmt: skip


class TestTheScript:
    def test_is_plain_posix_shell(self):
        shell = shutil.which("dash") or "/bin/sh"
        assert subprocess.run([shell, "-n", ROOT / "tanghulu"], check=False).returncode == 0
        assert subprocess.run([shell, "-n", ROOT / ".ci" / "run"], check=False).returncode == 0

    def test_sets_up_once_and_starts_at_once_afterwards(self, checkout):
        first = start(checkout, "--version")
        assert (first.returncode, first.stdout) == (0, "0.1.0\n"), first.stderr
        assert "setting up" in first.stderr
        started = time.monotonic()
        second = start(checkout, "--version")
        assert (second.stdout, second.stderr) == ("0.1.0\n", "")
        assert time.monotonic() - started < 3

    def test_sets_up_again_when_the_lock_has_changed(self, checkout):
        start(checkout, "--version")
        (checkout / "requirements" / "runtime.txt").write_text("# another lock\n")
        assert "setting up" in start(checkout, "--version").stderr

    def test_survives_being_killed_in_the_middle(self, checkout):
        process = subprocess.Popen(
            [checkout / "tanghulu", "--version"], env=environment(), start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        deadline = time.monotonic() + 30
        while not (checkout / ".venv").is_dir() and time.monotonic() < deadline:
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        assert not (checkout / ".venv" / "installed-runtime").exists()
        again = start(checkout, "--version")
        assert (again.returncode, again.stdout) == (0, "0.1.0\n"), again.stderr

    def test_survives_two_starts_at_once(self, checkout):
        both = [
            subprocess.Popen(
                [checkout / "tanghulu", "--version"], env=environment(), stdout=subprocess.PIPE,
                stderr=subprocess.PIPE, text=True,
            )
            for _ in range(2)
        ]  # fmt: skip
        answers = [process.communicate() for process in both]
        assert [out for out, _ in answers] == ["0.1.0\n", "0.1.0\n"]
        assert sum("setting up" in err for _, err in answers) == 1

    def test_says_in_two_languages_when_there_is_no_python(self, checkout, tmp_path):
        tools = tmp_path / "bin"
        tools.mkdir()
        for name in ("sh", "dirname", "cksum", "cat"):
            (tools / name).symlink_to(shutil.which(name, path=SYSTEM))
        done = start(checkout, "demo", PATH=str(tools))
        assert done.returncode == 1
        assert "需要 Python 3.11" in done.stderr
        assert "Python 3.11 or newer" in done.stderr

    def test_says_when_the_packages_cannot_be_had(self, checkout):
        (checkout / "requirements" / "runtime.txt").write_text(f"absent==1 --hash=sha256:{'0' * 64}\n")
        done = start(checkout, "--version", PIP_NO_INDEX="1")
        assert done.returncode == 1
        assert "set-up did not finish" in done.stderr
        assert not (checkout / ".venv" / "installed-runtime").exists()
