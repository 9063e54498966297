"""People from a list: chosen, looked at, and only then written."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tanghulu.apps.directory import actions
from tanghulu.apps.directory.roster import Plan, plan_people
from tanghulu.core.access import Actor, Permission
from tanghulu.core.errors import Conflict, Invalid
from tanghulu.core.table.roster import Column, bad_rows
from tanghulu.core.table.sheet import Row, written
from tanghulu.web import sheets
from tanghulu.web.components import roster
from tanghulu.web.endpoints import page
from tanghulu.web.errors import sentence_of
from tanghulu.web.sheets import ListForm


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.DIRECTORY_MEMBER_WRITE)
def import_people(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Choose a file; posted, what it would do is shown. Nothing is written."""
    form = ListForm(request.POST, request.FILES) if request.method == "POST" else ListForm()
    if form.is_bound and form.is_valid():
        return _answered(request, form, lambda: _shown(request, actor, sheets.rows_in(form)))
    return _asked(request, form)


@require_POST
@page(Permission.DIRECTORY_MEMBER_WRITE)
def apply(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Write what was looked at. Rows that are not good are shown again, to be mended."""
    return _answered(request, ListForm(), lambda: _applied(request, actor, sheets.brought(request)))


@require_POST
@page(Permission.DIRECTORY_MEMBER_WRITE)
def problems(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The rows that are not good, each with what to mend, as a file that can be mended and read again."""
    return _answered(request, ListForm(), lambda: _problems(actor, sheets.brought(request)))


@require_safe
@page(Permission.DIRECTORY_MEMBER_WRITE)
def blank(request: HttpRequest, actor: Actor) -> HttpResponse:
    """An empty list to fill in."""
    del request, actor
    return sheets.file(roster.blank(), "people.xlsx", sheets.XLSX)


def _problems(actor: Actor, rows: list[Row]) -> HttpResponse:
    plan = plan_people(actor, roster=roster.read(rows))
    told = roster.reasons(plan.problems)
    header = str(roster.COLUMNS[Column.PROBLEM])
    return sheets.file(written(bad_rows(rows, told, header=header)), "people-to-mend.csv", sheets.CSV)


def _applied(request: HttpRequest, actor: Actor, rows: list[Row]) -> HttpResponse:
    try:
        plan = actions.import_people(
            actor, roster=roster.read(rows), digest=request.POST.get("digest", ""), at=timezone.now()
        )
    except Conflict as refusal:
        messages.error(request, sentence_of(refusal))
        return _shown(request, actor, rows, status=409)
    messages.success(request, _done(plan))
    return _shown(request, actor, rows) if plan.problems else redirect("people")


def _done(plan: Plan) -> str:
    added, changed = len(plan.added), len(plan.changed)
    return " ".join(
        [
            ngettext("%(count)s person added.", "%(count)s people added.", added) % {"count": added},
            ngettext("%(count)s person changed.", "%(count)s people changed.", changed) % {"count": changed},
        ]
    )


def _answered(request: HttpRequest, form: ListForm, answer: Callable[[], HttpResponse]) -> HttpResponse:
    """The answer; where the file as a whole is refused, the question for one, with the reason."""
    try:
        return answer()
    except Invalid as refusal:
        return _asked(request, form, refused=sentence_of(_named(refusal)))


def _named(refusal: Invalid) -> Invalid:
    """A refusal that speaks of a column by its name in the reader's language."""
    if "column" not in refusal.params:
        return refusal
    column = str(roster.COLUMNS[Column(str(refusal.params["column"]))])
    return Invalid(refusal.code, **{**refusal.params, "column": column})


def _asked(request: HttpRequest, form: ListForm, *, refused: str = "") -> HttpResponse:
    context = {"form": form, "refused": refused, "columns": roster.guide()}
    status = 422 if refused or form.is_bound else 200
    return render(request, "directory/import_people.html", context, status=status)


def _shown(request: HttpRequest, actor: Actor, rows: list[Row], *, status: int = 200) -> HttpResponse:
    found = roster.read(rows)
    plan = plan_people(actor, roster=found)
    context = {
        "plan": plan,
        "todo": len(plan.added) + len(plan.changed),
        "bad": len({problem.line for problem in plan.problems}),
        "added": roster.lines(plan.added),
        "changed": roster.lines(plan.changed),
        "problems": roster.problems(plan),
        "units": [" / ".join(path) for path in plan.units],
        "unread": roster.unread(rows, found),
        "shown": roster.SHOWN,
        "rows": sheets.carried(rows),
    }
    return render(request, "directory/import_preview.html", context, status=status)
