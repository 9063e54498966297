"""The JSON API: docs/reference/api.md."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from tanghulu.core.errors import Invalid, NotAllowed, Refusal
from tanghulu.web import errors
from tanghulu.web.api import comments, directory, enrolments, events, photos, receipts, runs, templates
from tanghulu.web.api.callers import Session, Token

api = NinjaAPI(
    title="Tanghulu",
    version="1",
    urls_namespace="api",
    auth=[Token(), Session()],
    docs_url=None,
    openapi_url="/openapi.json",
)
for router in (
    events.router,
    photos.router,
    receipts.router,
    runs.router,
    comments.router,
    templates.router,
    directory.router,
    enrolments.router,
):
    api.add_router("", router)


@api.exception_handler(Refusal)
def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    return errors.respond(request, refusal)


@api.exception_handler(AuthenticationError)
def _stranger(request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    answer = errors.respond(request, NotAllowed("sign_in_required"))
    answer.status_code = 401
    return answer


@api.exception_handler(ValidationError)
def _malformed(request: HttpRequest, error: ValidationError) -> HttpResponse:
    first = error.errors[0] if error.errors else {}
    place = ".".join(str(step) for step in first.get("loc", ()))
    return errors.respond(request, Invalid("request_malformed", place=place))


@api.exception_handler(HttpError)
def _unreadable(request: HttpRequest, _error: HttpError) -> HttpResponse:
    return errors.respond(request, Invalid("request_malformed", place="body"))
