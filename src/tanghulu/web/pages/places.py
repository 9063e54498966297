"""Places: a tree, with a form to add a branch."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tanghulu.apps.directory import actions, queries
from tanghulu.core.access import Actor, Permission
from tanghulu.web.endpoints import page
from tanghulu.web.forms import BranchForm, carried_out


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.DIRECTORY_PLACE_READ)
def places(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The places; posted, one is added."""
    rows = queries.places(actor)
    form = BranchForm(request.POST if request.method == "POST" else None, rows=rows)
    if request.method == "POST" and carried_out(form, lambda: actions.add_place(actor, **form.cleaned_data)):
        messages.success(request, _("%(name)s has been added.") % {"name": form.cleaned_data["name"]})
        return redirect("places")
    context = {
        "title": _("Places"),
        "rows": rows,
        "form": form if actor.may(Permission.DIRECTORY_PLACE_WRITE) else None,
        "form_title": _("Add a place"),
        "empty": _("No places yet."),
    }
    return render(request, "directory/tree.html", context, status=422 if form.is_bound else 200)
