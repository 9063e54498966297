import hashlib
import io
import json
import subprocess
import tarfile
import tempfile
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanghulu.gateways import archive
from tanghulu.gateways.archive import BackupRefused

BEGINNING = {"tanghulu": "backup", "format": 1}
PHOTO = "blobs/photos/harbour/ab/" + "ab" * 32
ROWS = b"rows" * 700


def made(folder: Path, *, finish: bool = True) -> bytes:
    """A small backup with rows, a photo and an empty file."""
    file = io.BytesIO()
    with archive.Writer(file, folder=folder, progress=lambda _size: None) as writer:
        writer.add_json(archive.BEGINNING, BEGINNING)
        rows = folder / "rows"
        rows.write_bytes(ROWS)
        writer.add_file("database/tanghulu.sqlite3", rows)
        writer.add(PHOTO, b"\xff\xd8picture")
        writer.add("blobs/logs/harbour/empty", b"")
        writer.add_json(archive.MANIFEST, {"members": writer.count, "logs": []})
        if finish:
            writer.finish()
    return file.getvalue()


def unpack(content: bytes, folder: Path, accept: Callable[[Any], None] = lambda _said: None) -> archive.Unpacked:
    target = folder / "parts"
    target.mkdir()
    return archive.unpack(io.BytesIO(content), target, accept=accept, progress=lambda _size: None)


def refused(content: bytes, folder: Path) -> BackupRefused:
    with pytest.raises(BackupRefused) as caught:
        unpack(content, folder)
    return caught.value


def files(folder: Path) -> dict[str, bytes]:
    parts = folder / "parts"
    return {path.relative_to(parts).as_posix(): path.read_bytes() for path in parts.rglob("*") if path.is_file()}


def tar_of(*members: tuple[tarfile.TarInfo, bytes]) -> bytes:
    """An archive that somebody else made, with a good list and end."""
    file = io.BytesIO()
    text = json.dumps(BEGINNING).encode()
    manifest = b"{}"
    everything = [(named(archive.BEGINNING), text), *members, (named(archive.MANIFEST), manifest)]
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {one.name}\n" for one, content in everything).encode()
    end = f"{hashlib.sha256(sums).hexdigest()}\n".encode()
    with tarfile.open(fileobj=file, mode="w") as tar:
        for one, content in [*everything, (named(archive.SUMS), sums), (named(archive.END), end)]:
            one.size = len(content)
            tar.addfile(one, io.BytesIO(content))
    return file.getvalue()


def named(name: str, **what: Any) -> tarfile.TarInfo:
    found = tarfile.TarInfo(name)
    for key, value in what.items():
        setattr(found, key, value)
    return found


