"""Restore a backup into an empty data directory, bring it up to date, and check it with fsck.

Every byte is compared with the backup's own list before anything takes its place; a restore that is cut off leaves
nothing. The data directory is TANGHULU_DATA; with TANGHULU_DATABASE the database must be there and empty.

Exit 0: restored, and fsck finds nothing wrong. 1: refused or failed, nothing was restored. 3: restored, but fsck or the
migration found something wrong; it is listed above.
"""

from __future__ import annotations

import argparse
import errno
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tanghulu.cli import passphrase
from tanghulu.cli.backup_progress import Progress, readable, span
from tanghulu.cli.backup_sentences import sentence
from tanghulu.config import env
from tanghulu.core.chain.keys import signing_key
from tanghulu.core.chain.note import note_key
from tanghulu.gateways import archive, durable, key_file, postgresql_tools, workshop
from tanghulu.gateways.archive import BackupRefused

_WRONG = 3
_APPS = Path(__file__).resolve().parent.parent / "apps"
_KEY = re.compile(r"secret_key|keys(?:/[a-z0-9][a-z0-9-]{0,63}){2,3}")


def main(arguments: list[str]) -> int:
    """Run the command; its exit code."""
    parser = argparse.ArgumentParser(
        prog="tanghulu restore", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="the backup")
    keys = parser.add_mutually_exclusive_group()
    keys.add_argument("--keys", type=Path, metavar="KEYFILE", help="the file of the keys")
    keys.add_argument("--without-keys", action="store_true", help="the keys are lost: restore what can be read then")
    parser.add_argument("--passphrase-file", type=Path, help="read the passphrase of the keys from this file")
    given = parser.parse_args(arguments)
    try:
        return _restore(given)
    except BackupRefused as refused:
        print(f"tanghulu: {sentence(refused)}", file=sys.stderr)
    except OSError as error:
        print(f"tanghulu: {sentence(_failed(error, given))}", file=sys.stderr)
    return 1


def _failed(error: OSError, given: argparse.Namespace) -> BackupRefused:
    name, reason = str(error.filename or given.file), error.strerror or str(error)
    is_input = name in {str(given.file), str(given.keys), str(given.passphrase_file)}
    is_full = error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
    if is_input and not is_full:
        return BackupRefused("restore_read_failed", name=name, reason=reason)
    return BackupRefused("backup_write_failed", name=str(error.filename or env.data_path()), reason=reason)


def _restore(given: argparse.Namespace) -> int:
    data = env.data_path()
    database = env.database(data)
    _check_place(data)
    if _kind(database) == "postgresql" and not postgresql_tools.is_empty(database):
        raise BackupRefused("restore_database_not_empty")
    keys = _read_keys(given)
    data.parent.mkdir(parents=True, exist_ok=True)
    with workshop.beside(data) as folder, given.file.open("rb") as file:
        progress = Progress("恢复 / restoring", total=os.fstat(file.fileno()).st_size)
        parts = folder / "parts"
        parts.mkdir(mode=0o700)
        unpacked = archive.unpack(file, parts, accept=lambda said: _accept(said, database), progress=progress)
        dump = _arrange(parts, keys, unpacked.manifest)
        # One call for everything: a million files would each wait for the disk.
        os.sync()
        _check_place(data)
        durable.move(parts, data)
        progress.finish()
        if dump is not None:
            _load(dump, database, data=data, parts=parts)
    print(f"已恢复 / restored: {data}  {readable(unpacked.size)}  {span(progress.seconds)}", flush=True)
    _tell(unpacked, keys)
    return _finish()


def _check_place(data: Path) -> None:
    if not data.exists():
        return
    if os.path.ismount(data):
        raise BackupRefused("restore_mount_point", name=str(data))
    if not data.is_dir() or any(data.iterdir()):
        raise BackupRefused("restore_not_empty", name=str(data))


def _read_keys(given: argparse.Namespace) -> dict[str, bytes] | None:
    if given.without_keys:
        return None
    if given.keys is None:
        raise BackupRefused("keys_missing")
    found = key_file.read(given.keys, passphrase=passphrase.given(given.passphrase_file, is_new=False))
    if not all(_KEY.fullmatch(name) for name in found):
        raise BackupRefused("keys_unreadable")
    return found


def _kind(database: Mapping[str, Any]) -> str:
    return str(database["ENGINE"]).rpartition(".")[2].removesuffix("3")


