"""Where authentication ends: a handler receives an actor, inside the actor's tenant."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import redirect, resolve_url
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone, translation

from tanghulu.apps.directory import actions, queries, second_factors, throttle
from tanghulu.apps.tenancy import scope
from tanghulu.core.access import Actor, Permission
from tanghulu.core.errors import NotAllowed
from tanghulu.web.limits import counted

P = ParamSpec("P")

API = "/api/"
TENANT = "tenant"  # the key of the chosen company in the session
FACTOR = "factor"  # the key of the company whose rule for second factors the session has been found to fit
_SCHEME = "Bearer "
_TICKET = "tgt_"  # how tickets of devices that wait begin; the one address that they open reads them itself
# What a device whose key was revoked may still do: bring what it signed. It is told nothing but that it came.
_SENDING = re.compile(r"POST /api/v1/events|PUT /api/v1/(?:photos|openings)/[0-9a-f]{64}")
_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


def is_api(request: HttpRequest) -> bool:
    """Say whether the request is for the API."""
    return request.path_info.startswith(API)


def brings_token(request: HttpRequest) -> bool:
    """Say whether the request brings a bearer token to the API, and therefore needs no session."""
    return is_api(request) and request.META.get("HTTP_AUTHORIZATION", "").startswith(_SCHEME)


def page(
    permission: Permission | None = None,
) -> Callable[[Callable[Concatenate[HttpRequest, Actor, P], HttpResponse]], Callable[..., HttpResponseBase]]:
    """Make a handler `(request, actor, ...)` a page: for people who are signed in and, when given, have the permission.

    A stranger is sent to sign-in, a member of several companies who has not chosen yet to the choice. The handler
    must make its whole answer: a stream would be read outside the tenant.
    """

    def decorate(
        handler: Callable[Concatenate[HttpRequest, Actor, P], HttpResponse],
    ) -> Callable[..., HttpResponseBase]:
        @wraps(handler)
        def wrapped(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _to_sign_in(request)
            seat = _seat(request)
            if seat is None:
                return redirect("companies")
            if _factor_missing(request, seat):
                return _lead(request, f"{reverse('mfa_index')}?needed=1")
            _speak(request, seat)
            with scope.within(seat.actor.tenant), timezone.override(ZoneInfo(seat.time_zone)):
                request.seat = seat  # type: ignore[attr-defined] # the frame of the page reads it
                if permission is not None:
                    seat.actor.require(permission)
                return handler(request, seat.actor, *args, **kwargs)

        return wrapped

    return decorate


def framed(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Show a page of the sign-in library in the frame of our own, to somebody who is signed in."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        seat = _seat(request) if request.user.is_authenticated else None
        if seat is None or _factor_missing(request, seat):
            return view(request, *args, **kwargs)
        _speak(request, seat)
        request.seat = seat  # type: ignore[attr-defined] # the frame of the page reads it
        answer = view(request, *args, **kwargs)
        # The library leaves the page to be made later; the reader's time zone holds only here.
        with timezone.override(ZoneInfo(seat.time_zone)):
            return answer.render() if isinstance(answer, TemplateResponse) else answer

    return wrapped


def _speak(request: HttpRequest, seat: queries.Seat) -> None:
    """Take the language that the person is known to read, unless another was chosen by the switch in this browser."""
    if seat.language and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        # Not only around the handler: what it refuses is put into words after it.
        translation.activate(seat.language)


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send a stranger to sign-in; a part of a page, fetched after the session ended, takes the whole page there."""
    if "HX-Request" not in request.headers:
        return redirect_to_login(request.get_full_path())
    return _lead(request, resolve_url(settings.LOGIN_URL))


def _lead(request: HttpRequest, address: str) -> HttpResponse:
    """Lead to another page, the whole page even when only a part of one was asked for."""
    if "HX-Request" not in request.headers:
        return redirect(address)
    return HttpResponse(status=204, headers={"HX-Redirect": address})


def _seat(request: HttpRequest) -> queries.Seat | None:
    """Who the signed-in person is in the company of the session, or in their only one."""
    seats = queries.seats_of(request.user.pk)
    chosen = request.session.get(TENANT)
    if chosen is None and len(seats) == 1:
        return seats[0]
    return next((seat for seat in seats if seat.actor.tenant == chosen), None)


def _factor_missing(request: HttpRequest, seat: queries.Seat) -> bool:
    """Say whether the company asks for a second factor that the account has not; asked once for each session."""
    if request.session.get(FACTOR) == seat.actor.tenant:
        return False
    with scope.within(seat.actor.tenant):
        missing = second_factors.is_missing(seat.actor, account=account_of(request))
    if not missing:
        request.session[FACTOR] = seat.actor.tenant
    return missing


def account_of(request: HttpRequest) -> int:
    """The account that is signed in, for what belongs to it in every company. Raises NotAllowed `sign_in_required`."""
    account = request.user.pk
    if account is None:
        raise NotAllowed("sign_in_required")
    return account


def session_actor(request: HttpRequest) -> Actor | None:
    """The signed-in person in the company of the session; None where there is none, or none is chosen."""
    if not request.user.is_authenticated:
        return None
    seat = _seat(request)
    return seat.actor if seat is not None and not _factor_missing(request, seat) else None


def answer_in_scope(request: HttpRequest, answer: Callable[[HttpRequest], HttpResponseBase]) -> HttpResponseBase:
    """Answer an API request inside the caller's tenant, with the caller in `request.actor`, or without one."""
    caller = _caller(request)
    request.actor = caller  # type: ignore[attr-defined] # read by actor_of and signed_in only
    if caller is None:
        return answer(request)
    with scope.within(caller.tenant):
        return answer(request)


def _caller(request: HttpRequest) -> Actor | None:
    if brings_token(request):
        text = request.META["HTTP_AUTHORIZATION"].removeprefix(_SCHEME).strip()
        if text.startswith(_TICKET):
            return None
        with counted(request, throttle.BAD_TOKEN, "token_unknown"):
            to_send = _SENDING.fullmatch(f"{request.method} {request.path_info}") is not None
            return actions.resolve_token(text, at=timezone.now(), to_send=to_send)
    return session_actor(request)


def signed_in(request: HttpRequest) -> Actor | None:
    """Authenticate a call for `api/callers.py`: the caller, or None, which is answered with 401.

    A call by session that changes something must bring the CSRF token, as a form does.
    """
    caller: Actor | None = getattr(request, "actor", None)
    if caller is not None and not brings_token(request) and request.method not in _SAFE:
        _check_form(request)
    return caller


def _check_form(request: HttpRequest) -> None:
    guard = CsrfViewMiddleware(_nothing)
    guard.process_request(request)
    if guard.process_view(request, _nothing, (), {}) is not None:
        raise NotAllowed("form_expired")


def _nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def actor_of(request: HttpRequest) -> Actor:
    """The caller of an API operation that requires one."""
    caller: Actor | None = getattr(request, "actor", None)
    if caller is None:
        raise NotAllowed("sign_in_required")
    return caller
