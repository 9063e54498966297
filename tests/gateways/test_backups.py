from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytest_django import Settings

from tanghulu.gateways import backups


@pytest.fixture(autouse=True)
def own_folder(settings: Settings, tmp_path: Path) -> None:
    settings.DATA = tmp_path


MADE = backups.LastBackup(
    made_at=datetime(2026, 3, 2, 12, tzinfo=UTC), size=10**11, seconds=600.5, photos=300_000, missing=0, with_keys=True
)


class TestLast:
    def test_is_nothing_before_the_first(self) -> None:
        assert backups.last() is None

    def test_is_what_was_recorded_last(self) -> None:
        backups.record(backups.LastBackup(MADE.made_at, 1, 1.0, 1, 1, with_keys=False))
        backups.record(MADE)
        assert backups.last() == MADE
