import io
from pathlib import Path

import pytest

from tanghulu.cli import passphrase
from tanghulu.gateways.archive import BackupRefused


@pytest.fixture(autouse=True)
def no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TANGHULU_BACKUP_PASSPHRASE", raising=False)
    monkeypatch.setattr("sys.stdin", io.StringIO("typed into nothing\n"))


class TestGiven:
    def test_is_the_files_without_its_last_line_end(self, tmp_path: Path) -> None:
        (tmp_path / "phrase").write_text(" with blanks \n", encoding="utf-8")
        assert passphrase.given(tmp_path / "phrase", is_new=True) == " with blanks "

    def test_is_the_settings_where_no_file_is_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TANGHULU_BACKUP_PASSPHRASE", "from the environment")
        assert passphrase.given(None, is_new=False) == "from the environment"

    def test_is_refused_where_nobody_can_be_asked(self) -> None:
        with pytest.raises(BackupRefused, match="passphrase_missing"):
            passphrase.given(None, is_new=True)

    def test_is_refused_when_the_file_is_empty(self, tmp_path: Path) -> None:
        (tmp_path / "phrase").write_text("\n")
        with pytest.raises(BackupRefused, match="passphrase_missing"):
            passphrase.given(tmp_path / "phrase", is_new=True)
