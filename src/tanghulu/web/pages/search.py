"""Search: one box for people, equipment, places, dates and what was said in a job."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tanghulu.apps.jobs import search as index
from tanghulu.core.access import Actor, Permission
from tanghulu.web import reader
from tanghulu.web.components.search import build_found
from tanghulu.web.endpoints import page

_LONGEST = 200


@require_safe
@page(Permission.JOBS_RUN_READ)
def search(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What fits the words of `?q=`."""
    now, language = timezone.now(), reader.language()
    text = request.GET.get("q", "").strip()[:_LONGEST]
    found = index.search(actor, text=text, zone=reader.zone())
    view = build_found(actor, found, language=language, now=now)
    return render(request, "search/search.html", {"text": text, "view": view})
