"""Reads an evidence pack without trusting it: every limit is checked before and while bytes are read.

ZIP files can say one thing in their directory and another before each member, hide bytes between members and unfold to
any size. A pack must say everything once: members follow each other without gaps from the first byte to the directory,
and both descriptions of a member agree. The checksum of ZIP is not evidence and is not looked at; SHA-256 is.
"""

from __future__ import annotations

import hashlib
import io
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final

from tanghulu.core.chain import pack_format
from tanghulu.core.chain.pack_format import FileDigest, Manifest, parse_manifest
from tanghulu.core.errors import Invalid

CHUNK: Final = 1 << 18
"""Bytes read at a time: few enough to be hashed while they are still in the processor's cache."""

_END_SIGNATURE = b"PK\x05\x06"
_END = struct.Struct("<4s4H2LH")
_LOCAL_SIGNATURE = b"PK\x03\x04"
_LOCAL = struct.Struct("<4s5H3L2H")
_MAX_DIRECTORY_BYTES = 16 * pack_format.MIB
_ENCRYPTED = 0x0001 | 0x0040 | 0x2000
_SIZES_FOLLOW = 0x0008
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


@dataclass(frozen=True, slots=True)
class Pack:
    """What a pack holds: its manifest, the digest of every other member, and the bytes of those that are looked into.

    An envelope or proof longer than 65,535 bytes has a digest only.
    """

    manifest: Manifest
    files: Mapping[str, FileDigest]
    documents: Mapping[str, bytes]


def read_pack(source: BinaryIO) -> Pack:
    """Read a pack from a file that can seek, holding no photo in memory.

    Raises:
        Invalid: `pack_unreadable`, `pack_duplicate_name`, `pack_bad_name`, `pack_too_many_files`, `pack_too_large`,
            `pack_bad_method`, `pack_no_manifest`, `pack_bad_manifest`, `pack_bad_json`, `pack_unknown_version`;
            `name` says which member it is about.
    """
    try:
        members = _members(source)
        return _read(source, members)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError, struct.error, zlib.error):
        raise Invalid("pack_unreadable") from None


def _members(source: BinaryIO) -> Sequence[zipfile.ZipInfo]:
    """The members in the order of their bytes, once their names, number, methods and sizes are known to be harmless."""
    count = _count(source)
    with zipfile.ZipFile(source) as archive:
        members = sorted(archive.infolist(), key=lambda one: one.header_offset)
        directory = archive.start_dir
    if len(members) != count:
        raise Invalid("pack_unreadable")
    names = Counter(one.orig_filename for one in members)
    for one in members:
        _check_member(one, names[one.orig_filename])
    if sum(one.file_size for one in members) > pack_format.MAX_PACK_BYTES:
        raise Invalid("pack_too_large")
    if pack_format.MANIFEST not in names:
        raise Invalid("pack_no_manifest", name=pack_format.MANIFEST)
    _check_layout(members, directory)
    return members


def _count(source: BinaryIO) -> int:
    """The number of members by the very last record, read before the directory is."""
    size = source.seek(0, io.SEEK_END)
    if size < _END.size:
        raise Invalid("pack_unreadable")
    source.seek(size - _END.size)
    signature, _disk, _first, here, count, length, _offset, comment = _END.unpack(source.read(_END.size))
    if signature != _END_SIGNATURE or comment or here != count:
        raise Invalid("pack_unreadable")
    if count > pack_format.MAX_FILES:
        raise Invalid("pack_too_many_files")
    if length > _MAX_DIRECTORY_BYTES:
        raise Invalid("pack_unreadable")
    return int(count)


def _check_member(member: zipfile.ZipInfo, times: int) -> None:
    name = member.orig_filename
    if not pack_format.is_member_name(name):
        raise Invalid("pack_bad_name", name=ascii(name)[:200])
    if times > 1:
        raise Invalid("pack_duplicate_name", name=name)
    if member.flag_bits & _ENCRYPTED or member.compress_type not in _METHODS:
        raise Invalid("pack_bad_method", name=name)
    limit = pack_format.MAX_DOCUMENT_BYTES.get(name, pack_format.MAX_FILE_BYTES)
    unfolded, stored = member.file_size, member.compress_size
    swollen = unfolded > pack_format.RATIO_COUNTS_ABOVE and unfolded > stored * pack_format.MAX_RATIO
    if unfolded > limit or stored > limit or swollen:
        raise Invalid("pack_too_large", name=name)
    if member.compress_type == zipfile.ZIP_STORED and unfolded != stored:
        raise Invalid("pack_unreadable", name=name)


