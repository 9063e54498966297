"""Backup and restore as an operator runs them: real processes, a server that goes on serving meanwhile."""

from __future__ import annotations

import json
import os
import resource
import stat
import subprocess
import tarfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tanghulu.cli.simulator import pictures
from tanghulu.cli.simulator.device import Device, Signed
from tanghulu.core.chain import envelope as envelopes
from tests.support.installation import Installation, bare_installation, installation, wait_for

pytestmark = pytest.mark.loopback

RUN = "b" * 32
PASSPHRASE = {"TANGHULU_BACKUP_PASSPHRASE": "correct horse battery"}
API = "/api/v1"
ON_POSTGRESQL = bool(os.environ.get("TANGHULU_DATABASE"))


@dataclass
class Saved:
    """A served installation with a job and a photo, and what was saved of it."""

    home: Installation
    device: Device
    file: Path
    keys: Path
    before: list[Signed]


def back_up(home: Installation, *words: str | Path, **more: str) -> subprocess.CompletedProcess[bytes]:
    return home.attempt("backup", *map(str, words), **(PASSPHRASE | more))


def restore(into: Installation, *words: str | Path, **more: str) -> subprocess.CompletedProcess[bytes]:
    return into.attempt("restore", *map(str, words), **(PASSPHRASE | more))


def code(done: subprocess.CompletedProcess[bytes]) -> str:
    """The code with which a command was refused."""
    assert done.returncode == 1, (done.stdout.decode(), done.stderr.decode())
    return done.stderr.decode().splitlines()[0].removeprefix("tanghulu: ")


def opened(server: Installation, device: Device, run: str) -> Signed:
    seed = server.seeds["harbour"]
    data = {
        "template": "belt-conveyor-maintenance",
        "version": seed["versions"]["belt-conveyor-maintenance"],
        "subject": {"equipment": seed["equipment"]["C3"]},
        "people": {},
    }
    return device.sign("run.opened", run=run, data=data)


def post(device: Device, *signed: Signed) -> list[dict[str, Any]]:
    """Send events, a few at a time as a phone does; all of them are admitted, now or before."""
    results = [result for at in range(0, len(signed), 20) for result in device.post(*signed[at : at + 20])]
    assert {result["status"] for result in results} <= {200, 201}, results
    return results


def number(result: dict[str, Any]) -> int:
    payload = envelopes.envelope_of(result["admission"], payload_type=envelopes.ADMISSION_TYPE).payload
    return int(json.loads(payload)["index"])


def published(device: Device) -> int:
    return int(device.wire.get(f"{API}/checkpoint").good().json.get("size", 0))


def moved(device: Device, to: Installation) -> Device:
    """The same phone, whose server is now another process."""
    token = device.wire.token
    device.wire.close()
    device.wire = Device(to.address).wire
    device.wire.token = token
    return device


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Saved]:
    """One photo of a job and the backup that was made while both halves served."""
    folder = tmp_path_factory.mktemp("saved")
    with installation(folder / "data") as home:
        home.start("web")
        home.start("worker")
        device = home.device("chen")
        before = [opened(home, device, RUN)]
        post(device, *before)
        content = pictures.drawn(1, title="backup", at="2026-03-02 12:00:00")[0]
        step = {"step": "before/work_order", "activation": 1, "slot": "nameplate"}
        before.append(device.photograph(content, media_type="image/jpeg", run=RUN, **step))  # type: ignore[arg-type]
        wait_for("all is published", lambda: published(device) >= 4)
        file, keys = folder / "backup.tar", folder / "backup.keys"
        done = back_up(home, file, "--keys", keys)
        assert done.returncode == 0, done.stderr.decode()
        home.end()
        yield Saved(home, device, file, keys, before)
        device.wire.close()


@pytest.fixture
def new(saved: Saved, tmp_path: Path) -> Iterator[Installation]:
    """Where it is to be restored."""
    with bare_installation(tmp_path / "new", seeds=saved.home.seeds) as made:
        yield made


