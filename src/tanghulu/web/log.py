"""The log's files, read-only, for auditors and witnesses; to anybody else they are not there."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from tanghulu.apps.directory import actions as directory
from tanghulu.apps.evidence import queries
from tanghulu.apps.tenancy import scope
from tanghulu.core.access import Actor
from tanghulu.core.errors import NotAllowed, NotFound
from tanghulu.web import endpoints

_SCHEME = "Bearer "
_FOR_EVER = "private, max-age=31536000, immutable"


def checkpoint(request: HttpRequest, tenant: str) -> HttpResponse:
    """The newest checkpoint."""
    actor = _reader(request, tenant)
    with scope.within(tenant):
        content = queries.note(actor)
    return HttpResponse(content, content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-cache"})


def tile(request: HttpRequest, tenant: str, path: str) -> HttpResponse:
    """A tile or an entry bundle."""
    actor = _reader(request, tenant)
    with scope.within(tenant):
        content = queries.file_of(actor, f"tile/{path}")
    headers = {"Cache-Control": _FOR_EVER}
    return HttpResponse(content, content_type="application/octet-stream", headers=headers)


def _reader(request: HttpRequest, tenant: str) -> Actor:
    """Whoever asks, if they belong to the tenant: by token or by session."""
    header = request.META.get("HTTP_AUTHORIZATION", "")
    if header.startswith(_SCHEME):
        actor = _bearer(header.removeprefix(_SCHEME).strip())
    else:
        actor = endpoints.session_actor(request)
    if actor is None or actor.tenant != tenant:
        raise NotFound("log_file_not_found")
    return actor


def _bearer(token: str) -> Actor | None:
    try:
        return directory.resolve_token(token, at=timezone.now())
    except NotAllowed:
        return None
