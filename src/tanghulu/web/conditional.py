"""Answers that are not sent again while nothing has changed."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.http import parse_etags, quote_etag


def unless_known(request: HttpRequest, stamp: str, answer: Callable[[], HttpResponse]) -> HttpResponse:
    """304 when the reader holds the answer with this stamp already; else the answer, made only now, with its ETag."""
    etag = quote_etag(stamp)
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        return HttpResponse(status=304, headers={"ETag": etag})
    made = answer()
    made["ETag"] = etag
    made["Cache-Control"] = "private, no-cache"
    return made
