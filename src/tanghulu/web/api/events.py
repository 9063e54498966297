"""Events come in."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import get_language_from_request
from ninja import Router, Schema

from tanghulu.apps.jobs import actions
from tanghulu.core.access import Actor
from tanghulu.core.errors import Invalid
from tanghulu.web import endpoints, errors
from tanghulu.web.api.answers import EnvelopeOut, RefusalOut, declined

router = Router(tags=["events"])

MOST_EVENTS = 100
MOST_BYTES = 4 * 1024 * 1024

_BODY = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["events"],
                "properties": {
                    "events": {
                        "type": "array",
                        "minItems": 1,
                        "maxItems": MOST_EVENTS,
                        "items": {
                            "type": "object",
                            "required": ["envelope"],
                            "properties": {
                                "envelope": {"type": "object"},
                                "openings": {"type": "array", "items": {"type": "object"}},
                            },
                        },
                    }
                },
            }
        }
    },
}


class AdmittedOut(Schema):
    """An event that is in the log, now (201) or already (200), with the server's signed word for it."""

    status: int
    admission: EnvelopeOut


class DeclinedOut(Schema):
    """An event that was declined."""

    status: int
    error: RefusalOut


class ResultsOut(Schema):
    """The results of several events, in the order given."""

    results: list[AdmittedOut | DeclinedOut]


# Of a single event the status is its own; the whole request may be declined as well.
_ANSWERS = {
    **declined(),
    200: ResultsOut | AdmittedOut,
    201: AdmittedOut,
    403: DeclinedOut | RefusalOut,
    404: DeclinedOut,
    409: DeclinedOut,
    422: DeclinedOut | RefusalOut,
}


@router.post("/events", openapi_extra={"requestBody": _BODY}, response=_ANSWERS)
def post_events(request: HttpRequest) -> HttpResponse:
    """Admit one or many events, each with the openings of its commitments. Each stands alone."""
    actor = endpoints.actor_of(request)
    status, content = take(actor, request.body, at=timezone.now(), language=lambda: get_language_from_request(request))
    return HttpResponse(content, status=status, content_type="application/json")


def take(actor: Actor, body: bytes, *, at: datetime, language: Callable[[], str]) -> tuple[int, bytes]:
    """Admit the events of a request's body: the status and the JSON of the answer.

    `language` is asked only when something has to be put into words. Raises Invalid `request_malformed` or
    `request_too_large`.
    """
    outcomes = actions.receive(actor, submissions=_submissions(body), at=at)
    if any(outcome.refusal for outcome in outcomes):
        with translation.override(language()):
            results = [_result(outcome) for outcome in outcomes]
    else:
        results = [_result(outcome) for outcome in outcomes]
    if len(results) == 1:
        return results[0]
    return 200, b'{"results":[%b]}' % b",".join(content for _, content in results)


def _submissions(body: bytes) -> list[actions.Submission]:
    if len(body) > MOST_BYTES:
        raise Invalid("request_too_large", size=len(body), limit=MOST_BYTES)
    try:
        events = json.loads(body)["events"]
        found = [actions.Submission(envelope=event["envelope"], openings=event.get("openings", [])) for event in events]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Invalid("request_malformed", place="events") from error
    if not 1 <= len(found) <= MOST_EVENTS:
        raise Invalid("request_malformed", place="events")
    return found


def _result(outcome: actions.Outcome) -> tuple[int, bytes]:
    if outcome.refusal is not None:
        status = errors.status_of(outcome.refusal)
        value = {"status": status, "error": errors.body_of(outcome.refusal)}
        return status, json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    status = 201 if outcome.is_new else 200
    # The admission is JSON already, in the very bytes that were signed and kept.
    return status, b'{"status":%d,"admission":%b}' % (status, outcome.admission)
