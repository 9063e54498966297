"""The directory of a ZIP file, read strictly (PKWARE APPNOTE 6.3, sections 4.3 and 4.5.3).

Only what packs have is taken: one disk, no comments, the directory at the very end, ZIP64 for offsets and for the
number of members.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final, TypeAlias

from tanghulu.core.chain import pack_format
from tanghulu.core.errors import Invalid

View: TypeAlias = memoryview
"""The bytes of a whole ZIP file, in memory or mapped."""

MAX_DIRECTORY_BYTES: Final = 64 * pack_format.MIB

_END = struct.Struct("<4s4H2LH")
_LOCATOR = struct.Struct("<4sLQL")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_RECORD = struct.Struct("<4s6H3L5H2L")
_OFFSET_64 = struct.Struct("<2HQ")
_LOCAL = struct.Struct("<4s5H3L2H")

_LOCATOR_SIGNATURE = b"PK\x06\x07"
_UNKNOWN_32 = 0xFFFFFFFF
_UNKNOWN_16 = 0xFFFF


@dataclass(frozen=True, slots=True)
class Member:
    """A member as the directory describes it; sizes in bytes, `offset` is that of the record in front of its bytes."""

    name: str
    raw_name: bytes
    flags: int
    method: int
    stored: int
    unfolded: int
    offset: int

    @property
    def begin(self) -> int:
        """Where the member's bytes begin; the record in front of them has no extra field."""
        return self.offset + _LOCAL.size + len(self.raw_name)

    @property
    def end(self) -> int:
        """Where they end."""
        return self.begin + self.stored


def read_directory(view: View) -> tuple[list[Member], int]:
    """The members in the directory's order, and where the directory begins.

    Raises:
        Invalid: `pack_unreadable`, or `pack_too_many_files` before any of them is looked at.
    """
    try:
        count, length, begin, end = _end(view)
        if begin < 0 or begin + length != end:
            raise Invalid("pack_unreadable")
        members = list(_members(view[begin:end], count))
    except struct.error:
        raise Invalid("pack_unreadable") from None
    return members, begin


def check_local(view: View, member: Member) -> None:
    """The record in front of a member must say the same as the directory.

    Raises:
        Invalid: `pack_unreadable` with the member's name.
    """
    try:
        signature, _, flags, method, _, _, _, stored, unfolded, length, extra = _LOCAL.unpack_from(view, member.offset)
    except struct.error:
        raise Invalid("pack_unreadable", name=member.name) from None
    said = (signature, flags, method, stored, unfolded, length, extra)
    expected = (b"PK\x03\x04", member.flags, member.method, member.stored, member.unfolded, len(member.raw_name), 0)
    if said != expected or view[member.begin - length : member.begin] != member.raw_name:
        raise Invalid("pack_unreadable", name=member.name)


def _end(view: View) -> tuple[int, int, int, int]:
    """Number of members, length, begin and end of the directory, by the last record of the file."""
    at = len(view) - _END.size
    if at < 0:
        raise Invalid("pack_unreadable")
    signature, disk, first, here, count, length, begin, comment = _END.unpack_from(view, at)
    if signature != b"PK\x05\x06" or comment or disk or first or here != count:
        raise Invalid("pack_unreadable")
    if view[at - _LOCATOR.size : at - _LOCATOR.size + 4] == _LOCATOR_SIGNATURE:
        count, length, far, at = _end_64(view, at, count)
        if begin not in {far, _UNKNOWN_32}:
            raise Invalid("pack_unreadable")
        begin = far
    if count > pack_format.MAX_FILES:
        raise Invalid("pack_too_many_files")
    if length > MAX_DIRECTORY_BYTES:
        raise Invalid("pack_unreadable")
    return count, length, begin, at


def _end_64(view: View, end: int, count: int) -> tuple[int, int, int, int]:
    """Number of members, length, begin and end of a large directory, by the records in front of the last one."""
    at = end - _LOCATOR.size - _END_64.size
    if at < 0:
        raise Invalid("pack_unreadable")
    locator = _LOCATOR.unpack_from(view, end - _LOCATOR.size)
    signature, size, _, _, disk, first, here, total, length, begin = _END_64.unpack_from(view, at)
    if locator != (_LOCATOR_SIGNATURE, 0, at, 1):
        raise Invalid("pack_unreadable")
    if (signature, size, disk, first, here) != (b"PK\x06\x06", _END_64.size - 12, 0, 0, total):
        raise Invalid("pack_unreadable")
    # The last record says the same, as far as its 16 bits go.
    if min(total, _UNKNOWN_16) != count:
        raise Invalid("pack_unreadable")
    return total, length, begin, at


def _members(directory: View, count: int) -> list[Member]:
    members: list[Member] = []
    at = 0
    for _ in range(count):
        record = _RECORD.unpack_from(directory, at)
        signature, _, _, flags, method, _, _, _, stored, unfolded, name, extra, comment, disk, _, _, offset = record
        if signature != b"PK\x01\x02" or comment or disk:
            raise Invalid("pack_unreadable")
        after = at + _RECORD.size + name
        raw_name = bytes(directory[at + _RECORD.size : after])
        if extra or offset == _UNKNOWN_32:
            kind, size, far = _OFFSET_64.unpack_from(directory, after)
            if (extra, kind, size, offset) != (_OFFSET_64.size, 1, 8, _UNKNOWN_32):
                raise Invalid("pack_unreadable")
            offset = far
        members.append(Member(raw_name.decode("latin-1"), raw_name, flags, method, stored, unfolded, offset))
        at = after + extra
    if at != len(directory):
        raise Invalid("pack_unreadable")
    return members
