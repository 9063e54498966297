"""A mark in the browsers in which a person has signed in before.

It opens nothing. Wrong passwords from a known browser are counted apart, so that whoever guesses elsewhere cannot
keep the person out. (The idea: OWASP, "Slow down online guessing attacks with device cookies".)
"""

from __future__ import annotations

import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase

COOKIE = "known"
_SALT = "tanghulu.known_browser"
_AGE = 400 * 24 * 3600
_MOST = 8  # people at one desk


def mark_of(request: HttpRequest, account: int | None) -> str:
    """The mark that this browser carries for an account, or nothing."""
    return _marks(request).get(str(account), "")


def remember(request: HttpRequest, response: HttpResponseBase, account: int) -> None:
    """Mark the browser as one in which this account has signed in."""
    marks = _marks(request)
    mark = marks.pop(str(account), "") or secrets.token_urlsafe(12)
    newest = [*marks.items(), (str(account), mark)][-_MOST:]
    response.set_cookie(
        COOKIE,
        signing.dumps(dict(newest), salt=_SALT),
        max_age=_AGE,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def _marks(request: HttpRequest) -> dict[str, str]:
    try:
        found = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=_AGE)
    except signing.BadSignature:
        return {}
    return {str(account): str(mark) for account, mark in found.items()}
