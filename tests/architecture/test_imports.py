"""The import contracts of pyproject.toml hold, and each refuses a deliberate mistake."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import PACKAGE, ROOT

BIN = Path(sys.executable).parent

# In which file, which line, and the contract that must break.
HOUSE = "The house imports one way"
APPS = "Apps stand in one order"
CORE = "Core packages do not know each other"
PURE = "Core knows no framework and no network"
EDGE = "The edge imports no model"
MISTAKES = {
    "core imports an app": ("core/errors.py", "import tanghulu.apps.tenancy.scope", HOUSE),
    "an app imports the web": ("apps/tenancy/apps.py", "import tanghulu.web.urls", HOUSE),
    "a command imports the web": ("cli/main.py", "import tanghulu.web.urls", HOUSE),
    "a new top-level package": ("extra/__init__.py", "", HOUSE),
    "a lower app imports a higher": ("apps/tenancy/apps.py", "import tanghulu.apps.jobs.apps", APPS),
    "an app without a place": ("apps/extra/__init__.py", "", APPS),
    "the chain imports the flow": ("core/chain/__init__.py", "import tanghulu.core.flow", CORE),
    "core imports Django": ("core/errors.py", "import django", PURE),
    "core draws lots": ("core/errors.py", "import random", PURE),
    "a page imports a model": ("web/urls.py", "import tanghulu.apps.tenancy.models", EDGE),
}


def lint(source: Path) -> subprocess.CompletedProcess[str]:
    environment = {"PYTHONPATH": str(source), "PATH": "/usr/bin:/bin"}
    return subprocess.run(
        [BIN / "lint-imports", "--config", ROOT / "pyproject.toml", "--no-cache"],
        check=False, capture_output=True, text=True, cwd=source, env=environment,
    )  # fmt: skip


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The package's Python files, to make mistakes in."""
    shutil.copytree(
        PACKAGE, tmp_path / "tanghulu", ignore=shutil.ignore_patterns("__pycache__", "static", "locale", "*.html")
    )
    return tmp_path


class TestContracts:
    def test_hold(self):
        done = lint(ROOT / "src")
        assert done.returncode == 0, done.stdout

    @pytest.mark.parametrize("mistake", MISTAKES)
    def test_refuse(self, copy, mistake):
        file, line, contract = MISTAKES[mistake]
        path = copy / "tanghulu" / file
        path.parent.mkdir(exist_ok=True)
        path.write_text((path.read_text(encoding="utf-8") if path.exists() else "") + f"\n{line}\n", encoding="utf-8")
        done = lint(copy)
        assert done.returncode == 1, done.stdout
        assert f"{contract} BROKEN" in done.stdout
