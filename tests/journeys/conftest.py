"""What every journey stands on: a real server that can be killed, and a real browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Playwright, sync_playwright

from tanghulu.cli.simulator import pictures
from tests.journeys.phone import CHROMIUM, film
from tests.support.installation import Installation, installation


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A filled data directory, to be copied."""
    with installation(tmp_path_factory.mktemp("seeded")) as made:
        made.seed()
        return made.data, made.seeds


@pytest.fixture
def harbour(seeded: tuple[Path, dict[str, Any]], tmp_path: Path) -> Iterator[Installation]:
    """The demo's companies, served."""
    data, seeds = seeded
    shutil.copytree(data, tmp_path / "data")
    with installation(tmp_path / "data", seeds=seeds) as made:
        made.start("web")
        made.start("worker")
        yield made


@pytest.fixture
def browsers() -> Iterator[Playwright]:
    """Chromium, where it is installed."""
    if not Path(CHROMIUM).exists():
        leave = pytest.fail if os.environ.get("TANGHULU_ALL") == "1" else pytest.skip
        leave(f"{CHROMIUM} is not here; install Debian's chromium")
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture
def camera(tmp_path: Path) -> Path:
    """What a phone's camera sees: four drawn pictures, one after the other."""
    drawn = []
    for number in range(1, 5):
        path = tmp_path / f"scene-{number}.jpg"
        path.write_bytes(pictures.drawn(number, title="journey", at="2026-03-02 12:00:00")[0])
        drawn.append(path)
    return film(tmp_path / "camera.y4m", drawn)
