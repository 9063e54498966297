"""Equipment: the list, and a sheet of QR codes to print and stick on."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tanghulu.apps.directory import actions, queries
from tanghulu.core.access import Actor, Permission
from tanghulu.web.drawing import drawn
from tanghulu.web.endpoints import page
from tanghulu.web.forms import EquipmentForm, carried_out


@dataclass(frozen=True, slots=True)
class Label:
    """What is stuck on a machine."""

    row: queries.EquipmentRow
    drawing: SafeString


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.DIRECTORY_EQUIPMENT_READ)
def equipment(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The list; posted, a piece is added."""
    form = EquipmentForm(request.POST if request.method == "POST" else None, rows=queries.places(actor))
    if request.method == "POST" and carried_out(form, lambda: actions.add_equipment(actor, **form.cleaned_data)):
        messages.success(request, _("%(name)s has been added.") % {"name": form.cleaned_data["name"]})
        return redirect("equipment")
    context = {
        "rows": queries.equipment(actor),
        "form": form if actor.may(Permission.DIRECTORY_EQUIPMENT_WRITE) else None,
    }
    return render(request, "directory/equipment.html", context, status=422 if form.is_bound else 200)


@require_safe
@page(Permission.DIRECTORY_EQUIPMENT_READ)
def codes(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The sheet of QR codes, of all equipment or of the one that `?ref=` names."""
    ref = request.GET.get("ref")
    rows = [queries.equipment_by_ref(actor, ref=ref)] if ref else queries.equipment(actor)
    labels = [Label(row, drawn(row.code)) for row in rows]
    return render(request, "directory/codes.html", {"labels": labels})
