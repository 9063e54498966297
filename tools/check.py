"""Runs every check of the house and says in a line how each went: `./tanghulu test [--all] [--long] [SECTION ...]`.

What a machine lacks is left out and named at the end with the way to get it; with `--all` a missing part is a failure.
Standard library only, so that a broken environment can still say what is broken.
"""

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from tools import postgres, translations

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "tanghulu"
FRONTEND = ROOT / "frontend"
BUILT = PACKAGE / "web" / "static" / "dist"
BIN = Path(sys.executable).parent
NODE_VERSION = 18


class Outcome(StrEnum):
    """How a section ended."""

    PASSED = "passed"
    FAILED = "failed"
    LEFT_OUT = "left out"


@dataclass(frozen=True, slots=True)
class Result:
    """A section's outcome, one line about it, and its whole output where it failed."""

    outcome: Outcome
    line: str = ""
    output: str = ""


@dataclass(frozen=True, slots=True)
class House:
    """What all sections share: where scratch data may lie and whether the long runs are wanted."""

    scratch: Path
    long: bool
    everything: bool
    variables: Mapping[str, str] = field(default_factory=dict)

    def environment(self, **more: str) -> dict[str, str]:
        """The environment for a section's programs: the product's own settings are never taken from the caller's."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("TANGHULU_", "DJANGO_"))}
        material = os.environ.get("TANGHULU_MATERIAL")
        kept |= {"TANGHULU_DATA": str(self.scratch / "data"), "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
        kept |= {"TANGHULU_MATERIAL": material} if material else {}
        kept |= {"TANGHULU_LONG": "1"} if self.long else {}
        kept |= {"TANGHULU_ALL": "1"} if self.everything else {}
        return kept | dict(self.variables) | more


def call(
    house: House, *command: str | Path, cwd: Path = ROOT, more: Mapping[str, str] | None = None
) -> tuple[int, str]:
    """Run a program; its exit code and everything it said. A program that is not there gives 127."""
    try:
        done = subprocess.run(
            command, check=False, cwd=cwd, env=house.environment(**(more or {})), stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", errors="replace",
        )  # fmt: skip
    except FileNotFoundError as error:
        return 127, str(error)
    return done.returncode, done.stdout


def judged(code: int, output: str, line: str = "") -> Result:
    """A program's exit code as a result."""
    return Result(Outcome.FAILED if code else Outcome.PASSED, line, output if code else "")


def python_folders() -> list[str]:
    """The folders with Python source that this checkout has."""
    return [name for name in ("src", "tests", "tools", "bench") if (ROOT / name).is_dir()]


def check_format(house: House) -> Result:
    """Everything is laid out by the formatter."""
    return judged(*call(house, BIN / "ruff", "format", "--check", *python_folders()))


def check_lint(house: House) -> Result:
    """No rule of the linter is broken."""
    return judged(*call(house, BIN / "ruff", "check", *python_folders()))


def check_types(house: House) -> Result:
    """Types hold, strictly."""
    code, output = call(house, BIN / "mypy")
    return judged(code, output, output.strip().splitlines()[-1] if output.strip() else "")


def check_imports(house: House) -> Result:
    """Imports run one way."""
    code, output = call(house, BIN / "lint-imports")
    kept = re.search(r"Contracts: .*", output)
    return judged(code, output, kept[0] if kept else "")


def check_templates(house: House) -> Result:
    """Page templates are well formed."""
    return judged(*call(house, BIN / "djlint", "--lint", "--quiet", PACKAGE / "web" / "templates"))


def check_translations(_: House) -> Result:
    """Every sentence is there in every language, and compiled."""
    found = translations.problems(PACKAGE)
    return judged(len(found), "\n".join(found))


def node() -> str | None:
    """Why the front-end cannot be built here, or None."""
    found = shutil.which("node")
    if not found or not shutil.which("npm"):
        return f"Node.js {NODE_VERSION} or newer with npm is not here: apt-get install nodejs npm"
    version = subprocess.run([found, "--version"], check=False, capture_output=True, text=True).stdout
    numbers = re.match(r"v(\d+)", version)
    if not numbers or int(numbers[1]) < NODE_VERSION:
        return f"Node.js {NODE_VERSION} or newer is needed, {version.strip() or 'nothing'} found"
    return None


def fingerprint(folder: Path) -> dict[str, str]:
    """Each file under a folder with its hash."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def check_front_end(house: House) -> Result:
    """The front-end is clean, tested, and its committed build is what its source gives."""
    missing = node()
    if missing:
        return Result(Outcome.LEFT_OUT, missing)
    lock = FRONTEND / "package-lock.json"
    installed = FRONTEND / "node_modules" / ".installed"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if not installed.is_file() or installed.read_text() != wanted:
        code, output = call(house, "npm", "ci", "--no-fund", "--no-audit", cwd=FRONTEND)
        if code:
            return judged(code, output)
        installed.write_text(wanted)
    tests = ""
    for name in ("lint", "types", "test"):
        code, output = call(house, "npm", "run", "--silent", name, cwd=FRONTEND, more={"NO_COLOR": "1", "CI": "true"})
        if code:
            return judged(code, output)
        passed = re.search(r"Tests +(.*)", output)
        tests = passed[1] if passed else tests
    before = fingerprint(BUILT)
    code, output = call(house, "npm", "run", "--silent", "build", cwd=FRONTEND)
    after = fingerprint(BUILT)
    changed = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    if not code and changed:
        return Result(Outcome.FAILED, "", f"the built files were not those of the source: {', '.join(changed)}")
    return judged(code, output, tests)


def pytest(house: House, *arguments: str, workers: int, **more: str) -> Result:
    """Run a part of the tests; the line is pytest's own summary."""
    parallel = ["-n", str(workers)] if workers > 1 else []
    code, output = call(
        house, sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *parallel, *arguments, more=more
    )  # fmt: skip
    summary = re.findall(r"^=* ?(\d+ (?:passed|failed|skipped|error).*?) ?=*$", output, re.MULTILINE)
    skipped = sorted(set(re.findall(r"^SKIPPED \[\d+\] \S+ (.*)$", output, re.MULTILINE)))
    line = "\n".join([summary[-1] if summary else "", *(f"    skipped: {reason}" for reason in skipped)])
    return judged(code, output, line)