def _accept(said: Mapping[str, Any], database: Mapping[str, Any]) -> None:
    """Refuse what this version cannot read, or what belongs into another kind of database."""
    if said.get("tanghulu") != "backup":
        raise BackupRefused("backup_not_one")
    migrations, saved = said.get("migrations"), str(said.get("database"))
    # A newer format may say everything else in another way.
    if said.get("format") != archive.FORMAT or not isinstance(migrations, dict):
        raise BackupRefused("backup_newer", version=str(said.get("product")))
    if not all(_is_known(str(app), str(name)) for app, name in migrations.items()):
        raise BackupRefused("backup_newer", version=str(said.get("product")))
    if saved != _kind(database):
        raise BackupRefused("restore_other_database", saved=saved, here=_kind(database))


def _is_known(app: str, migration: str) -> bool:
    """Whether this version has the migration, and so everything before it."""
    return (_APPS / app / "migrations" / f"{migration}.py").is_file()


def _arrange(parts: Path, keys: Mapping[str, bytes] | None, manifest: Mapping[str, Any]) -> Path | None:
    """Make a data directory of the parts. On PostgreSQL the dump stays beside it and is returned."""
    for path in sorted((parts / "database").iterdir()):
        path.rename(parts.parent / path.name if path.suffix == ".dump" else parts / path.name)
    (parts / "database").rmdir()
    if keys is None:
        (parts / "keys").mkdir(mode=0o700)
        (parts / "keys" / "absent").touch(mode=0o600)
    else:
        _check_keys(keys, manifest)
        for name, content in keys.items():
            durable.write(parts / name, content)
    dump = parts.parent / "postgresql.dump"
    return dump if dump.exists() else None


def _check_keys(keys: Mapping[str, bytes], manifest: Mapping[str, Any]) -> None:
    """The keys must be those with which the logs began; with others they would fork."""
    for log in manifest["logs"]:
        tenant = log["tenant"]
        seed, secret = keys.get(f"keys/{tenant}/log"), keys.get(f"keys/{tenant}/server")
        if seed is None or secret is None:
            raise BackupRefused("keys_foreign", tenant=tenant)
        found = str(note_key(log["origin"], seed).verifier), signing_key(secret).device
        if log["log_key"] and found != (log["log_key"], log["server_device"]):
            raise BackupRefused("keys_foreign", tenant=tenant)


def _load(dump: Path, database: Mapping[str, Any], *, data: Path, parts: Path) -> None:
    """Load the dump in one transaction: the database is whole or empty, and then the directory goes again."""
    options = ["--single-transaction", "--exit-on-error", *postgresql_tools.WITHOUT_OWNERS]
    environment = env.for_postgresql(password=str(database["PASSWORD"]))
    try:
        postgresql_tools.run("pg_restore", [*options, str(dump)], database=database, environment=environment)
    except BackupRefused:
        durable.move(data, parts)
        raise


def _tell(unpacked: archive.Unpacked, keys: Mapping[str, bytes] | None) -> None:
    said = unpacked.beginning
    print(f"  备份时间 / saved at {said['made_at']}  版本 / version {said['product']}")
    for log in unpacked.manifest["logs"]:
        print(f"  {log['tenant']}: 事件 / entries {log['entries']}，已发布 / published {log['size']}  {log['origin']}")
    print(
        "  此后的事件不在其中。手机里留着已签名的事件，见过更长日志的手机会在 fsck 里留下痕迹。\n"
        "  What came later is not in it. Phones keep what they signed, and fsck will show that they saw a longer log."
    )
    for name, value in said["settings"].items():
        print(f"  {name}={str(value).lower() if isinstance(value, bool) else value}")
    if keys is None:
        print(
            "  没有密钥：照片打不开，也不会接收新的事件。\n"
            "  Without the keys no photo can be opened and no new event is admitted."
        )


def _finish() -> int:
    """Migrate, then check everything, each as a command of its own on the restored directory."""
    print("· 升级数据库 / migrating", flush=True)
    if subprocess.run(_command("migrate"), check=False, stdout=subprocess.DEVNULL).returncode:
        print("✗ 升级失败，数据已恢复 / the migration failed; the data is restored", file=sys.stderr)
        return _WRONG
    print("· 全面核对 / checking with fsck", flush=True)
    if subprocess.run(_command("fsck", "--quiet"), check=False).returncode:
        print(
            "✗ 已恢复，但核对有问题，见上 / restored, but fsck found problems: see above, and docs/how-to/fsck.md",
            file=sys.stderr,
        )
        return _WRONG
    print("✓ 恢复完成，核对无误 / restored, and all that can be computed anew agrees")
    return 0


def _command(*words: str) -> list[str]:
    return [sys.executable, "-P", "-m", "tanghulu", *words]
