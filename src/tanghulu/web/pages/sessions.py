"""The browsers in which one is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tanghulu.apps.directory import sessions as browsers
from tanghulu.core.access import Actor
from tanghulu.web.components.browsers import browser_words, place_words
from tanghulu.web.components.words import duration
from tanghulu.web.endpoints import account_of, page
from tanghulu.web.middleware import SEEN_EVERY
from tanghulu.web.origin import origin_of


@dataclass(frozen=True, slots=True)
class ShownSession:
    """A session in words."""

    row: browsers.SessionRow
    browser: str
    place: str
    seen: str


@require_safe
@page()
def sessions(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The list, this browser first."""
    at = timezone.now()
    rows = browsers.own_sessions(account_of(request), current=request.session.session_key or "", at=at)
    shown = [
        ShownSession(row, browser_words(row.agent), place_words(row.address), _seen(at - row.seen_at)) for row in rows
    ]
    return render(request, "account/sessions.html", {"sessions": shown})


def _seen(ago: timedelta) -> str:
    # What is noted is up to that much older than what happened.
    return _("just now") if ago <= 2 * SEEN_EVERY else _("%(time)s ago") % {"time": duration(ago)}


@require_POST
@page()
def end(request: HttpRequest, actor: Actor, session: int) -> HttpResponse:
    """End one of them."""
    browsers.end_session(account_of(request), session=session, origin=origin_of(request), at=timezone.now())
    messages.success(request, _("Signed out there."))
    return redirect("sessions")


@require_POST
@page()
def end_others(request: HttpRequest, actor: Actor) -> HttpResponse:
    """End all but this one."""
    browsers.end_others(
        account_of(request), keep=request.session.session_key or "", origin=origin_of(request), at=timezone.now()
    )
    messages.success(request, _("Signed out everywhere else."))
    return redirect("sessions")
