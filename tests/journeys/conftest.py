"""Fixtures of the journeys: a browser, a film for the camera, and a stage with a server of its own.

A journey that fails keeps pictures of its pages and the browsers' words: in the folder that `TANGHULU_ARTIFACTS` names,
or else in a new temporary one, which is printed.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from tanghulu.cli.simulator import pictures
from tests.journeys.phone import CHROMIUM, PATIENCE, QUIET, ZONE, film
from tests.journeys.stage import Stage
from tests.support.installation import Installation, installation

ROOT = Path(__file__).resolve().parents[2]
PHOTOS = 8
_FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.failed:
        item.stash[_FAILED] = True
    return report


@pytest.fixture(autouse=True)
def harbour_time(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What is drawn into pictures tells the time of the harbour, as the pages do."""
    with monkeypatch.context() as there:
        there.setenv("TZ", ZONE)
        time.tzset()
        yield
    time.tzset()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The demo's companies and people, to be copied for each journey."""
    with installation(tmp_path_factory.mktemp("seeded") / "data") as house:
        yield house


class Stock:
    """Installations that are served already when a journey asks: each starts while the one before it is played with.

    Every journey has its own all the same, with nobody enrolled, and nobody else ever has it.
    """

    def __init__(self, seeded: Installation, folder: Callable[[], Path]) -> None:
        self._seeded = seeded
        self._folder = folder
        self._pool = ThreadPoolExecutor(max_workers=1)
        self._next: Future[tuple[Installation, ExitStack]] | None = None

    def take(self, *, more: bool) -> tuple[Installation, ExitStack]:
        """An installation, and what ends it; with `more` to come the next one is begun."""
        ready = self._next or self._pool.submit(self._prepare)
        found = ready.result()
        self._next = self._pool.submit(self._prepare) if more else None
        return found

    def close(self) -> None:
        """End what nobody has taken."""
        if self._next is not None:
            self._next.result()[1].close()
        self._pool.shutdown()

    def _prepare(self) -> tuple[Installation, ExitStack]:
        with ExitStack() as stack:
            house = stack.enter_context(installation(self._folder() / "data", copy_of=self._seeded))
            house.start("web")
            house.start("worker")
            return house, stack.pop_all()


@pytest.fixture(scope="session")
def stock(seeded: Installation, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stock]:
    made = Stock(seeded, lambda: tmp_path_factory.mktemp("stage"))
    yield made
    made.close()


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """The browser of all offices; whoever sits there has a context of their own, which shares nothing with another."""
    executable = os.environ.get("TANGHULU_CHROMIUM", CHROMIUM)
    started = playwright.chromium.launch(executable_path=executable, headless=True, args=list(QUIET))
    yield started
    started.close()


@pytest.fixture(scope="session")
def photographed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film of real photos for the camera; of drawn pictures where no photos are here."""
    folder = tmp_path_factory.mktemp("film")
    material = Path(os.environ.get("TANGHULU_MATERIAL", ROOT.parent / "shared")) / "material" / "photos"
    real = [path for path in sorted(material.glob("*.jpg")) if "128px" not in path.name] if material.is_dir() else []
    # Each photo is shown for a fifth of a second, so that hardly two shots are of the same.
    return film(folder / "camera.y4m", real[-PHOTOS:] or draw(folder, first=PHOTOS + 1), frames=2)


@pytest.fixture(scope="session")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film of drawn pictures, for what is shown to everybody; none of them is in the other film."""
    folder = tmp_path_factory.mktemp("drawn")
    return film(folder / "camera.y4m", draw(folder, first=1), frames=2)


def draw(folder: Path, *, first: int) -> list[Path]:
    """Drawn pictures, one file each, numbered from `first`."""
    made = []
    for number in range(first, first + PHOTOS):
        content, _ = pictures.drawn(number, title="for the camera", at="")
        path = folder / f"{number}.jpg"
        path.write_bytes(content)
        made.append(path)
    return made


@pytest.fixture
def camera(photographed: Path) -> Path:
    """What the phones' cameras see; a journey may have another."""
    return photographed


@pytest.fixture
def stage(
    request: pytest.FixtureRequest,
    playwright: Playwright,
    browser: Browser,
    stock: Stock,
    camera: Path,
    tmp_path: Path,
) -> Iterator[Stage]:
    """A served installation of its own, with nobody enrolled. No error of any page goes unnoticed."""
    house, served = stock.take(more=request.node is not request.session.items[-1])
    with served:
        made = Stage(house=house, playwright=playwright, browser=browser, folder=tmp_path, camera=camera)
        try:
            yield made
            troubles = made.watch.troubles
            failed = request.node.stash.get(_FAILED, False) or troubles
            if failed:
                _keep(made, request.node.name)
            assert troubles == []
        finally:
            made.close()


def _keep(made: Stage, name: str) -> None:
    given = os.environ.get("TANGHULU_ARTIFACTS")
    folder = Path(given) if given else Path(tempfile.mkdtemp(prefix="tanghulu-journey-"))
    made.keep(folder / name)
    print(f"\nwhat {name} left: {folder / name}")
