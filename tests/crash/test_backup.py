"""A backup or a restore is killed half-way: nothing that looks whole is left, and the next one is whole."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tanghulu.cli.simulator import pictures
from tests.support.installation import Installation, bare_installation, installation, wait_for

pytestmark = pytest.mark.loopback

PASSPHRASE = {"TANGHULU_BACKUP_PASSPHRASE": "correct horse battery"}


@dataclass
class Saved:
    """An installation with a photo, and its backup."""

    home: Installation
    file: Path
    keys: Path


def back_up(home: Installation, file: Path, keys: Path) -> None:
    done = home.attempt("backup", str(file), "--keys", str(keys), **PASSPHRASE)
    assert done.returncode == 0, done.stderr.decode()


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Saved]:
    folder = tmp_path_factory.mktemp("saved")
    with installation(folder / "data") as home:
        home.start("web")
        device = home.device("chen")
        device.put_photo(pictures.drawn(1, title="crash", at="2026-03-02 12:00:00")[0], media_type="image/jpeg")
        device.wire.close()
        made = Saved(home, folder / "b.tar", folder / "b.keys")
        back_up(home, made.file, made.keys)
        home.end()
        yield made


class TestABackupThatIsKilled:
    def test_leaves_no_file_and_the_next_one_is_whole(self, saved: Saved, tmp_path: Path) -> None:
        file, keys = tmp_path / "b.tar", tmp_path / "b.keys"
        words = ("backup", str(file), "--keys", str(keys))
        saved.home.begin("backup", *words, pause_at="after_backup_rows", **PASSPHRASE)
        saved.home.wait_for_pause()
        running = saved.home.attempt(*words, **PASSPHRASE)
        assert running.returncode == 1
        assert "backup_running" in running.stderr.decode()
        saved.home.kill("backup")
        assert [path.name for path in tmp_path.iterdir()] == [".b.tar.draft"]
        back_up(saved.home, file, keys)
        assert sorted(path.name for path in tmp_path.iterdir()) == ["b.keys", "b.tar"]
        with bare_installation(tmp_path / "new", seeds=saved.home.seeds) as new:
            assert new.attempt("restore", *words[1:], **PASSPHRASE).returncode == 0

    def test_keeps_the_backup_that_it_was_to_replace(self, saved: Saved, tmp_path: Path) -> None:
        file, keys = tmp_path / "b.tar", tmp_path / "b.keys"
        back_up(saved.home, file, keys)
        before = file.read_bytes(), keys.read_bytes()
        words = ("backup", str(file), "--keys", str(keys), "--force")
        saved.home.begin("backup", *words, pause_at="after_backup_rows", **PASSPHRASE)
        saved.home.wait_for_pause()
        saved.home.kill("backup")
        assert (file.read_bytes(), keys.read_bytes()) == before


class TestARestoreThatIsKilled:
    @pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
    def test_leaves_no_data_directory_and_the_next_one_is_whole(
        self, saved: Saved, tmp_path: Path, share: float
    ) -> None:
        """The backup comes through a pipe that stands still after a part of it."""
        content = saved.file.read_bytes()
        pipe = tmp_path / "pipe"
        os.mkfifo(pipe)
        folder = tmp_path / "place"
        folder.mkdir()
        with bare_installation(folder / "new", seeds=saved.home.seeds) as new:
            new.begin("restore", "restore", str(pipe), "--keys", str(saved.keys), **PASSPHRASE)
            with pipe.open("wb", buffering=0) as end:
                rest = memoryview(content)[: int(len(content) * share)]
                while rest:
                    rest = rest[end.write(rest) :]
                wait_for("it works", (folder / ".new.draft" / "parts").is_dir)
                new.kill("restore")
            assert [path.name for path in folder.iterdir()] == [".new.draft"]
            done = new.attempt("restore", str(saved.file), "--keys", str(saved.keys), **PASSPHRASE)
            assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
            assert [path.name for path in folder.iterdir()] == ["new"]
            assert new.problems() == []
