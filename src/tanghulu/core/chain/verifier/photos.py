"""Photos in a pack: what the server says of them in its events and admissions, and whether their bytes are those."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tanghulu.core.chain import pack_format
from tanghulu.core.chain.admission import Standing
from tanghulu.core.chain.event import MEDIA_TYPES, Event, Photo
from tanghulu.core.chain.event_types import EventType
from tanghulu.core.chain.verifier.contents import Contents, Record, photo_hash
from tanghulu.core.chain.verifier.report import Reason, fails, note, unproven


@dataclass(frozen=True, slots=True)
class Words:
    """What the server says of photos, by commitment.

    `stored`: their bytes have come. `refused`: they do not count. `unawaited`: they are named only by acts that it
    admitted as contradicting the rules of the job, or of a revoked key, so that nothing waited for their bytes.
    """

    stored: frozenset[str]
    refused: frozenset[str]
    unawaited: frozenset[str]

    def explain_absence(self, commitment: str) -> bool:
        """Whether the bytes need not be there."""
        return commitment not in self.stored and commitment in self.refused | self.unawaited


def words_about(records: Iterable[tuple[Record, Event]]) -> Words:
    """What is said of photos in these events and their admissions."""
    said: dict[EventType | None, set[str]] = {EventType.PHOTO_STORED: set(), EventType.PHOTO_REFUSED: set()}
    contradicting: set[str] = set()
    allowed: set[str] = set()
    for record, event in records:
        if event.kind in said:
            said[event.kind].add(str(event.data["commitment"]))
        contradicts = record.admitted is not None and record.admitted.standing is not Standing.ACCEPTED
        (contradicting if contradicts else allowed).update(photo.commitment for photo in event.photos)
    return Words(
        frozenset(said[EventType.PHOTO_STORED]),
        frozenset(said[EventType.PHOTO_REFUSED]),
        frozenset(contradicting - allowed),
    )


def check_photos(contents: Contents) -> Iterator[Reason]:
    """Every photo that is not withheld is there, with the hash, the size and the kind that its event names."""
    shown: set[str] = set()
    words = words_about(contents.readable)
    for record, event in contents.readable:
        for photo in event.photos:
            if photo.commitment in words.refused:
                yield note("photo_refused", record.name)
            if photo.commitment in contents.openings:
                names = _names(contents, photo, words)
                shown.update(names)
                yield from _check_photo(contents, photo, names, words, record.name)
            elif not words.explain_absence(photo.commitment):
                yield unproven("photo_withheld", record.name)
    for name in contents.photos:
        if name not in shown:
            yield fails("photo_foreign", name)


def _names(contents: Contents, photo: Photo, words: Words) -> list[str]:
    """What the photo's file may be called: a photo that was refused may be of another type than its event says."""
    extensions = [MEDIA_TYPES[photo.media_type]]
    if photo.commitment in words.refused:
        extensions = sorted(MEDIA_TYPES.values())
    sha256 = photo_hash(contents, photo.commitment) or ""
    return [pack_format.photo_name(sha256, extension) for extension in extensions]


def _check_photo(contents: Contents, photo: Photo, names: list[str], words: Words, about: str) -> Iterator[Reason]:
    found = [contents.photos[name] for name in names if name in contents.photos]
    for one in found:
        is_as_said = photo.commitment in words.refused or one.size == photo.size
        if one.sha256 != photo_hash(contents, photo.commitment) or not is_as_said:
            yield fails("photo_altered", one.name)
    if found or words.explain_absence(photo.commitment):
        return
    # Where nobody says that the bytes ever came, nobody took them out either.
    yield fails("photo_missing", about) if photo.commitment in words.stored else unproven("photo_never_stored", about)


def check_arrivals(records: Iterable[tuple[Record, Event]]) -> Iterator[Reason]:
    """Every photo's bytes have reached the server, as the server states, but for those that nothing waited for."""
    records = list(records)
    words = words_about(records)
    for record, event in records:
        for photo in event.photos:
            if photo.commitment in words.stored | words.refused:
                continue
            if photo.commitment in words.unawaited:
                yield note("photo_not_awaited", record.name)
            else:
                yield unproven("photo_never_stored", event.hash)
