"""Files that are no pack, or that would harm whoever reads them."""

from __future__ import annotations

from tests.support import zips
from tests.support.altered.registry import altered, small, small_pack


@altered(2, pack="pack_unreadable")
def empty_file() -> bytes:
    return b""


@altered(2, pack="pack_unreadable")
def not_a_zip() -> bytes:
    return b"GIF89a" + bytes(500)


@altered(2, pack="pack_unreadable")
def cut_off() -> bytes:
    return small_pack()[: len(small_pack()) // 2]


@altered(2, pack="pack_unreadable")
def something_in_front() -> bytes:
    return b"#!/bin/sh\n" + small_pack()


@altered(2, pack="pack_unreadable")
def something_behind() -> bytes:
    return small_pack() + b"more"


@altered(2, pack="pack_unreadable")
def two_descriptions_of_a_member() -> bytes:
    """The record in front of a member says another name than the directory does."""
    raw = bytearray(small_pack())
    at = raw.index(b"report.html")
    raw[at : at + 11] = b"revolt.html"
    return bytes(raw)


@altered(2, pack="pack_duplicate_name")
def name_twice() -> bytes:
    members = sorted(small().items())
    return _quietly_zipped([*members, ("report.html", b"another report")])


@altered(2, pack="pack_bad_name")
def path_upwards() -> bytes:
    return zips.rezip({**small(), "photos/../../../etc/cron.d/job": b"x"})


@altered(2, pack="pack_bad_name")
def path_absolute() -> bytes:
    return zips.rezip({**small(), "/etc/passwd": b"x"})


@altered(2, pack="pack_bad_name")
def name_with_a_backslash() -> bytes:
    return zips.rezip({**small(), "photos\\x.jpg": b"x"})


@altered(2, pack="pack_too_large")
def bomb() -> bytes:
    return zips.rezip({**small(), "extra.txt": bytes(8 << 20)})


@altered(2, pack="pack_too_large")
def bomb_that_declares_little() -> bytes:
    raw = zips.rezip({**small(), "extra.txt": bytes(500_000)})
    return zips.patch_directory(raw, "extra.txt", zips.UNFOLDED, "<I", 1_000)


@altered(2, pack="pack_too_large")
def member_that_declares_too_much() -> bytes:
    raw = zips.rezip({**small(), "extra.txt": b"x" * 1_000})
    return zips.patch_directory(raw, "extra.txt", zips.UNFOLDED, "<I", 0xFFFF_FFF0)


@altered(2, pack="pack_bad_method")
def encrypted() -> bytes:
    return zips.patch_directory(small_pack(), "report.html", zips.FLAGS, "<H", 1)


@altered(2, pack="pack_bad_method")
def packed_by_another_method() -> bytes:
    return zips.patch_directory(small_pack(), "report.html", zips.METHOD, "<H", 93)


@altered(2, pack="pack_no_manifest")
def no_manifest() -> bytes:
    members = small()
    del members["manifest.json"]
    return zips.rezip(members)


@altered(2, pack="pack_bad_manifest")
def manifest_of_another_form() -> bytes:
    return zips.rezip({**small(), "manifest.json": b'{"v":1}'})


@altered(2, pack="pack_bad_manifest")
def manifest_with_more_events_than_a_pack_can_hold() -> bytes:
    return zips.repack(small(), events=2**52)


@altered(2, pack="pack_unknown_version")
def version_from_the_future() -> bytes:
    return zips.repack(small(), v=2)


@altered(2, pack="pack_bad_json")
def manifest_with_a_key_twice() -> bytes:
    members = small()
    return zips.rezip({**members, "manifest.json": members["manifest.json"].replace(b'"v":1', b'"v":1,"v":1')})


@altered(2, pack="pack_bad_json")
def manifest_with_a_huge_number() -> bytes:
    members = small()
    return zips.rezip({**members, "manifest.json": members["manifest.json"].replace(b'"v":1', b'"v":' + b"1" * 5_000)})


@altered(2, pack="pack_bad_json")
def openings_with_null() -> bytes:
    return zips.repack({**small(), "openings.json": b"[null]"})


@altered(2, pack="pack_bad_json")
def template_nested_deeply() -> bytes:
    return zips.repack({**small(), "template.json": b"[" * 100_000 + b"]" * 100_000})


def _quietly_zipped(members: list[tuple[str, bytes]]) -> bytes:
    """Two members of one name; the second is written under another and renamed in both places."""
    name = members[-1][0]
    alias = "x" * len(name)
    raw = zips.zip_members([*members[:-1], (alias, members[-1][1])])
    return raw.replace(alias.encode(), name.encode())
