"""Receipts: the proof that an event is in the log."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Router

from tanghulu.apps.evidence import queries
from tanghulu.web import endpoints
from tanghulu.web.api.answers import declined, file_of

router = Router(tags=["events"])


@router.get(
    "/events/{device}/{dseq}/receipt",
    openapi_extra=file_of("text/plain"),
    response={200: None, **declined(404, 409, 422)},
)
def get_receipt(request: HttpRequest, device: str, dseq: int) -> HttpResponse:
    """A C2SP tlog-proof of the event, under the newest checkpoint."""
    endpoints.actor_of(request)
    return HttpResponse(queries.receipt(device, dseq), content_type="text/plain; charset=utf-8")
