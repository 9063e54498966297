"""Events come in."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import get_language_from_request
from ninja import Router

from tanghulu.apps.jobs import actions
from tanghulu.core.errors import Invalid
from tanghulu.web import endpoints, errors

router = Router(tags=["events"])

MOST_EVENTS = 100
_MOST_BYTES = 4 * 1024 * 1024

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


@router.post("/events", openapi_extra={"requestBody": _BODY}, response={200: dict[str, Any], 201: dict[str, Any]})
def post_events(request: HttpRequest) -> HttpResponse:
    """Admit one or many events, each with the openings of its commitments. Each stands alone."""
    actor = endpoints.actor_of(request)
    outcomes = actions.receive(actor, submissions=_submissions(request.body), at=timezone.now())
    with translation.override(get_language_from_request(request)):
        results = [_result(outcome) for outcome in outcomes]
    if len(results) == 1:
        return _answer(results[0], status=int(results[0]["status"]))
    return _answer({"results": results}, status=200)


def _submissions(body: bytes) -> list[actions.Submission]:
    if len(body) > _MOST_BYTES:
        raise Invalid("request_too_large", size=len(body), limit=_MOST_BYTES)
    try:
        events = json.loads(body)["events"]
        found = [actions.Submission(envelope=event["envelope"], openings=event.get("openings", [])) for event in events]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Invalid("request_malformed", place="events") from error
    if not 1 <= len(found) <= MOST_EVENTS:
        raise Invalid("request_malformed", place="events")
    return found


def _result(outcome: actions.Outcome) -> dict[str, Any]:
    if outcome.refusal is not None:
        return {"status": errors.status_of(outcome.refusal), "error": errors.body_of(outcome.refusal)}
    return {"status": 201 if outcome.is_new else 200, "admission": json.loads(outcome.admission)}


def _answer(value: dict[str, Any], *, status: int) -> HttpResponse:
    content = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return HttpResponse(content, status=status, content_type="application/json")