class TestBackupWhileTheServerServes:
    def test_holds_what_was_acknowledged_and_what_came_later_is_admitted_again(
        self, saved: Saved, tmp_path: Path
    ) -> None:
        with installation(tmp_path / "data", copy_of=saved.home) as home:
            home.start("web")
            home.start("worker")
            device = home.device("zhao", officer=moved(saved.device, home))
            sent = [opened(home, device, "c" * 32)]
            first = number(post(device, *sent)[0])
            enough = threading.Event()

            def keep_sending() -> None:
                while not enough.is_set():
                    sent.append(device.sign("run.stopped", run="c" * 32))
                    post(device, sent[-1])

            sender = threading.Thread(target=keep_sending)
            sender.start()
            wait_for("events come in", lambda: len(sent) > 20)
            acknowledged = len(sent) - 1
            done = back_up(home, tmp_path / "b.tar", "--keys", tmp_path / "b.keys")
            during = len(sent)
            wait_for("more events come in", lambda: len(sent) > during + 5)
            enough.set()
            sender.join()
            assert done.returncode == 0, done.stderr.decode()
            assert during > acknowledged  # nobody waited for the backup
            assert home.problems() == []
        with bare_installation(tmp_path / "new", seeds=saved.home.seeds) as new:
            done = restore(new, tmp_path / "b.tar", "--keys", tmp_path / "b.keys")
            assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
            new.start("web")
            new.start("worker")
            again = post(moved(device, new), *sent)
            statuses = [result["status"] for result in again]
            kept = statuses.count(200)
            assert kept >= acknowledged
            assert statuses == [200] * kept + [201] * (len(sent) - kept)
            assert statuses[-1] == 201
            assert [number(result) for result in again] == list(range(first, first + len(sent)))
            wait_for("the log is published", lambda: published(device) == first + len(sent))
            assert new.problems() == []
            device.wire.close()


class TestBackup:
    def test_is_for_its_owner_only_and_leaves_nothing_beside_it(self, saved: Saved) -> None:
        assert stat.S_IMODE(saved.file.stat().st_mode) == 0o600
        assert sorted(path.name for path in saved.file.parent.iterdir()) == ["backup.keys", "backup.tar", "data"]

    def test_says_in_its_manifest_what_it_holds(self, saved: Saved) -> None:
        with tarfile.open(saved.file) as tar:
            names = tar.getnames()
            manifest = json.load(tar.extractfile("manifest.json"))  # type: ignore[arg-type]
        logs = {log["tenant"]: log for log in manifest["logs"]}
        assert (manifest["photos"], manifest["missing"]) == (1, [])
        assert logs["harbour"]["entries"] >= logs["harbour"]["size"] >= 4
        assert logs["harbour"]["checkpoint"].splitlines()[1] == str(logs["harbour"]["size"])
        assert sum(name.startswith("blobs/photos/harbour/") for name in names) == 1
        assert not any(name.startswith(("keys", "blobs/derivatives")) or "secret" in name for name in names)

    def test_holds_no_key(self, saved: Saved) -> None:
        content = saved.file.read_bytes()
        secrets = [path.read_bytes() for path in (saved.home.data / "keys").rglob("*") if path.is_file()]
        assert len(secrets) >= 5
        assert [secret for secret in secrets if secret in content] == []

    def test_is_noted(self, saved: Saved, tmp_path: Path) -> None:
        file = tmp_path / "b.tar"
        assert back_up(saved.home, file, "--keys", tmp_path / "b.keys").returncode == 0
        told = json.loads((saved.home.data / "last_backup.json").read_bytes())
        assert (told["size"], told["photos"], told["with_keys"]) == (file.stat().st_size, 1, True)

    def test_replaces_a_file_only_when_it_is_told_to(self, saved: Saved, tmp_path: Path) -> None:
        file = tmp_path / "b.tar"
        file.write_bytes(b"mine")
        assert code(back_up(saved.home, file)) == "backup_exists"
        assert file.read_bytes() == b"mine"
        done = back_up(saved.home, file, "--force")
        assert done.returncode == 0
        assert "The keys were not saved" in done.stdout.decode()
        assert tarfile.is_tarfile(file)

    @pytest.mark.parametrize(
        ("words", "variables", "expected"),
        [
            (["data/b.tar"], {}, "backup_inside_data"),
            (["b.tar", "--keys", "data/b.keys"], {}, "backup_inside_data"),
            (["b.tar", "--keys", "b.tar"], {}, "backup_exists"),
            (["b.tar", "--keys", "b.keys"], {"TANGHULU_BACKUP_PASSPHRASE": ""}, "passphrase_missing"),
            (["b.tar", "--keys", "b.keys"], {"TANGHULU_BACKUP_PASSPHRASE": "short"}, "passphrase_short"),
            (["nowhere/else/b.tar"], {"PATH": "/nowhere"}, "backup_tool_missing" if ON_POSTGRESQL else None),
        ],
    )
    def test_is_refused(
        self, saved: Saved, tmp_path: Path, words: list[str], variables: dict[str, str], expected: str | None
    ) -> None:
        if expected is None:
            pytest.skip("a tool is needed on PostgreSQL only")
        at = {"data": saved.home.data.parent}
        placed = [str(at.get(word.split("/")[0], tmp_path) / word) if "b." in word else word for word in words]
        assert code(back_up(saved.home, *placed, **variables)) == expected
        assert [path for path in tmp_path.rglob("*") if path.is_file()] == []

    def test_says_so_when_the_disk_is_full(self, saved: Saved, tmp_path: Path) -> None:
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
        try:
            done = back_up(saved.home, tmp_path / "b.tar")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert code(done) in {"backup_write_failed", "backup_tool_failed"}
        assert list(tmp_path.iterdir()) == []

    def test_names_a_photo_that_is_not_there(self, saved: Saved, tmp_path: Path) -> None:
        with installation(tmp_path / "data", copy_of=saved.home) as home:
            lost = next(path for path in (home.data / "blobs" / "photos").rglob("*") if path.is_file())
            lost.unlink()
            done = back_up(home, tmp_path / "b.tar", "--keys", tmp_path / "b.keys")
            assert done.returncode == 3
            assert lost.name in done.stderr.decode()
        with bare_installation(tmp_path / "new", seeds=saved.home.seeds) as new:
            done = restore(new, tmp_path / "b.tar", "--keys", tmp_path / "b.keys")
            assert done.returncode == 3
            assert "photo_missing" in done.stdout.decode()


