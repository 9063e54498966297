from pathlib import Path

import pytest

from tanghulu.gateways import workshop
from tanghulu.gateways.archive import BackupRefused


class TestBeside:
    def test_leaves_nothing(self, tmp_path: Path) -> None:
        with workshop.beside(tmp_path / "a.tar") as folder:
            (folder / "half").write_bytes(b"x")
            assert folder == tmp_path / ".a.tar.draft"
        assert list(tmp_path.iterdir()) == []

    def test_clears_what_a_killed_process_left(self, tmp_path: Path) -> None:
        left = tmp_path / ".a.tar.draft"
        (left / "parts").mkdir(parents=True)
        (left / "parts" / "x").write_bytes(b"x")
        (left / "link").symlink_to(tmp_path)
        with workshop.beside(tmp_path / "a.tar") as folder:
            assert [path.name for path in folder.iterdir()] == ["lock"]
        assert tmp_path.is_dir()

    def test_lets_one_in_at_a_time(self, tmp_path: Path) -> None:
        with workshop.beside(tmp_path / "a.tar"):
            with pytest.raises(BackupRefused, match="backup_running"), workshop.beside(tmp_path / "a.tar"):
                pass
            with workshop.beside(tmp_path / "b.tar"):
                pass
