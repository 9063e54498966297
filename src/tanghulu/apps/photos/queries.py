"""What is looked up about photos."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tanghulu.apps.photos import derivatives, store
from tanghulu.apps.photos.models import Photo
from tanghulu.apps.tenancy import rows
from tanghulu.core.errors import NotFound
from tanghulu.core.photo.claims import Likeness


@dataclass(frozen=True, slots=True)
class Original:
    """A photo as it was taken: its bytes, media type and SHA-256."""

    sha256: str
    media_type: str
    content: bytes


def stored(sha256s: Iterable[str]) -> set[str]:
    """Those of these photos whose bytes are stored."""
    return {name for (name,) in rows.select(Photo, ("sha256",), where="sha256", among=list(sha256s))}


def about_each(sha256s: Iterable[str]) -> dict[str, Likeness]:
    """What is known of those of these photos whose bytes are stored."""
    found = rows.select(Photo, ("sha256", "media_type", "size"), where="sha256", among=list(sha256s))
    return {name: Likeness(media_type, size) for name, media_type, size in found}


def about(sha256: str) -> Likeness:
    """What is known of a photo without reading it. Raises NotFound `photo_not_found`."""
    row = _row(sha256)
    return Likeness(row.media_type, row.size)


def original(sha256: str) -> Original:
    """The photo as it was taken. Raises NotFound `photo_not_found`."""
    row = _row(sha256)
    return Original(sha256=sha256, media_type=row.media_type, content=store.read(row.sha256))


def shown(sha256: str, *, size: int) -> bytes:
    """A stripped JPEG whose longest edge is `size`, made when it is first asked for.

    Raises NotFound `photo_not_found` when there is no such photo, `photo_not_shown` when it cannot be shown.
    """
    row = _row(sha256)
    kept = store.read_derivative(sha256, size=size)
    if kept is not None:
        return kept
    try:
        made = derivatives.shrink(store.read(row.sha256), size=size)
    except derivatives.NotAPicture as error:
        raise NotFound("photo_not_shown") from error
    store.write_derivative(sha256, size=size, content=made, subject=row.subject)
    return made


def _row(sha256: str) -> Photo:
    row = Photo.objects.filter(sha256=sha256).first()
    if row is None:
        raise NotFound("photo_not_found")
    return row


def places() -> Iterator[str]:
    """The blob key of every photo of the present tenant, in the order in which they came."""
    for (sha256,) in Photo.objects.order_by("pk").values_list("sha256").iterator(chunk_size=1000):
        yield store.place(sha256)