def workers() -> int:
    """As many test processes as there are processors, two at least and four at most."""
    return max(2, min(4, os.cpu_count() or 2))


def check_unit_on_sqlite(house: House) -> Result:
    """All tests but the journeys, on SQLite."""
    return pytest(house, "tests", "--ignore=tests/journeys", workers=workers())


def check_unit_on_postgresql(house: House) -> Result:
    """All tests that may touch a database, on PostgreSQL; `core` cannot, by the import contracts, nor can the tools."""
    given = os.environ.get("TANGHULU_TEST_POSTGRES")
    with ExitStack() as stack:
        if given:
            address = given
        else:
            folder = postgres.binaries()
            if folder is None:
                return Result(Outcome.LEFT_OUT, f"PostgreSQL is not here: {postgres.HOW_TO_GET_IT}")
            try:
                address = stack.enter_context(postgres.cluster(folder))
            except (RuntimeError, KeyError, OSError) as error:
                return Result(Outcome.FAILED, "", f"PostgreSQL did not start: {error}")
        without = ("journeys", "core", "architecture", "library", "tools", "test_script.py")
        ignored = [f"--ignore=tests/{name}" for name in without]
        return pytest(house, "tests", *ignored, workers=workers(), TANGHULU_DATABASE=address)


def chromium() -> str | None:
    """Where a Chromium for the journeys is."""
    given = os.environ.get("TANGHULU_CHROMIUM")
    names = ("chromium", "chromium-browser", "google-chrome")
    return given or next((found for name in names if (found := shutil.which(name))), None)


def check_journeys(house: House) -> Result:
    """Whole stories in a browser."""
    browser = chromium()
    if browser is None:
        return Result(Outcome.LEFT_OUT, "Chromium is not here: apt-get install chromium, or set TANGHULU_CHROMIUM")
    if not (ROOT / "tests" / "journeys").is_dir():
        return Result(Outcome.LEFT_OUT, "tests/journeys is not in this checkout")
    return pytest(house, "tests/journeys", workers=1, TANGHULU_CHROMIUM=browser)


SECTIONS: dict[str, Callable[[House], Result]] = {
    "format": check_format,
    "lint": check_lint,
    "types": check_types,
    "imports": check_imports,
    "templates": check_templates,
    "translations": check_translations,
    "front-end": check_front_end,
    "unit-sqlite": check_unit_on_sqlite,
    "unit-postgresql": check_unit_on_postgresql,
    "journeys": check_journeys,
}


def options(arguments: list[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="tanghulu test", description="Run every check that this machine can run.")
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=f"only these: {', '.join(SECTIONS)}")
    parser.add_argument("--all", action="store_true", help="a missing part is a failure")
    parser.add_argument("--long", action="store_true", help="add the long runs")
    given = parser.parse_args(arguments)
    unknown = [name for name in given.sections if name not in SECTIONS]
    if unknown:
        parser.error(f"no section {', '.join(unknown)}; there are {', '.join(SECTIONS)}")
    return given


def run_section(house: House, name: str) -> Result:
    """Run one section and print its line, and its output where it failed."""
    started = time.monotonic()
    result = SECTIONS[name](house)
    if result.outcome is Outcome.LEFT_OUT and house.everything:
        result = Result(Outcome.FAILED, result.line, f"--all allows nothing to be left out: {result.line}\n")
    seconds = time.monotonic() - started
    print(f"{name:<16} {result.outcome:<8} {seconds:6.1f} s  {result.line}".rstrip(), flush=True)
    if result.output:
        print(result.output.rstrip() + "\n", flush=True)
    return result


def main(arguments: list[str] | None = None) -> int:
    """Run the sections; 0 when none failed."""
    given = options(arguments)
    with tempfile.TemporaryDirectory(prefix="tanghulu-check-") as scratch:
        house = House(Path(scratch), long=given.long, everything=given.all)
        results = {name: run_section(house, name) for name in given.sections or SECTIONS}
    left_out = {name: result for name, result in results.items() if result.outcome is Outcome.LEFT_OUT}
    if left_out:
        print("\nLeft out here:")
        for name, result in left_out.items():
            print(f"  {name}: {result.line}")
    outcomes = [result.outcome for result in results.values()]
    failed = outcomes.count(Outcome.FAILED)
    print(f"\n{outcomes.count(Outcome.PASSED)} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