class TestRestore:
    def test_brings_back_an_installation_that_is_whole(self, saved: Saved, new: Installation) -> None:
        done = restore(new, saved.file, "--keys", saved.keys)
        assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
        assert new.problems() == []
        assert stat.S_IMODE(new.data.stat().st_mode) == 0o700
        assert [path.name for path in new.data.parent.iterdir()] == ["new"]
        assert {path.name for path in new.data.iterdir()} >= {"blobs", "keys", "secret_key"}
        secret = "keys/harbour/log"
        assert (new.data / secret).read_bytes() == (saved.home.data / secret).read_bytes()

    def test_is_refused_where_something_is(self, saved: Saved, new: Installation) -> None:
        new.data.mkdir()
        (new.data / "mine").touch()
        assert code(restore(new, saved.file, "--keys", saved.keys)) == "restore_not_empty"
        assert [path.name for path in new.data.iterdir()] == ["mine"]

    @pytest.mark.skipif(not ON_POSTGRESQL, reason="SQLite lies in the directory")
    def test_is_refused_where_the_database_has_tables(self, saved: Saved, tmp_path: Path) -> None:
        used = Installation(data=tmp_path / "new", port=1, database=saved.home.database)
        assert code(restore(used, saved.file, "--keys", saved.keys)) == "restore_database_not_empty"

    def test_is_refused_into_the_other_kind_of_database(self, saved: Saved, tmp_path: Path) -> None:
        changed = tmp_path / "b.tar"
        other = "sqlite" if ON_POSTGRESQL else "postgresql"
        rewrite(saved.file, changed, database=other)
        with bare_installation(tmp_path / "new", seeds={}) as new:
            assert code(restore(new, changed, "--keys", saved.keys)) == "restore_other_database"

    @pytest.mark.parametrize(
        "change",
        [{"format": 2}, {"migrations": {"evidence": "9999_of_tomorrow"}}, {"migrations": {"dreams": "0001_initial"}}],
    )
    def test_is_refused_for_a_newer_version(
        self, saved: Saved, new: Installation, tmp_path: Path, change: dict[str, Any]
    ) -> None:
        rewrite(saved.file, tmp_path / "b.tar", **change)
        assert code(restore(new, tmp_path / "b.tar", "--keys", saved.keys)) == "backup_newer"
        assert not new.data.exists()

    def test_is_refused_when_a_byte_was_changed(self, saved: Saved, new: Installation, tmp_path: Path) -> None:
        changed = bytearray(saved.file.read_bytes())
        with tarfile.open(saved.file) as tar:
            photo = next(one for one in tar if one.name.startswith("blobs/photos/"))
        changed[photo.offset_data + photo.size // 2] ^= 1
        (tmp_path / "b.tar").write_bytes(changed)
        done = restore(new, tmp_path / "b.tar", "--keys", saved.keys)
        assert code(done) == "backup_damaged"
        assert photo.name in done.stderr.decode()
        assert not new.data.exists()

    def test_is_refused_when_the_end_is_missing(self, saved: Saved, new: Installation, tmp_path: Path) -> None:
        (tmp_path / "b.tar").write_bytes(saved.file.read_bytes()[: saved.file.stat().st_size // 2])
        assert code(restore(new, tmp_path / "b.tar", "--keys", saved.keys)) == "backup_damaged"
        assert [path.name for path in tmp_path.iterdir()] == ["b.tar"]

    def test_says_so_when_the_disk_is_full(self, saved: Saved, new: Installation) -> None:
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, hard))
        try:
            done = restore(new, saved.file, "--keys", saved.keys)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert code(done) == "backup_write_failed"
        assert list(new.data.parent.iterdir()) == []

    def test_is_refused_for_a_file_that_is_not_there(self, saved: Saved, new: Installation) -> None:
        assert code(restore(new, "nowhere.tar", "--keys", saved.keys)) == "restore_read_failed"


class TestTheKeysOfARestore:
    def test_must_be_named(self, saved: Saved, new: Installation) -> None:
        assert code(restore(new, saved.file)) == "keys_missing"
        assert not new.data.exists()

    def test_need_their_passphrase(self, saved: Saved, new: Installation) -> None:
        wrong = {"TANGHULU_BACKUP_PASSPHRASE": "another horse battery"}
        assert code(restore(new, saved.file, "--keys", saved.keys, **wrong)) == "passphrase_wrong"
        assert not new.data.exists()

    def test_are_read_with_a_passphrase_in_a_file(self, saved: Saved, new: Installation, tmp_path: Path) -> None:
        (tmp_path / "phrase").write_text("correct horse battery\n")
        words = (saved.file, "--keys", saved.keys, "--passphrase-file", tmp_path / "phrase")
        assert restore(new, *words, TANGHULU_BACKUP_PASSPHRASE="").returncode == 0

    def test_must_be_those_of_the_backup(self, saved: Saved, new: Installation, tmp_path: Path) -> None:
        with installation(tmp_path / "other") as other:
            assert back_up(other, tmp_path / "o.tar", "--keys", tmp_path / "o.keys").returncode == 0
        assert code(restore(new, saved.file, "--keys", tmp_path / "o.keys")) == "keys_foreign"
        assert not new.data.exists()

    def test_are_not_made_anew_when_they_are_lost(self, saved: Saved, new: Installation) -> None:
        """Photos cannot be opened then, and the server admits nothing rather than continue another log."""
        done = restore(new, saved.file, "--without-keys")
        assert done.returncode == 3
        found = {line.split()[2] for line in done.stdout.decode().splitlines() if line.startswith("✗")}
        assert found == {"key_missing", "photo_unreadable"}
        new.start("web")
        device = moved(saved.device, new)
        stopped = opened(new, device, "d" * 32)
        assert device.post(stopped)[0]["status"] == 500
        device.wire.close()
        assert [path.name for path in (new.data / "keys").rglob("*")] == ["absent"]
        assert {line["code"] for line in new.problems()} == found


class TestAnOlderLog:
    """What was acknowledged after the backup is gone from the server, and that can be seen."""

    def test_is_shorter_than_what_a_phone_has_seen_and_later_another(
        self, saved: Saved, new: Installation, tmp_path: Path
    ) -> None:
        with installation(tmp_path / "data", copy_of=saved.home) as home:
            home.start("web")
            home.start("worker")
            # This phone has come in before the backup, and its later events are lost with the server.
            device = home.device("zhao", officer=moved(saved.device, home))
            assert back_up(home, tmp_path / "b.tar", "--keys", tmp_path / "b.keys").returncode == 0
            lost = [opened(home, device, "e" * 32), *(device.sign("run.stopped", run="e" * 32) for _ in range(8))]
            last = number(post(device, *lost)[-1])
            wait_for("the log is published", lambda: published(device) > last)
            device.look_at_log()
        assert restore(new, tmp_path / "b.tar", "--keys", tmp_path / "b.keys").returncode == 0
        new.start("web")
        new.start("worker")
        moved(device, new)
        seen = opened(new, device, "f" * 32)
        (result,) = post(device, seen)
        assert number(result) < last  # a number that another event had before
        wait_for("the log is published", lambda: published(device) > number(result))
        assert {line["code"] for line in new.problems()} == {"beacon_beyond_log"}
        # Other events take the numbers of those that were lost: the old checkpoint is then a fork of this log.
        for _ in range(12):
            post(device, device.sign("run.stopped", run="f" * 32))
        assert {line["code"] for line in new.problems()} == {"beacon_differs"}
        device.wire.close()


def rewrite(source: Path, target: Path, **changes: Any) -> None:
    """Copy a backup with other words in its first part, which is read before anything is compared."""
    with tarfile.open(source) as tar, tarfile.open(target, "w") as copy:
        for member in tar:
            content = tar.extractfile(member).read()  # type: ignore[union-attr]
            if member.name == "backup.json":
                content = json.dumps({**json.loads(content), **changes}).encode()
                member.size = len(content)
            with (target.parent / "part").open("wb+") as part:
                part.write(content)
                part.seek(0)
                copy.addfile(member, part)
    (target.parent / "part").unlink()
