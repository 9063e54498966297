"""Process templates."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from tanghulu.apps.flows import queries
from tanghulu.core import flow
from tanghulu.web import endpoints
from tanghulu.web.api.answers import declined

router = Router(tags=["templates"])


class TemplateOut(Schema):
    """The version of a template that new runs take."""

    template: str
    version: str
    title: dict[str, str]


class TemplatesOut(Schema):
    """All templates."""

    templates: list[TemplateOut]


@router.get("/templates", response={200: TemplatesOut, **declined(403)})
def get_templates(request: HttpRequest) -> TemplatesOut:
    """List the current version of every template."""
    found = queries.current(endpoints.actor_of(request))
    return TemplatesOut(
        templates=[TemplateOut(template=row.template, version=row.version, title=row.title) for row in found]
    )


@router.get("/templates/{version}", response={200: dict[str, Any], **declined(403, 404)})
def get_template(request: HttpRequest, version: str) -> HttpResponse:
    """A version document; it never changes."""
    content = queries.document(endpoints.actor_of(request), version)
    headers = {"Cache-Control": "private, max-age=31536000, immutable"}
    return HttpResponse(content, content_type="application/json", headers=headers)


@router.get("/schemas/template", response={200: dict[str, Any], **declined()}, auth=None)
def get_template_schema(request: HttpRequest) -> dict[str, Any]:
    """The JSON Schema of a version document."""
    return flow.json_schema()
