"""The way in: home, the choice of a company, the language."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from tanghulu.apps.directory import queries
from tanghulu.core.access import Actor, Permission
from tanghulu.core.errors import NotFound
from tanghulu.web.components.setup import can_begin
from tanghulu.web.endpoints import TENANT, page


@require_safe
@page()
def home(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Go to where the work is; an administrator whose company cannot begin a job yet goes on setting it up."""
    return redirect("setup" if actor.may(Permission.DIRECTORY_MEMBER_WRITE) and not can_begin(actor) else "jobs")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def companies(request: HttpRequest) -> HttpResponse:
    """Choose one of the companies that the account belongs to."""
    seats = queries.seats_of(request.user.pk)
    if request.method == "POST":
        chosen = request.POST.get("company", "")
        if chosen not in {seat.actor.tenant for seat in seats}:
            raise NotFound("tenant_not_found")
        request.session[TENANT] = chosen
        return redirect("home")
    return render(request, "account/companies.html", {"seats": seats})
