"""Writes an evidence pack: the same parts always give the same bytes (docs/formats/pack.md)."""

from __future__ import annotations

import hashlib
import heapq
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, Final, Protocol

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
_PAGE = ".html"


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


_Member = tuple[str, bytes | PackPhoto]


class Entries(Protocol):
    """Entries in log order, which can be gone through more than once: a list, or something that reads them anew."""

    def __len__(self) -> int:
        """How many there are."""

    def __iter__(self) -> Iterator[LoggedEntry]:
        """From the first on."""


@dataclass(frozen=True, slots=True)
class PackParts:
    """All that goes into a pack. Events and keys stand in log order; all proofs end in the same checkpoint.

    `template` is the canonical JSON of the template version; `report` and `verifier` are the pages for people.
    """

    tenant: str
    run: str
    origin: str
    size: int
    events: Entries
    keys: Entries
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
            that no reader would take; `pack_too_many_files` and `pack_too_large` beyond
            what readers take; CanonicalError for openings without canonical form.
    """
    if max(len(parts.events), len(parts.keys)) > pack_format.MAX_EVENTS:
        raise Invalid("pack_too_many_files")
    photos = {pack_format.photo_name(one.sha256, MEDIA_TYPES[one.media_type]): one for one in parts.photos}
    files = {name: FileDigest(hashlib.sha256(raw).hexdigest(), len(raw)) for name, raw in _documents(parts)}
    looked_into = (one.size for name, one in files.items() if not name.endswith(_PAGE))
    if len(files) + len(photos) >= pack_format.MAX_FILES:
        raise Invalid("pack_too_many_files")
    if sum(looked_into) > pack_format.MAX_DOCUMENTS_BYTES - pack_format.MAX_DOCUMENT_BYTES[pack_format.MANIFEST]:
        raise Invalid("pack_too_large", name=pack_format.MANIFEST)
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
    pages: list[_Member] = [(name, photos[name]) for name in sorted(photos)]
    with zipfile.ZipFile(sink, "w") as archive:
        for name, content in _sorted(_documents(parts), [(pack_format.MANIFEST, manifest.encode())], pages):
            if not pack_format.is_member_name(name):
                raise Invalid("pack_bad_name", name=name)
            if isinstance(content, PackPhoto):
                _write_photo(archive, name, content)
            else:
                archive.writestr(_info(name, zipfile.ZIP_DEFLATED), content, compresslevel=DEFLATE_LEVEL)
    return manifest


def _sorted(*streams: Iterable[_Member]) -> Iterator[_Member]:
    """The members of streams that are sorted by name, in the order of their names."""
    return heapq.merge(*streams, key=lambda member: member[0])


def _documents(parts: PackParts) -> Iterator[tuple[str, bytes]]:
    """Every member but photos and manifest, sorted by name; a long run is read piece by piece and never held whole."""
    events, keys = parts.events, parts.keys
    return heapq.merge(
        ((pack_format.admission_name(at), one.admission) for at, one in enumerate(events, 1) if one.admission),
        ((pack_format.event_name(at), one.entry) for at, one in enumerate(events, 1)),
        ((pack_format.key_name(at), one.entry) for at, one in enumerate(keys, 1)),
        ((pack_format.event_proof_name(at), one.proof) for at, one in enumerate(events, 1)),
        ((pack_format.key_proof_name(at), one.proof) for at, one in enumerate(keys, 1)),
        sorted(_pages(parts)),
        key=lambda member: member[0],
    )


def _pages(parts: PackParts) -> Iterator[tuple[str, bytes]]:
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
