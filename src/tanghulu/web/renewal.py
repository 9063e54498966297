"""Parts of pages that renew themselves: they ask with the stamp of what they show, and are told when nothing is new.

The other half is `frontend/src/controllers/live_controller.ts`. A template `x.html` includes its living part
`x_live.html`, whose outermost element carries the stamp.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render


def stamp_of(*parts: object) -> str:
    """A short text that changes when one of the parts does."""
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:24]


def unchanged(request: HttpRequest, stamp: str) -> HttpResponse | None:
    """The answer that nothing is new, for a part that shows what has this stamp; else None."""
    shown = request.headers.get("If-None-Match")
    return HttpResponseNotModified() if _is_part(request) and shown == f'"{stamp}"' else None


def renewable(request: HttpRequest, template: str, context: Mapping[str, object], *, stamp: str) -> HttpResponse:
    """The whole page `template`.html to a reader, its living part to the page itself."""
    name = f"{template}_live.html" if _is_part(request) else f"{template}.html"
    response = render(request, name, {**context, "stamp": stamp})
    # Never from a cache: what is shown of a job that is going on must be of now, or say that it is not.
    response["Cache-Control"] = "private, no-store"
    response["ETag"] = f'"{stamp}"'
    response["Vary"] = "HX-Request, Cookie, Accept-Language"
    return response


def _is_part(request: HttpRequest) -> bool:
    headers = request.headers
    return headers.get("HX-Request") == "true" and headers.get("HX-History-Restore-Request") != "true"
