import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tanghulu.gateways import durable


class TestWrite:
    def test_puts_the_content_there_with_its_folders_for_the_owner_only(self, tmp_path: Path) -> None:
        path = tmp_path / "a" / "b" / "file"
        durable.write(path, b"content")
        assert path.read_bytes() == b"content"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700

    def test_replaces_what_was_there_and_leaves_no_draft(self, tmp_path: Path) -> None:
        durable.write(tmp_path / "file", b"one")
        durable.write(tmp_path / "file", b"two")
        assert [path.name for path in tmp_path.iterdir()] == ["file"]
        assert (tmp_path / "file").read_bytes() == b"two"


class TestWriteOnce:
    def test_keeps_what_was_there(self, tmp_path: Path) -> None:
        assert durable.write_once(tmp_path / "key", b"first") == b"first"
        assert durable.write_once(tmp_path / "key", b"second") == b"first"
        assert [path.name for path in tmp_path.iterdir()] == ["key"]

    def test_gives_everybody_the_same_when_many_come_at_once(self, tmp_path: Path) -> None:
        with ThreadPoolExecutor(8) as pool:
            found = set(pool.map(lambda _: durable.write_once(tmp_path / "key", os.urandom(32)), range(32)))
        assert found == {(tmp_path / "key").read_bytes()}
