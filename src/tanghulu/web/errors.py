"""The one place where a refusal becomes an HTTP status and a sentence in the reader's language."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import get_language_from_request

from tanghulu.core.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal
from tanghulu.web import endpoints
from tanghulu.web.sentences import FALLBACK, SENTENCES

_STATUS: dict[type[Refusal], int] = {Invalid: 422, NotAllowed: 403, NotFound: 404, Conflict: 409}
# HTTP tells "who are you?" apart from "not you".
_STRANGER = frozenset({"sign_in_required", "token_unknown"})
_TOO_MANY = frozenset({"too_many_attempts", "pdf_busy"})


def status_of(refusal: Refusal) -> int:
    """The HTTP status of a refusal: 422, 403, 404 or 409, 401 for somebody who is not known, 429 for too many."""
    if refusal.code in _TOO_MANY:
        return 429
    if refusal.code in _STRANGER:
        return 401
    return next(status for kind, status in _STATUS.items() if isinstance(refusal, kind))


def sentence_of(refusal: Refusal) -> str:
    """What to tell the reader, in the language that is active."""
    # The code is shown too where no sentence fits: better a word to search for than silence.
    text = str(SENTENCES.get(refusal.code, FALLBACK))
    return text % _Values({"code": refusal.code, **refusal.params})


class _Values(dict[str, str | int]):
    """The values of a sentence. One that was not given is a dash: an answer must not fail over its wording."""

    def __missing__(self, name: str) -> str:
        return "—"


def body_of(refusal: Refusal) -> dict[str, Any]:
    """The one error shape of the API: `code`, `message`, `details`."""
    return {"code": refusal.code, "message": sentence_of(refusal), "details": dict(refusal.params)}


def respond(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Answer a refusal: as JSON to the API, as a page to a browser."""
    status = status_of(refusal)
    if endpoints.is_api(request):
        # The language middleware does not run for bearer tokens, so the language is asked for here.
        with translation.override(get_language_from_request(request)):
            answer: HttpResponse = JsonResponse(body_of(refusal), status=status)
    else:
        context = {"status": status, "message": sentence_of(refusal)}
        answer = render(request, "errors/refusal.html", context, status=status)
    if refusal.code in _TOO_MANY:
        answer["Retry-After"] = str(refusal.params["seconds"])
    return answer


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that did not come from our own page, or came too late."""
    del reason  # it is for developers, and says nothing to a reader
    return respond(request, NotAllowed("form_expired"))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer an address that leads nowhere."""
    del exception
    return respond(request, NotFound("page_not_found"))


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer what Django itself does not allow."""
    del exception
    return respond(request, NotAllowed("not_allowed"))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer what cannot be read as a request."""
    del exception
    answer = respond(request, Invalid("request_malformed"))
    answer.status_code = 400
    return answer


def not_here(request: HttpRequest, allowed: str) -> HttpResponse:
    """Answer a method that the API does not have at an address that it has."""
    answer = respond(request, NotAllowed("method_not_allowed"))
    answer.status_code = 405
    answer["Allow"] = allowed
    return answer


def broken(request: HttpRequest) -> HttpResponse:
    """Answer when something failed inside. It uses no template, since a template may be what failed."""
    with translation.override(get_language_from_request(request)):
        body = {"code": "server_error", "message": str(SENTENCES["server_error"]), "details": {}}
    if endpoints.is_api(request):
        return JsonResponse(body, status=500)
    return HttpResponse(str(body["message"]), status=500, content_type="text/plain; charset=utf-8")
