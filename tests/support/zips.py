"""Packs taken apart and put together again, honestly or not."""

from __future__ import annotations

import hashlib
import io
import struct
import zipfile
from collections.abc import Iterable

from tanghulu.core import canonical

OLDEST = (1980, 1, 1, 0, 0, 0)

Members = dict[str, bytes]


def unzip(pack: bytes) -> Members:
    with zipfile.ZipFile(io.BytesIO(pack)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zip_members(members: Iterable[tuple[str, bytes]]) -> bytes:
    """A ZIP file in the layout of packs; names may be anything, and may come twice."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        for name, raw in members:
            info = zipfile.ZipInfo(name, OLDEST)
            info.create_system = 3
            info.compress_type = zipfile.ZIP_STORED if name.startswith("photos/") else zipfile.ZIP_DEFLATED
            archive.writestr(info, raw, compresslevel=6)
    return sink.getvalue()


def rezip(members: Members) -> bytes:
    return zip_members(sorted(members.items()))


def relist(members: Members, **changes: canonical.Value) -> Members:
    """The members with a manifest that tells the truth about them, but for `changes`."""
    manifest = canonical.loads(members["manifest.json"], limit=1 << 23)
    assert isinstance(manifest, dict)
    others = {name: raw for name, raw in members.items() if name != "manifest.json"}
    manifest["files"] = {
        name: {"sha256": hashlib.sha256(raw).hexdigest(), "size": len(raw)} for name, raw in others.items()
    }
    manifest |= changes
    return {**others, "manifest.json": canonical.dumps(manifest, limit=1 << 23)}


def repack(members: Members, **changes: canonical.Value) -> bytes:
    return rezip(relist(members, **changes))


def patch_directory(pack: bytes, name: str, offset: int, layout: str, value: int) -> bytes:
    """Change a field of a member's record in the directory, and the same field in front of the member.

    `offset` is that of the directory's record; the record in front of the member has its fields two bytes earlier,
    one `version` less.
    """
    raw = bytearray(pack)
    with zipfile.ZipFile(io.BytesIO(pack)) as archive:
        at = archive.getinfo(name).header_offset
        start = archive.start_dir
    struct.pack_into(layout, raw, at + offset - 2, value)
    record = start + raw[start:].index(name.encode()) - 46
    struct.pack_into(layout, raw, record + offset, value)
    return bytes(raw)


FLAGS, METHOD, UNFOLDED = 8, 10, 24
