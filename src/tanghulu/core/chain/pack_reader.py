"""Reads an evidence pack without trusting it: every limit is checked before and while bytes are unfolded.

ZIP files can say one thing in their directory and another before each member, hide bytes between members and unfold to
any size. A pack must say everything once: members follow each other without gaps from the first byte to the directory,
and both descriptions of a member agree. The checksum of ZIP is not evidence and is not looked at; SHA-256 is.
"""

from __future__ import annotations

import hashlib
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tanghulu.core.chain import pack_format
from tanghulu.core.chain.pack_format import FileDigest, Manifest, parse_manifest
from tanghulu.core.chain.zip_directory import Member, View, check_local, read_directory
from tanghulu.core.errors import Invalid

CHUNK: Final = 1 << 18
"""Bytes unfolded at a time."""

STORED: Final = 0
DEFLATED: Final = 8

_ENCRYPTED = 0x0001 | 0x0040 | 0x2000
_SIZES_FOLLOW = 0x0008


@dataclass(frozen=True, slots=True)
class Pack:
    """What a pack holds: its manifest, the digest of every other member, and the bytes of those that are looked into.

    An envelope or proof longer than 65,535 bytes has a digest only.
    """

    manifest: Manifest
    files: Mapping[str, FileDigest]
    documents: Mapping[str, bytes]


def read_pack(pack: bytes | View) -> Pack:
    """Read a pack from its bytes, or from a view of a mapped file: photos are hashed where they lie, never copied.

    Raises:
        Invalid: `pack_unreadable`, `pack_duplicate_name`, `pack_bad_name`, `pack_too_many_files`, `pack_too_large`,
            `pack_bad_method`, `pack_no_manifest`, `pack_bad_manifest`, `pack_bad_json`, `pack_unknown_version`;
            `name` says which member it is about.
    """
    view = memoryview(pack)
    files: dict[str, FileDigest] = {}
    documents: dict[str, bytes] = {}
    held = 0
    for member in _members(view):
        check_local(view, member)
        name, content = member.name, view[member.begin : member.end]
        record = pack_format.is_record(name) and member.unfolded <= pack_format.MAX_RECORD_BYTES
        if record or name in pack_format.MAX_DOCUMENT_BYTES:
            held += member.unfolded
            if held > pack_format.MAX_DOCUMENTS_BYTES:
                raise Invalid("pack_too_large")
            raw = documents[name] = _document(member, content)
            files[name] = FileDigest(hashlib.sha256(raw).hexdigest(), len(raw))
        elif member.method == STORED:
            files[name] = FileDigest(hashlib.sha256(content).hexdigest(), member.unfolded)
        else:
            files[name] = _inflated_digest(member, content)
    del files[pack_format.MANIFEST]
    return Pack(parse_manifest(documents.pop(pack_format.MANIFEST)), files, documents)


def _members(view: View) -> Sequence[Member]:
    """The members in the order of their bytes, once their names, number, methods and sizes are known to be harmless."""
    listed, directory = read_directory(view)
    members = sorted(listed, key=lambda one: one.offset)
    names = Counter(one.name for one in members)
    for one in members:
        _check_member(one, names[one.name])
    if sum(one.unfolded for one in members) > pack_format.MAX_PACK_BYTES:
        raise Invalid("pack_too_large")
    if pack_format.MANIFEST not in names:
        raise Invalid("pack_no_manifest", name=pack_format.MANIFEST)
    at = 0
    for one in members:
        # Neither a gap nor an overlap, and nothing that is described only behind the bytes.
        if one.offset != at or one.flags & _SIZES_FOLLOW:
            raise Invalid("pack_unreadable", name=one.name)
        at = one.end
    if at != directory:
        raise Invalid("pack_unreadable")
    return members


def _check_member(member: Member, times: int) -> None:
    name = member.name
    if not pack_format.is_member_name(name):
        raise Invalid("pack_bad_name", name=ascii(name)[:200])
    if times > 1:
        raise Invalid("pack_duplicate_name", name=name)
    if member.flags & _ENCRYPTED or member.method not in {STORED, DEFLATED}:
        raise Invalid("pack_bad_method", name=name)
    limit = pack_format.MAX_DOCUMENT_BYTES.get(name, pack_format.MAX_FILE_BYTES)
    unfolded, stored = member.unfolded, member.stored
    swollen = unfolded > pack_format.RATIO_COUNTS_ABOVE and unfolded > stored * pack_format.MAX_RATIO
    if unfolded > limit or stored > limit or swollen:
        raise Invalid("pack_too_large", name=name)
    if member.method == STORED and unfolded != stored:
        raise Invalid("pack_unreadable", name=name)


def _document(member: Member, content: View) -> bytes:
    if member.method == STORED:
        return bytes(content)
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        # One byte more than was declared is enough to know that the declaration lied.
        raw = inflater.decompress(content, member.unfolded + 1)
    except zlib.error:
        raise Invalid("pack_unreadable", name=member.name) from None
    _check_inflated(member, inflater, len(raw))
    return raw


def _inflated_digest(member: Member, content: View) -> FileDigest:
    digest, size = hashlib.sha256(), 0
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    pending: bytes | View = content
    try:
        while not inflater.eof and size <= member.unfolded:
            piece = inflater.decompress(pending, CHUNK)
            pending = inflater.unconsumed_tail
            if not piece and not pending:
                break
            digest.update(piece)
            size += len(piece)
    except zlib.error:
        raise Invalid("pack_unreadable", name=member.name) from None
    _check_inflated(member, inflater, size)
    return FileDigest(digest.hexdigest(), size)


def _check_inflated(member: Member, inflater: zlib._Decompress, size: int) -> None:
    if size > member.unfolded:
        raise Invalid("pack_too_large", name=member.name)
    if size != member.unfolded or not inflater.eof or inflater.unused_data:
        raise Invalid("pack_unreadable", name=member.name)
