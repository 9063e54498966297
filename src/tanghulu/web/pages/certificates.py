"""Everybody's certificates, the one that ends first first."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tanghulu.apps.directory import queries
from tanghulu.core.access import Actor, Permission
from tanghulu.web.endpoints import page

SOON = timedelta(days=60)


@require_safe
@page(Permission.DIRECTORY_MEMBER_READ)
def certificates(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The list, with what has expired or soon will marked."""
    today = timezone.localdate()
    context = {"held": queries.certificates(actor), "today": today, "soon": today + SOON}
    return render(request, "directory/certificates.html", context)
