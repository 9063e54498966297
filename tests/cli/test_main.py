import subprocess
import sys
import time

import pytest

from tanghulu.cli import main as cli
from tests.architecture.source import PACKAGE


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-P", "-m", "tanghulu", *arguments],
        check=False, capture_output=True, text=True, env={"PYTHONPATH": str(PACKAGE.parent)},
    )  # fmt: skip


class TestMain:
    def test_lists_every_command(self):
        done = run("--help")
        assert done.returncode == 0
        assert [name for name in cli.COMMANDS if f"  {name} " not in done.stdout] == []

    def test_prints_the_help_and_ends_with_2_when_nothing_is_asked(self):
        done = run()
        assert (done.returncode, "Usage" in done.stdout) == (2, True)

    def test_refuses_an_unknown_command_with_2(self):
        done = run("explode")
        assert done.returncode == 2
        assert "no command 'explode'" in done.stderr
        assert "Traceback" not in done.stderr

    def test_answers_within_three_seconds(self):
        started = time.monotonic()
        run("--version")
        assert time.monotonic() - started < 3

    @pytest.mark.parametrize("name", sorted(cli.COMMANDS))
    def test_has_a_module_for(self, name):
        assert (PACKAGE / "cli" / f"{cli.COMMANDS[name].module}.py").is_file() or (
            PACKAGE / "cli" / cli.COMMANDS[name].module / "__init__.py"
        ).is_file()
