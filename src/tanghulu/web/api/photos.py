"""Photos and openings come in; pictures for showing go out."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import Field

from tanghulu.apps.jobs import actions, queries
from tanghulu.apps.photos import queries as photos
from tanghulu.apps.photos.actions import LARGEST
from tanghulu.core.access import Actor
from tanghulu.core.errors import Invalid, NotFound
from tanghulu.web import endpoints
from tanghulu.web.api.answers import declined, file_of

router = Router(tags=["photos"])

_HASH = re.compile(r"[0-9a-f]{64}")
_BODY = {
    "required": True,
    "content": {
        kind: {"schema": {"type": "string", "format": "binary"}} for kind in ("image/jpeg", "image/png", "image/webp")
    },
}
_FOR_EVER = "private, max-age=31536000, immutable"


class Opening(Schema):
    """What a commitment stands for: the salt (32 bytes in base64) and the value."""

    salt: Annotated[str, Field(max_length=44)]
    value: Any


class Stored(Schema):
    """A photo that is durable now."""

    sha256: str
    size: int
    checks: list[str]


@router.put(
    "/photos/{sha256}",
    openapi_extra={"requestBody": _BODY},
    response={200: Stored, 201: Stored, **declined(403, 422)},
)
def put_photo(request: HttpRequest, sha256: str) -> Status[Stored]:
    """Keep the original bytes of a photo under their SHA-256. The same bytes again change nothing."""
    actor = endpoints.actor_of(request)
    content = _content(request)
    is_new = actions.keep_photo(actor, sha256=sha256, content=content, at=timezone.now())
    return Status(201 if is_new else 200, Stored(sha256=sha256, size=len(content), checks=[]))


def take(actor: Actor, *, sha256: str, content: bytes, at: datetime) -> tuple[int, bytes]:
    """Keep a photo: the status and the JSON of the answer. Raises what `keep_photo` raises."""
    is_new = actions.keep_photo(actor, sha256=sha256, content=content, at=at)
    return 201 if is_new else 200, b'{"sha256":"%b","size":%d,"checks":[]}' % (sha256.encode("ascii"), len(content))


def _content(request: HttpRequest) -> bytes:
    """Read the body as it comes: a photo may be larger than what Django takes into memory by itself."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > LARGEST:
        raise Invalid("photo_too_large", size=int(length) if length.isdigit() else 0, limit=LARGEST)
    content = request.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise Invalid("photo_too_large", size=len(content), limit=LARGEST)
    return content


@router.get(
    "/photos/{commitment}/{size}.jpg",
    openapi_extra=file_of("image/jpeg"),
    response={200: None, **declined(403, 404, 422)},
)
def get_photo(request: HttpRequest, commitment: str, size: Literal["320", "1600"]) -> HttpResponse:
    """A stripped JPEG whose longest edge is 320 or 1600 pixels."""
    actor = endpoints.actor_of(request)
    if not _HASH.fullmatch(commitment):
        raise NotFound("photo_not_found")
    sha256 = queries.photo_name(actor, commitment=commitment)
    content = photos.shown(sha256, size=int(size))
    return HttpResponse(content, content_type="image/jpeg", headers={"Cache-Control": _FOR_EVER})


@router.put("/openings/{commitment}", response={204: None, **declined(403, 422)})
def put_opening(request: HttpRequest, commitment: str, opening: Opening) -> Status[None]:
    """Keep the value and salt behind a commitment."""
    actor = endpoints.actor_of(request)
    whole = {"commitment": commitment, "salt": opening.salt, "value": opening.value}
    actions.keep_opening(actor, opening=whole, at=timezone.now())
    return Status(204, None)
