"""What every test stands on: closed sockets, modest hypothesis runs, and the shared material where it is present."""

import os
import shutil
from pathlib import Path

import hypothesis
import pytest

pytest_plugins = ["tests.support.cast", "tests.support.yard"]

LOOPBACK = ["127.0.0.1", "::1", "localhost"]
LONG = os.environ.get("TANGHULU_LONG") == "1"

hypothesis.settings.register_profile("short", max_examples=100, deadline=None)
hypothesis.settings.register_profile("long", max_examples=5000, deadline=None)
hypothesis.settings.load_profile("long" if LONG else "short")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="also run the tests marked long")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--long"):
        hypothesis.settings.load_profile("long")


def pytest_itemcollected(item: pytest.Item) -> None:
    if item.get_closest_marker("loopback") or item.get_closest_marker("journey"):
        item.add_marker(pytest.mark.allow_hosts(LOOPBACK))


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("long") and not (LONG or item.config.getoption("--long")):
        pytest.skip("a long run: give --long")


def pytest_runtest_teardown(item: pytest.Item) -> None:
    # The database forgets what a test wrote, and so must the files of its logs: another log would find them there.
    shutil.rmtree(Path(os.environ["TANGHULU_DATA"]) / "blobs", ignore_errors=True)


@pytest.fixture(scope="session")
def material() -> Path:
    """The folder of shared photos, hostile files and vectors (its parts: material/, vectors/, reference/)."""
    root = Path(__file__).resolve().parents[1]
    folder = Path(os.environ.get("TANGHULU_MATERIAL", root.parent / "shared"))
    if not folder.is_dir():
        leave = pytest.fail if os.environ.get("TANGHULU_ALL") == "1" else pytest.skip
        leave("the shared material is not here; set TANGHULU_MATERIAL to its folder")
    return folder
