"""The rules, the chain and the verifier run where Django is not installed."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import PACKAGE

FRAMEWORKS = (
    "django", "ninja", "allauth", "psycopg", "structlog", "whitenoise", "granian",
    "tanghulu.apps", "tanghulu.config", "tanghulu.gateways", "tanghulu.web",
)  # fmt: skip

# Imports every module below the packages named on the command line, with the frameworks gone.
PROGRAM = """
import importlib, importlib.abc, pkgutil, sys

BLOCKED = {blocked!r}

class Gone(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if any(name == gone or name.startswith(gone + ".") for gone in BLOCKED):
            raise ModuleNotFoundError(f"{{name}} is not installed here", name=name)
        return None

sys.meta_path.insert(0, Gone())
count = 0
for name in sys.argv[1:]:
    module = importlib.import_module(name)
    count += 1
    for found in pkgutil.walk_packages(getattr(module, "__path__", []), name + "."):
        importlib.import_module(found.name)
        count += 1
print(count)
"""


def import_all(root: Path, *names: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PROGRAM.format(blocked=FRAMEWORKS), *names],
        check=False, capture_output=True, text=True, cwd="/", env={"PYTHONPATH": str(root)},
    )  # fmt: skip


class TestCore:
    @pytest.mark.parametrize("name", ["tanghulu.core", "tanghulu.cli.verify"])
    def test_imports_with_django_blocked(self, name):
        done = import_all(PACKAGE.parent, name)
        assert done.returncode == 0, done.stderr
        assert int(done.stdout) > 0

    @pytest.mark.parametrize("line", ["import django.db", "from psycopg import sql", "import ninja"])
    def test_is_refused_when_one_module_needs_it(self, tmp_path, line):
        (tmp_path / "rules" / "deep").mkdir(parents=True)
        (tmp_path / "rules" / "__init__.py").touch()
        (tmp_path / "rules" / "deep" / "__init__.py").touch()
        (tmp_path / "rules" / "deep" / "leaf.py").write_text(f"{line}\n")
        done = import_all(tmp_path, "rules")
        assert done.returncode == 1
        assert "is not installed here" in done.stderr
