"""How the server is: a page for its administrator, and one word for programs that watch over it."""

from __future__ import annotations

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tanghulu.apps.tenancy import queries
from tanghulu.core import vitals
from tanghulu.core.access import Actor, Permission
from tanghulu.gateways.disk import DataDisk
from tanghulu.web.components import status as lines
from tanghulu.web.endpoints import page


@require_safe
@page(Permission.SERVER_STATUS_READ)
def status(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Worker, queue, log, disk, clock, backup, certificate and version, each with what to do."""
    now = timezone.now()
    found = lines.measured(actor, at=now, disk=DataDisk())
    context = {
        "lines": [*(lines.told(line) for line in found), lines.version_line()],
        "worst": vitals.worst(found),
        "now": now,
    }
    return render(request, "status/status.html", context)


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that this process answers and has its database: 200, else 503. It knows nobody and tells nothing else."""
    try:
        queries.database_answers()
    except DatabaseError:
        return JsonResponse({"status": "database_unreachable"}, status=503)
    return JsonResponse({"status": "ok"})
