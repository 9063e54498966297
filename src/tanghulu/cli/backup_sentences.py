"""Why a backup or restore did not go on: a sentence for each code, in Chinese and in English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tanghulu.gateways.archive import BackupRefused

SENTENCES: Final[Mapping[str, tuple[str, str]]] = {
    "backup_damaged": (
        "备份文件已损坏（%(name)s：%(reason)s），没有恢复任何内容。请换一份备份。",
        "The backup is damaged (%(name)s: %(reason)s). Nothing was restored; take another one.",
    ),
    "backup_exists": (
        "%(name)s 已经存在。换个文件名，或加 --force 覆盖。",
        "%(name)s is there already. Choose another name, or replace it with --force.",
    ),
    "backup_inside_data": (
        "备份文件不能放在数据目录里：磁盘坏了会一起丢。",
        "A backup must not lie inside the data directory: it would be lost with it.",
    ),
    "backup_newer": (
        "这份备份来自更新的版本（%(version)s），请先升级再恢复。",
        "This backup comes from a newer version (%(version)s). Upgrade first, then restore.",
    ),
    "backup_not_one": ("这不是备份文件。", "This is not a backup."),
    "backup_running": (
        "另一个备份或恢复正在进行（%(name)s）。",
        "Another backup or restore is at work (%(name)s).",
    ),
    "backup_tool_failed": (
        "%(tool)s 失败：%(reason)s",
        "%(tool)s failed: %(reason)s",
    ),
    "backup_tool_missing": (
        "没有找到 %(tool)s。请安装不低于数据库版本的客户端（Debian/Ubuntu：apt-get install postgresql-client）。",
        "%(tool)s was not found. Install a client not older than the server (apt-get install postgresql-client).",
    ),
    "backup_write_failed": (
        "写不进去（%(name)s：%(reason)s）。没有留下任何半成品。",
        "It could not be written (%(name)s: %(reason)s). Nothing half-done was left behind.",
    ),
    "keys_foreign": (
        "密钥文件不属于这份备份（公司 %(tenant)s 的密钥不同）。",
        "The key file does not belong to this backup (the keys of %(tenant)s are others).",
    ),
    "keys_missing": (
        "没有给密钥文件。请用 --keys 指定；如果真的没有了，用 --without-keys 恢复：照片打不开，也不能再接收新的事件。",
        "No key file was given. Name it with --keys; without it (--without-keys) no photo opens and no event comes in.",
    ),
    "keys_newer": (
        "密钥文件来自更新的版本（格式 %(version)s），请先升级。",
        "The key file comes from a newer version (format %(version)s). Upgrade first.",
    ),
    "keys_unreadable": ("这不是密钥文件，或已损坏。", "This is not a key file, or it is damaged."),
    "passphrase_missing": (
        "没有口令。用 --passphrase-file、环境变量 TANGHULU_BACKUP_PASSPHRASE，或在终端里输入。",
        "There is no passphrase. Give --passphrase-file, TANGHULU_BACKUP_PASSPHRASE, or type it at a terminal.",
    ),
    "passphrase_differs": ("两次输入的口令不一样。", "The two passphrases differ."),
    "passphrase_short": ("口令至少要 %(least)s 个字符。", "The passphrase needs at least %(least)s characters."),
    "passphrase_wrong": (
        "口令不对，或密钥文件已损坏。",
        "The passphrase is wrong, or the key file is damaged.",
    ),
    "restore_database_not_empty": (
        "数据库里已经有表。请恢复到一个新建的空数据库。",
        "The database has tables already. Restore into a new, empty one.",
    ),
    "restore_database_unreachable": ("连不上数据库：%(reason)s", "The database cannot be reached: %(reason)s"),
    "restore_mount_point": (
        "%(name)s 是挂载点，恢复好的目录无法整体换入。请把 TANGHULU_DATA 设为它下面的一个目录。",
        "%(name)s is a mount point and cannot be exchanged as a whole. Set TANGHULU_DATA to a folder below it.",
    ),
    "restore_not_empty": (
        "数据目录 %(name)s 不是空的。恢复不会覆盖任何内容：请把 TANGHULU_DATA 设为一个新目录。",
        "The data directory %(name)s is not empty. A restore overwrites nothing: set TANGHULU_DATA to a new one.",
    ),
    "restore_other_database": (
        "备份来自 %(saved)s，这里用的是 %(here)s。只能恢复到同一种数据库。",
        "The backup is of %(saved)s and this installation uses %(here)s. It can be restored into the same kind only.",
    ),
    "restore_read_failed": ("读不了 %(name)s：%(reason)s", "%(name)s cannot be read: %(reason)s"),
}


def sentence(refused: BackupRefused) -> str:
    """The code with its sentences, for a terminal."""
    chinese, english = SENTENCES[refused.code]
    return f"{refused.code}\n  {chinese % refused.params}\n  {english % refused.params}"
