"""Save everything into one file while the server runs: database, photos, logs. `tanghulu restore` brings it back.

The keys are not in it. With --keys they go into a second file, encrypted with a passphrase: keep it apart, and keep
only the newest, so that a key that was destroyed to erase somebody's photos is gone from the backups too.

Exit 0: saved. 1: refused or failed, nothing was left behind. 3: saved, but something that rows name is not there.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from tanghulu import __version__
from tanghulu.apps.evidence import queries as evidence
from tanghulu.apps.photos import queries as photos
from tanghulu.apps.tenancy import queries as companies
from tanghulu.apps.tenancy import scope
from tanghulu.cli import passphrase
from tanghulu.cli.backup_progress import Progress, readable, span
from tanghulu.cli.backup_sentences import sentence
from tanghulu.config import env
from tanghulu.gateways import archive, backups, blobs, durable, key_file, pauses, snapshot, workshop
from tanghulu.gateways.archive import BackupRefused

_INCOMPLETE = 3
# Logs are saved as they stand at the head that was copied, photos by their rows, and derivatives are made again.
_BY_ROWS = {"photos", "logs", "derivatives"}
_TRIES = 3


def main(arguments: list[str]) -> int:
    """Run the command; its exit code."""
    parser = argparse.ArgumentParser(
        prog="tanghulu backup", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="where the backup goes, such as /backup/monday.tar")
    parser.add_argument("--keys", type=Path, metavar="KEYFILE", help="save the keys too, encrypted, into this file")
    parser.add_argument("--passphrase-file", type=Path, help="read the passphrase of the keys from this file")
    parser.add_argument("--force", action="store_true", help="replace files that are there already")
    given = parser.parse_args(arguments)
    try:
        return _backup(given, datetime.now(UTC))
    except BackupRefused as refused:
        print(f"tanghulu: {sentence(refused)}", file=sys.stderr)
    except OSError as error:
        failed = BackupRefused(
            "backup_write_failed", name=str(error.filename or given.file), reason=error.strerror or str(error)
        )
        print(f"tanghulu: {sentence(failed)}", file=sys.stderr)
    return 1


def _backup(given: argparse.Namespace, now: datetime) -> int:
    for path in filter(None, (given.file, given.keys)):
        _check_target(path, is_forced=given.force)
    if given.keys and given.keys.resolve() == given.file.resolve():
        raise BackupRefused("backup_exists", name=str(given.keys))
    secret = passphrase.given(given.passphrase_file, is_new=True) if given.keys else ""
    if given.keys and len(secret) < key_file.SHORTEST_PASSPHRASE:
        raise BackupRefused("passphrase_short", least=key_file.SHORTEST_PASSPHRASE)
    progress = Progress("保存 / saving")
    with workshop.beside(given.file) as folder:
        draft = folder / "archive"
        # It holds names and places as the database does: for its owner's eyes only.
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600), "wb") as file:
            with archive.Writer(file, folder=folder, progress=progress) as writer:
                contents = _Contents(writer)
                contents.save(folder, now)
            file.flush()
            os.fsync(file.fileno())
            size = file.tell()
        if given.keys:
            key_file.write(given.keys, keys=_keys(), about={"made_at": now.isoformat()}, passphrase=secret)
        durable.move(draft, given.file)
    progress.finish()
    done = backups.LastBackup(
        now, size, round(progress.seconds, 3), contents.photos, len(contents.missing), bool(given.keys)
    )
    backups.record(done)
    _tell(given, done, contents)
    return _INCOMPLETE if contents.missing else 0


def _check_target(path: Path, *, is_forced: bool) -> None:
    if path.resolve().is_relative_to(Path(settings.DATA).resolve()):
        raise BackupRefused("backup_inside_data")
    if path.exists() and not is_forced:
        raise BackupRefused("backup_exists", name=str(path))


class _Contents:
    """What goes into a backup, in order: the rows first, then every file that they name."""

    def __init__(self, writer: archive.Writer) -> None:
        self._writer = writer
        self.photos = 0
        self.photo_bytes = 0
        self.missing: list[str] = []
        self.logs: list[evidence.LogStanding] = []

    def save(self, folder: Path, now: datetime) -> None:
        """Write all of it, and the end."""
        password = str(connection.settings_dict["PASSWORD"])
        with scope.across_tenants():
            beginning = {
                "tanghulu": "backup",
                "format": archive.FORMAT,
                "product": __version__,
                "made_at": now.isoformat(),
                "database": connection.vendor,
                "migrations": snapshot.migrations(),
                "settings": {"TANGHULU_HOST": settings.HOST, "TANGHULU_HTTPS": settings.HTTPS},
            }
            self._writer.add_json(archive.BEGINNING, beginning)
            with snapshot.taken(folder, environment=env.for_postgresql(password=password)) as database:
                self._writer.add_file(f"database/{database.name}", database)
                pauses.at("after_backup_rows")
                for slug in companies.slugs():
                    with scope.within(slug):
                        self._save_company()
        self._save_others()
        self._writer.add_json(archive.MANIFEST, self._manifest())
        self._writer.finish()

    def _save_company(self) -> None:
        for key in photos.places():
            self._save_photo(key)
        log = evidence.standing()
        if log is None:
            return
        self.logs.append(log)
        for path in evidence.log_files(log.size):
            self._save_log_file(path)

    def _save_photo(self, key: str) -> None:
        try:
            content = blobs.store().get(key)
        except blobs.Missing:
            self.missing.append(key)
            return
        self._writer.add(f"blobs/{key}", content)
        self.photos += 1
        self.photo_bytes += len(content)

    def _save_log_file(self, path: str) -> None:
        """A partial file may be outgrown between being found and being read; then there is a wider one."""
        for _ in range(_TRIES):
            try:
                key, content = evidence.log_file(path)
            except blobs.Missing:
                continue
            self._writer.add(f"blobs/{key}", content)
            return
        self.missing.append(path)

    def _save_others(self) -> None:
        """Whatever else is kept as files, so that nothing is forgotten that a later version adds."""
        for folder in blobs.store().folders():
            if folder in _BY_ROWS:
                continue
            for key in blobs.store().keys(folder):
                self._writer.add(f"blobs/{key}", blobs.store().get(key))

    def _manifest(self) -> dict[str, Any]:
        return {
            "members": self._writer.count,
            "bytes": self._writer.size,
            "photos": self.photos,
            "photo_bytes": self.photo_bytes,
            "missing": self.missing,
            "logs": [asdict(log) for log in self.logs],
        }


def _keys() -> dict[str, bytes]:
    data = Path(settings.DATA)
    return {path.relative_to(data).as_posix(): path.read_bytes() for path in _key_files(data)}


def _key_files(data: Path) -> Iterator[Path]:
    yield data / "secret_key"
    for path in sorted((data / "keys").rglob("*")):
        if path.is_file() and not path.name.startswith("."):
            yield path


def _tell(given: argparse.Namespace, done: backups.LastBackup, contents: _Contents) -> None:
    entries = sum(log.entries for log in contents.logs)
    # Reading and writing it again, then fsck: every photo once more, and signatures at half a millisecond an entry.
    again = 5 + 2.5 * done.seconds + entries * 0.0005
    print(
        f"已备份 / saved: {given.file}  {readable(done.size)}  {span(done.seconds)}\n"
        f"  公司 / companies {len(contents.logs)} · 事件 / entries {entries} · 照片 / photos {done.photos}\n"
        f"  恢复大约需要 / a restore takes about {span(again)}"
    )
    if given.keys:
        print(f"  密钥 / keys: {given.keys}  请与备份分开存放，只留最新一份 / keep it apart, and only the newest")
    else:
        print(
            "  没有保存密钥：只凭这个文件，照片打不开，日志也不能继续。请另用 --keys 保存。\n"
            "  The keys were not saved: with this file alone no photo can be opened and no log be continued. "
            "Save them with --keys."
        )
    for name in contents.missing[:20]:
        print(f"  ✗ 缺少 / not there: {name}", file=sys.stderr)
    if contents.missing:
        print(f"  缺少 {len(contents.missing)} 个文件，请运行 fsck / files are missing, run fsck", file=sys.stderr)
