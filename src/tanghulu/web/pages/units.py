"""Org units: the tree, and one of them with its people, where it is renamed and moved and they are."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from tanghulu.apps.directory import actions, queries
from tanghulu.apps.directory import units as looked_up
from tanghulu.apps.directory.trees import TreeRow
from tanghulu.core.access import Actor, Permission
from tanghulu.core.errors import NotFound
from tanghulu.web.endpoints import page
from tanghulu.web.forms import BranchForm, carried_out, tree_choices

NONE = 0  # in addresses: those who are in no unit


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.DIRECTORY_UNIT_READ)
def units(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The org units with how many people are in each; posted, one is added."""
    rows = queries.units(actor)
    form = BranchForm(request.POST if request.method == "POST" else None, rows=rows)
    if request.method == "POST" and carried_out(form, lambda: actions.add_unit(actor, **form.cleaned_data)):
        messages.success(request, _("%(name)s has been added.") % {"name": form.cleaned_data["name"]})
        return redirect("units")
    sizes = looked_up.sizes(actor)
    context = {
        "rows": [(row, sizes.get(row.id, 0)) for row in rows],
        "without": sizes.get(None, 0),
        "form": form if actor.may(Permission.DIRECTORY_UNIT_WRITE) else None,
    }
    return render(request, "directory/units.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.DIRECTORY_UNIT_READ)
def unit(request: HttpRequest, actor: Actor, unit: int) -> HttpResponse:
    """One unit and its people; posted, it is renamed and moved."""
    if request.method != "POST":
        return _shown(request, actor, unit)
    form = BranchForm(request.POST, rows=queries.units(actor))
    if carried_out(form, lambda: actions.change_unit(actor, unit=_real(unit), **form.cleaned_data)):
        messages.success(request, _("Saved."))
        return redirect("unit", unit)
    return _shown(request, actor, unit, form=form)


@require_POST
@page(Permission.DIRECTORY_MEMBER_WRITE)
def move(request: HttpRequest, actor: Actor, unit: int) -> HttpResponse:
    """Move the people who are ticked to another unit."""
    if unit != NONE:
        looked_up.unit(actor, unit=unit)
    target = request.POST.get("unit", "")
    if target and not target.isdecimal():
        raise NotFound("unit_not_found")
    count = actions.move_members(actor, members=request.POST.getlist("member"), unit=int(target) if target else None)
    messages.success(request, ngettext("%(count)s person moved.", "%(count)s people moved.", count) % {"count": count})
    return redirect("unit", unit)


def _real(unit: int) -> int:
    """The id of a unit; raises NotFound `unit_not_found` for the people who are in none."""
    if unit == NONE:
        raise NotFound("unit_not_found")
    return unit


def _shown(request: HttpRequest, actor: Actor, unit: int, *, form: forms.Form | None = None) -> HttpResponse:
    row = looked_up.unit(actor, unit=unit) if unit != NONE else None
    rows = queries.units(actor)
    may_write = actor.may(Permission.DIRECTORY_UNIT_WRITE) and row is not None
    if form is None and may_write:
        form = BranchForm(rows=rows, initial={"name": row.name, "parent": row.parent} if row else None)
    context = {
        "unit": row,
        "number": unit,
        "path": next((one.path for one in rows if row is not None and one.id == row.id), ()),
        "below": [one for one in rows if row is not None and row.id in _above(rows, one)],
        "people": looked_up.people(actor, unit=row.id if row else None),
        "choices": tree_choices(one for one in rows if row is None or one.id != row.id)[1:],
        "form": form if may_write else None,
    }
    status = 422 if form is not None and form.is_bound else 200
    return render(request, "directory/unit.html", context, status=status)


def _above(rows: list[TreeRow], row: TreeRow) -> set[int]:
    """The ids of the units above one."""
    return {one.id for one in rows if one.depth < row.depth and one.path == row.path[: one.depth + 1]}
