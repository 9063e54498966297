import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from tanghulu.apps.directory.second_factors import locked, unlocked
from tanghulu.gateways import keys

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    """Keys of its own."""
    settings.DATA = tmp_path
    keys.factor_key.cache_clear()
    yield tmp_path / "keys"
    keys.factor_key.cache_clear()


def forget(folder: Path) -> None:
    """The key is gone."""
    for path in folder.rglob("second-factors"):
        path.unlink()
    keys.factor_key.cache_clear()


class TestUnlocked:
    def test_is_what_was_locked(self) -> None:
        assert SECRET not in locked(SECRET)
        assert unlocked(locked(SECRET)) == SECRET

    def test_is_something_that_no_code_fits_where_the_key_is_another_one(self, folder: Path) -> None:
        kept = locked(SECRET)
        forget(folder)
        assert re.fullmatch("[A-Z2-7]{32}", unlocked(kept))
        assert unlocked(kept) != unlocked(kept) != SECRET

    def test_is_something_that_no_code_fits_where_the_key_was_not_restored(self, folder: Path) -> None:
        kept = locked(SECRET)
        forget(folder)
        (folder / keys.ABSENT).touch()
        assert re.fullmatch("[A-Z2-7]{32}", unlocked(kept))
        assert unlocked(kept) != unlocked(kept) != SECRET
