"""Writes an evidence pack: the same parts always give the same bytes (docs/formats/pack.md)."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, Final

from tanghulu.core import canonical
from tanghulu.core.chain import pack_format
from tanghulu.core.chain.commitment import Opening
from tanghulu.core.chain.event import MEDIA_TYPES
from tanghulu.core.chain.pack_format import FileDigest, Manifest
from tanghulu.core.errors import Invalid

DEFLATE_LEVEL: Final = 6

_OLDEST_TIME = (1980, 1, 1, 0, 0, 0)
_REGULAR_0644 = 0o100644 << 16
_UNIX = 3


@dataclass(frozen=True, slots=True)
class LoggedEntry:
    """An entry of the log as it goes into a pack: the envelope's bytes and its proof.

    Events of the run bring the admission that the server gave for them; enrolments need none.
    """

    entry: bytes
    proof: bytes
    admission: bytes | None = None


@dataclass(frozen=True, slots=True)
class PackPhoto:
    """A photo that the pack discloses; `chunks` gives its original bytes, piece by piece, each time it is called."""

    sha256: str
    media_type: str
    size: int
    chunks: Callable[[], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class PackParts:
    """All that goes into a pack. Events and keys stand in log order; all proofs end in the same checkpoint.

    `template` is the canonical JSON of the template version; `report` and `verifier` are the pages for people.
    """

    tenant: str
    run: str
    origin: str
    size: int
    events: Sequence[LoggedEntry]
    keys: Sequence[LoggedEntry]
    template: bytes
    openings: Sequence[Opening] = ()
    photos: Sequence[PackPhoto] = ()
    report: bytes | None = None
    verifier: bytes | None = None
    others: Mapping[str, bytes] = field(default_factory=dict)


def write_pack(sink: BinaryIO, parts: PackParts) -> Manifest:
    """Write the ZIP file to `sink`, which must be able to seek; gives the manifest that it carries.

    Photos are read one after the other, in pieces, so a pack of any size needs little memory.

    Raises:
        Invalid: `photo_altered` when a photo's bytes are not those of its hash or size; `pack_bad_name` for a member
            that no reader would take; CanonicalError for openings without canonical form.
    """
    documents = dict(_documents(parts))
    photos = {pack_format.photo_name(one.sha256, MEDIA_TYPES[one.media_type]): one for one in parts.photos}
    files = {name: FileDigest(hashlib.sha256(raw).hexdigest(), len(raw)) for name, raw in documents.items()}
    files |= {name: FileDigest(one.sha256, one.size) for name, one in photos.items()}
    manifest = Manifest(
        tenant=parts.tenant,
        run=parts.run,
        origin=parts.origin,
        size=parts.size,
        events=len(parts.events),
        keys=len(parts.keys),
        files=files,
    )
    documents[pack_format.MANIFEST] = manifest.encode()
    with zipfile.ZipFile(sink, "w") as archive:
        for name in sorted((*documents, *photos)):
            if not pack_format.is_member_name(name):
                raise Invalid("pack_bad_name", name=name)
            if name in photos:
                _write_photo(archive, name, photos[name])
            else:
                archive.writestr(_info(name, zipfile.ZIP_DEFLATED), documents[name], compresslevel=DEFLATE_LEVEL)
    return manifest


def _documents(parts: PackParts) -> Iterator[tuple[str, bytes]]:
    """Every member but photos and manifest."""
    for number, one in enumerate(parts.events, start=1):
        yield pack_format.event_name(number), one.entry
        yield pack_format.event_proof_name(number), one.proof
        if one.admission is not None:
            yield pack_format.admission_name(number), one.admission
    for number, one in enumerate(parts.keys, start=1):
        yield pack_format.key_name(number), one.entry
        yield pack_format.key_proof_name(number), one.proof
    openings = [one.as_json() for one in sorted(parts.openings, key=lambda one: one.commitment)]
    limit = pack_format.MAX_DOCUMENT_BYTES[pack_format.OPENINGS]
    yield pack_format.OPENINGS, canonical.dumps(openings, limit=limit)
    yield pack_format.TEMPLATE, parts.template
    if parts.report is not None:
        yield pack_format.REPORT_PAGE, parts.report
    if parts.verifier is not None:
        yield pack_format.VERIFIER_PAGE, parts.verifier
    yield from parts.others.items()


def _write_photo(archive: zipfile.ZipFile, name: str, photo: PackPhoto) -> None:
    info = _info(name, zipfile.ZIP_STORED)
    info.file_size = photo.size
    digest, size = hashlib.sha256(), 0
    with archive.open(info, "w") as member:
        for chunk in photo.chunks():
            digest.update(chunk)
            size += len(chunk)
            member.write(chunk)
    if (digest.hexdigest(), size) != (photo.sha256, photo.size):
        raise Invalid("photo_altered", name=name)


def _info(name: str, method: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _OLDEST_TIME)
    info.compress_type = method
    info.create_system = _UNIX
    info.external_attr = _REGULAR_0644
    return info
