"""Parts of pages that renew themselves: they ask with the stamp of what they show, and are told when nothing is new.

The other half is `frontend/src/controllers/live_controller.ts`. A template `x.html` includes its living part
`x_live.html`, whose outermost element carries the stamp. What many see alike is made once for all of them; and a
browser that asks again and again is known by its own question, see `tanghulu.web.polls`.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.template.loader import render_to_string

_MOST = 64
_kept: OrderedDict[str, str] = OrderedDict()
_lock = threading.Lock()


def stamp_of(*parts: object) -> str:
    """A short text that changes when one of the parts does."""
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:24]


def unchanged(request: HttpRequest, stamp: str) -> HttpResponse | None:
    """The answer that nothing is new, for a part that shows what has this stamp; else None."""
    shown = request.headers.get("If-None-Match")
    return HttpResponseNotModified() if is_part(request) and shown == f'"{stamp}"' else None


def renewable(request: HttpRequest, template: str, context: Mapping[str, object], *, stamp: str) -> HttpResponse:
    """The whole page `template`.html to a reader, its living part to the page itself."""
    name = f"{template}_live.html" if is_part(request) else f"{template}.html"
    return _fresh(render(request, name, {**context, "stamp": stamp}), stamp)


def shared(
    request: HttpRequest,
    template: str,
    *,
    stamp: str,
    live: Callable[[], Mapping[str, object]],
    around: Callable[[], Mapping[str, object]],
) -> HttpResponse:
    """As `renewable`, for a living part that everybody with this stamp sees alike: it is made once.

    `live` gives what the living part shows; it knows nothing of the request. The page shows it as `{{ live }}`, among
    what `around` gives. The stamp must name the company and whatever else makes a difference.
    """
    html = _kept.get(stamp)
    if html is None:
        html = render_to_string(f"{template}_live.html", {**live(), "stamp": stamp})
        _keep(stamp, html)
    if is_part(request):
        return _fresh(HttpResponse(html), stamp)
    return _fresh(render(request, f"{template}.html", {**around(), "live": html}), stamp)


def _keep(stamp: str, html: str) -> None:
    with _lock:
        _kept[stamp] = html
        while len(_kept) > _MOST:
            _kept.popitem(last=False)


def _fresh(response: HttpResponse, stamp: str) -> HttpResponse:
    # Never from a cache: what is shown of a job that is going on must be of now, or say that it is not.
    response["Cache-Control"] = "private, no-store"
    response["ETag"] = f'"{stamp}"'
    response["Vary"] = "HX-Request, Cookie, Accept-Language"
    return response


def is_part(request: HttpRequest) -> bool:
    """Say whether the living part of a page asks for itself."""
    headers = request.headers
    return headers.get("HX-Request") == "true" and headers.get("HX-History-Restore-Request") != "true"
