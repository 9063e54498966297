import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from tanghulu.gateways import keys


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    settings.DATA = tmp_path
    forget()
    yield tmp_path / "keys"
    forget()


def forget() -> None:
    """As another process, or this one after a restart."""
    for cached in (keys.log_key, keys.server_key, keys.subject_key):
        cached.cache_clear()


class TestKeys:
    def test_are_made_once_and_stay(self, folder: Path) -> None:
        first = (
            str(keys.log_key("harbour", "h/log/harbour").verifier),
            keys.server_key("harbour").device,
            keys.subject_key("harbour", "0" * 32),
        )
        forget()
        assert first == (
            str(keys.log_key("harbour", "h/log/harbour").verifier),
            keys.server_key("harbour").device,
            keys.subject_key("harbour", "0" * 32),
        )

    def test_differ_by_company_and_subject(self) -> None:
        assert keys.server_key("harbour").device != keys.server_key("quarry").device
        assert keys.subject_key("harbour", "0" * 32) != keys.subject_key("harbour", "1" * 32)

    def test_are_readable_by_their_owner_only(self, folder: Path) -> None:
        keys.server_key("harbour")
        assert stat.S_IMODE((folder / "harbour" / "server").stat().st_mode) == 0o600

    @pytest.mark.parametrize("name", ["", "../quarry", "a/b", "A", "."])
    def test_have_names_that_stay_in_their_folder(self, name: str) -> None:
        with pytest.raises(ValueError, match="not the name"):
            keys.server_key(name)
        with pytest.raises(ValueError, match="not the name"):
            keys.subject_key("harbour", name)

    def test_of_another_length_are_not_used(self, folder: Path) -> None:
        keys.server_key("harbour")
        (folder / "harbour" / "server").write_bytes(b"short")
        forget()
        with pytest.raises(ValueError, match="5 bytes"):
            keys.server_key("harbour")

    def test_are_not_made_where_the_data_was_restored_without_them(self, folder: Path) -> None:
        folder.mkdir()
        (folder / keys.ABSENT).touch()
        with pytest.raises(keys.Missing, match="log"):
            keys.log_key("harbour", "h/log/harbour")
        assert [path.name for path in folder.rglob("*")] == [keys.ABSENT]