class TestUnpack:
    def test_brings_back_what_was_written(self, tmp_path: Path) -> None:
        said: list[Any] = []
        found = unpack(made(tmp_path), tmp_path, said.append)
        assert said == [BEGINNING]
        assert (found.beginning, found.manifest) == (BEGINNING, {"members": 4, "logs": []})
        assert files(tmp_path) == {
            "database/tanghulu.sqlite3": ROWS,
            PHOTO: b"\xff\xd8picture",
            "blobs/logs/harbour/empty": b"",
        }

    def test_reads_nothing_more_when_the_beginning_is_not_wanted(self, tmp_path: Path) -> None:
        def decline(_said: Any) -> None:
            raise BackupRefused("backup_newer", version="9")

        with pytest.raises(BackupRefused, match="backup_newer"):
            unpack(made(tmp_path), tmp_path, decline)
        assert files(tmp_path) == {}

    def test_can_be_followed_by_hand_with_tar_and_sha256sum(self, tmp_path: Path) -> None:
        (tmp_path / "by_hand").mkdir()
        (tmp_path / "backup.tar").write_bytes(made(tmp_path))
        for command in (["tar", "-xf", "../backup.tar"], ["sha256sum", "--quiet", "-c", "SHA256SUMS"]):
            subprocess.run(command, cwd=tmp_path / "by_hand", check=True)

    @given(st.data())
    def test_never_takes_a_changed_byte_for_what_was_saved(self, data: st.DataObject) -> None:
        with tempfile.TemporaryDirectory() as name:
            content = bytearray(made(Path(name)))
            position = data.draw(st.integers(0, len(content) - 1))
            content[position] ^= 1 << data.draw(st.integers(0, 7))
            try:
                unpack(bytes(content), Path(name))
            except BackupRefused:
                return
            # Padding between members says nothing.
            found = files(Path(name))
            assert (found["database/tanghulu.sqlite3"], found[PHOTO]) == (ROWS, b"\xff\xd8picture")
            assert len(found) == 3

    @given(st.data())
    def test_never_takes_a_part_for_the_whole(self, data: st.DataObject) -> None:
        with tempfile.TemporaryDirectory() as name:
            content = made(Path(name))
            # Behind the end come two empty blocks and the rest of a record, which say nothing.
            end = content.rindex(b"\n") - 64
            cut = content[: data.draw(st.integers(0, end))]
            assert refused(cut, Path(name)).code in {"backup_damaged", "backup_not_one"}

    def test_names_the_file_that_was_changed(self, tmp_path: Path) -> None:
        content = made(tmp_path).replace(b"picture", b"pictvre")
        error = refused(content, tmp_path)
        assert (error.code, error.params["name"]) == ("backup_damaged", PHOTO)

    def test_takes_nothing_without_its_end(self, tmp_path: Path) -> None:
        assert refused(made(tmp_path, finish=False), tmp_path).code == "backup_damaged"

    def test_takes_nothing_that_is_no_backup(self, tmp_path: Path) -> None:
        assert refused(b"\x89PNG" * 1000, tmp_path).code == "backup_not_one"

    @pytest.mark.parametrize(
        "name",
        ["../evil", "/etc/evil", "blobs/../../evil", "blobs/./x", "blobs/.hidden", "keys/harbour/log", "blobs//x", "x"],
    )
    def test_takes_no_name_that_leaves_its_folder(self, tmp_path: Path, name: str) -> None:
        error = refused(tar_of((named(name), b"evil")), tmp_path)
        assert (error.code, error.params["name"]) == ("backup_damaged", name)
        assert list(tmp_path.rglob("evil*")) == []

    @pytest.mark.parametrize(
        "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE]
    )
    def test_takes_plain_files_only(self, tmp_path: Path, kind: bytes) -> None:
        error = refused(tar_of((named("blobs/link", type=kind, linkname="/etc/passwd"), b"")), tmp_path)
        assert error.code == "backup_damaged"
        assert files(tmp_path) == {}

    def test_takes_no_name_twice(self, tmp_path: Path) -> None:
        error = refused(tar_of((named("blobs/x"), b"1"), (named("blobs/x"), b"2")), tmp_path)
        assert error.params["reason"] == "there twice"

    def test_takes_what_others_made_in_the_same_form(self, tmp_path: Path) -> None:
        unpack(tar_of((named("blobs/x"), b"1")), tmp_path)
        assert files(tmp_path) == {"blobs/x": b"1"}


class TestWriter:
    def test_needs_no_more_memory_for_more_members(self, tmp_path: Path) -> None:
        """What it takes for a thousand members is less than a fifth of what their names alone would take."""
        with (
            (tmp_path / "out").open("wb") as file,
            archive.Writer(file, folder=tmp_path, progress=lambda _size: None) as writer,
        ):
            writer.add(PHOTO, b"x")
            tracemalloc.start()
            before, _ = tracemalloc.get_traced_memory()
            for number in range(1000):
                writer.add(f"{PHOTO}{number}", b"x")
            after, _ = tracemalloc.get_traced_memory()
            tracemalloc.stop()
        assert after - before < 1000 * len(PHOTO) / 5

    def test_says_so_when_a_file_becomes_shorter_meanwhile(self, tmp_path: Path) -> None:
        with (
            archive.Writer(io.BytesIO(), folder=tmp_path, progress=lambda _size: None) as writer,
            pytest.raises(OSError, match="shorter"),
        ):
            writer._write("blobs/x", io.BytesIO(b"half"), 8)