def _check_layout(members: Sequence[zipfile.ZipInfo], directory: int) -> None:
    """Members must follow each other without gap or overlap up to the directory (header lengths are checked later)."""
    at = 0
    for one in members:
        if one.header_offset != at or one.flag_bits & _SIZES_FOLLOW:
            raise Invalid("pack_unreadable", name=one.orig_filename)
        at = one.header_offset + _LOCAL.size + len(one.orig_filename) + one.compress_size
    if at != directory:
        raise Invalid("pack_unreadable")


def _read(source: BinaryIO, members: Sequence[zipfile.ZipInfo]) -> Pack:
    files: dict[str, FileDigest] = {}
    documents: dict[str, bytes] = {}
    buffer = memoryview(bytearray(CHUNK))
    held = 0
    source.seek(0)
    for member in members:
        name = member.orig_filename
        _skip_header(source, member)
        record = pack_format.is_record(name) and member.file_size <= pack_format.MAX_RECORD_BYTES
        if record or name in pack_format.MAX_DOCUMENT_BYTES:
            held += member.file_size
            if held > pack_format.MAX_DOCUMENTS_BYTES:
                raise Invalid("pack_too_large")
            raw = documents[name] = _document(source, member)
            files[name] = FileDigest(hashlib.sha256(raw).hexdigest(), len(raw))
        elif member.compress_type == zipfile.ZIP_STORED:
            files[name] = _stored_digest(source, member, buffer)
        else:
            files[name] = _inflated_digest(source, member)
    del files[pack_format.MANIFEST]
    return Pack(parse_manifest(documents.pop(pack_format.MANIFEST)), files, documents)


def _skip_header(source: BinaryIO, member: zipfile.ZipInfo) -> None:
    """Read the description in front of a member, which must agree with that in the directory."""
    name = member.orig_filename.encode("ascii")
    header = source.read(_LOCAL.size + len(name))
    signature, _, flags, method, _, _, _, stored, unfolded, length, extra = _LOCAL.unpack_from(header)
    said = (signature, flags, method, stored, unfolded, length, extra, header[_LOCAL.size :])
    expected = (_LOCAL_SIGNATURE, member.flag_bits, member.compress_type, member.compress_size, member.file_size)
    if said != (*expected, len(name), 0, name):
        raise Invalid("pack_unreadable", name=member.orig_filename)


def _document(source: BinaryIO, member: zipfile.ZipInfo) -> bytes:
    raw = source.read(member.compress_size)
    if len(raw) != member.compress_size:
        raise Invalid("pack_unreadable", name=member.orig_filename)
    if member.compress_type == zipfile.ZIP_STORED:
        return raw
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    # One byte more than was declared is enough to know that the declaration lied.
    unfolded = inflater.decompress(raw, member.file_size + 1)
    if len(unfolded) > member.file_size:
        raise Invalid("pack_too_large", name=member.orig_filename)
    if len(unfolded) != member.file_size or not inflater.eof or inflater.unused_data:
        raise Invalid("pack_unreadable", name=member.orig_filename)
    return unfolded


def _stored_digest(source: BinaryIO, member: zipfile.ZipInfo, buffer: memoryview) -> FileDigest:
    digest, left = hashlib.sha256(), member.file_size
    while left:
        got = _read_into(source, buffer[: min(left, CHUNK)])
        if not got:
            raise Invalid("pack_unreadable", name=member.orig_filename)
        digest.update(buffer[:got])
        left -= got
    return FileDigest(digest.hexdigest(), member.file_size)


def _read_into(source: BinaryIO, buffer: memoryview) -> int:
    if isinstance(source, io.BufferedIOBase):
        return source.readinto(buffer)
    chunk = source.read(len(buffer))
    buffer[: len(chunk)] = chunk
    return len(chunk)


def _inflated_digest(source: BinaryIO, member: zipfile.ZipInfo) -> FileDigest:
    digest, left, size = hashlib.sha256(), member.compress_size, 0
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    pending = b""
    while left or pending:
        if not pending:
            pending = source.read(min(left, CHUNK))
            left -= len(pending)
            if not pending:
                break
        unfolded = inflater.decompress(pending, CHUNK)
        pending = inflater.unconsumed_tail
        size += len(unfolded)
        if size > member.file_size:
            raise Invalid("pack_too_large", name=member.orig_filename)
        digest.update(unfolded)
    # A full buffer may leave output behind without any input left to feed.
    rest = inflater.decompress(b"", member.file_size - size + 1) if not inflater.eof else b""
    digest.update(rest)
    size += len(rest)
    if size > member.file_size:
        raise Invalid("pack_too_large", name=member.orig_filename)
    if left or size != member.file_size or not inflater.eof or inflater.unused_data:
        raise Invalid("pack_unreadable", name=member.orig_filename)
    return FileDigest(digest.hexdigest(), size)
