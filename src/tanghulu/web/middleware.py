"""The middlewares of the pages, and the two that every request passes.

A request that brings a bearer token to the API passes by those of the pages: it has no session, no form and no
language but the one it asks for, and it is the phone waiting at the other end.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from csp.middleware import CSPMiddleware
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponseForbidden
from django.http.response import HttpResponseBase
from django.middleware.common import CommonMiddleware
from django.middleware.csrf import CsrfViewMiddleware
from django.middleware.locale import LocaleMiddleware
from django.utils import timezone
from django.utils.deprecation import MiddlewareMixin
from django_htmx.middleware import HtmxMiddleware

from tanghulu.apps.directory import sessions
from tanghulu.core.errors import Refusal
from tanghulu.web import endpoints, errors, polls
from tanghulu.web.origin import origin_of

# Pages renew themselves; noting each time would be a write for each.
SEEN_EVERY = timedelta(minutes=5)
_NO_SUCH_METHOD = 405
_SEEN = "seen"  # the key in the session: seconds since 1970

_Handler = Callable[[HttpRequest], HttpResponseBase]


class _ForPages(MiddlewareMixin):
    """Put before one of Django's middlewares: it stands aside for requests with a bearer token."""

    def __call__(self, request: HttpRequest) -> Any:  # noqa: ANN401 - as Django declares it
        if endpoints.brings_token(request):
            return self.get_response(request)
        return super().__call__(request)


class Sessions(_ForPages, SessionMiddleware):
    """Signed-in browsers."""


class Language(_ForPages, LocaleMiddleware):
    """The reader's language: the cookie of the switch, then what the browser asks for, then Chinese."""


class Tidy(_ForPages, CommonMiddleware):
    """Hosts that are ours, slashes at the end, lengths of answers."""


class Csrf(_ForPages, CsrfViewMiddleware):
    """Forms come from our own pages."""

    def process_view(
        self,
        request: HttpRequest,
        callback: Callable[..., HttpResponseBase],
        callback_args: tuple[object, ...],
        callback_kwargs: dict[str, object],
    ) -> HttpResponseForbidden | None:
        """Refuse a form of a stranger's page; a bearer token is proof enough."""
        if endpoints.brings_token(request):
            return None
        return super().process_view(request, callback, callback_args, callback_kwargs)


class Accounts(_ForPages, AuthenticationMiddleware):
    """Who is signed in."""


class Presence:
    """Note when and from where a signed-in browser was last seen, every few minutes."""

    def __init__(self, get_response: _Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Note it and pass the request on."""
        if not endpoints.brings_token(request) and request.user.is_authenticated:
            at = timezone.now()
            if at.timestamp() - request.session.get(_SEEN, 0) >= SEEN_EVERY.total_seconds():
                request.session[_SEEN] = int(at.timestamp())
                if request.session.session_key:
                    key = request.session.session_key
                    sessions.note_seen(request.user.pk, key=key, origin=origin_of(request), at=at)
        return self.get_response(request)


class Messages(_ForPages, MessageMiddleware):
    """One-time notes on the next page."""


class Readable:
    """Refuse an address or a form with a character in it that no database takes for text."""

    def __init__(self, get_response: _Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Such a path leads nowhere, and such a question or form cannot be read; pass on every other."""
        if "\0" in request.path:
            return errors.not_found(request)
        if "%00" in request.META.get("QUERY_STRING", "") or _has_zero(request):
            return errors.bad_request(request)
        return self.get_response(request)


def _has_zero(request: HttpRequest) -> bool:
    """Whether a form holds it. What is no plain form, such as an event or a file, is read where it belongs."""
    is_form = request.method == "POST" and request.content_type == "application/x-www-form-urlencoded"
    return is_form and (b"%00" in request.body or b"\0" in request.body)


class Htmx(HtmxMiddleware):
    """Whether a part of a page is asked for. It only puts a note on the request, so it need not stand aside."""


class Policy(_ForPages, CSPMiddleware):
    """What a page may load: only what is ours."""


class Polls:
    """Answer a living part that asks again, and has seen all there is, before anything else is looked up."""

    def __init__(self, get_response: _Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on whatever might be news."""
        return polls.nothing_new(request, at=timezone.now()) or self.get_response(request)


class ApiScope:
    """Resolve who calls the API, by token or session, and work inside that tenant until the answer is made."""

    def __init__(self, get_response: _Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Enter the caller's tenant; a call without a caller goes on without one."""
        if not endpoints.is_api(request):
            return self.get_response(request)
        try:
            answer = endpoints.answer_in_scope(request, self.get_response)
        except Refusal as refusal:
            # A token that is not good is found here, before any handler whose refusals Django would pass on.
            return errors.respond(request, refusal)
        return errors.not_here(request, answer["Allow"]) if answer.status_code == _NO_SUCH_METHOD else answer


class Refusals:
    """Turn a refusal that a page raised into its answer."""

    def __init__(self, get_response: _Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """Answer a refusal; leave everything else to Django."""
        return errors.respond(request, exception) if isinstance(exception, Refusal) else None
