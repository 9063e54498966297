"""The short way in for what phones send most: an event, a photo.

Both are answered by the same functions as through the long way (middlewares, addresses, schema), with the same words;
only what a bearer token does not need is left out. Whatever is not plainly one of the two takes the long way.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.db import close_old_connections
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import get_language_from_request

from tanghulu.apps.directory import actions as directory
from tanghulu.apps.directory import throttle
from tanghulu.apps.photos.actions import LARGEST
from tanghulu.apps.tenancy import scope
from tanghulu.core.errors import Refusal
from tanghulu.web import errors
from tanghulu.web.api import events, photos
from tanghulu.web.limits import counted

Asked = dict[str, Any]
Start = Callable[..., Any]
Application = Callable[[Asked, Start], Iterable[bytes]]

_TOKEN = "Bearer tgh_"  # noqa: S105 - how tokens begin, not a token
_SCHEME = "Bearer "
_PHOTO = re.compile(r"/api/v1/photos/([0-9a-f]{64})")
_REASONS = {200: "200 OK", 201: "201 Created"}

_log = logging.getLogger("django.request")


class Door:
    """A WSGI application in front of Django's."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._headers = [("Content-Type", "application/json"), ("X-Content-Type-Options", "nosniff")]
        if settings.SECURE_HSTS_SECONDS:
            self._headers.append(("Strict-Transport-Security", f"max-age={settings.SECURE_HSTS_SECONDS}"))

    def __call__(self, given: Asked, start_response: Start) -> Iterable[bytes]:
        """Answer an event or a photo; pass on everything else."""
        photo = _photo(given)
        if photo is None:
            return self._application(given, start_response)
        # Once is enough: a connection that broke in the last request is found before this one.
        close_old_connections()
        try:
            status, content = _answer(given, photo)
        except Refusal as refusal:
            return self._long(_refused(WSGIRequest(given), refusal), start_response)
        except Exception:  # noqa: BLE001 - whatever failed inside is logged, and answered in the one shape of errors
            _log.exception("Internal Server Error: %s", given["PATH_INFO"])
            return self._long(errors.broken(WSGIRequest(given)), start_response)
        reason = _REASONS.get(status) or f"{status} Refused"
        start_response(reason, [*self._headers, ("Content-Length", str(len(content)))])
        # A list is sent at once; of anything else Granian makes a stream.
        return [content]

    def _long(self, answer: HttpResponse, start_response: Start) -> Iterable[bytes]:
        headers = [*self._headers, ("Content-Length", str(len(answer.content)))]
        headers += [("Retry-After", answer["Retry-After"])] if "Retry-After" in answer else []
        start_response(f"{answer.status_code} {answer.reason_phrase}", headers)
        return [answer.content]


def _refused(request: WSGIRequest, refusal: Refusal) -> HttpResponse:
    """The answer to what was declined; a token that is not good counts as a guess."""
    try:
        with counted(request, throttle.BAD_TOKEN, "token_unknown"):
            raise refusal
    except Refusal as counted_refusal:
        return errors.respond(request, counted_refusal)


def _photo(given: Asked) -> str | None:
    """Whether this is one of the two: the SHA-256 of a photo, empty for events; None for anything else."""
    if not given.get("HTTP_AUTHORIZATION", "").startswith(_TOKEN):
        return None
    length, path = given.get("CONTENT_LENGTH") or "", given["PATH_INFO"]
    if not length.isdecimal():
        return None
    match given["REQUEST_METHOD"]:
        case "POST" if path == "/api/v1/events" and int(length) <= events.MOST_BYTES:
            return ""
        case "PUT" if int(length) <= LARGEST:
            found = _PHOTO.fullmatch(path)
            return found[1] if found else None
    return None


def _answer(given: Asked, photo: str) -> tuple[int, bytes]:
    at = timezone.now()
    # Whoever comes through here brings something and is told nothing.
    token = given["HTTP_AUTHORIZATION"].removeprefix(_SCHEME).strip()
    actor = directory.resolve_token(token, at=at, to_send=True)
    content = given["wsgi.input"].read(int(given["CONTENT_LENGTH"]))
    with scope.within(actor.tenant):
        if photo:
            return photos.take(actor, sha256=photo, content=content, at=at)
        return events.take(actor, content, at=at, language=lambda: get_language_from_request(WSGIRequest(given)))
