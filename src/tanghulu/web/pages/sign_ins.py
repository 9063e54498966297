"""Who came in, and who was refused."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tanghulu.apps.directory import actions, second_factors
from tanghulu.apps.directory import sign_ins as book
from tanghulu.core.access import Actor, Permission
from tanghulu.web.components.browsers import browser_words, place_words
from tanghulu.web.endpoints import page
from tanghulu.web.forms import RolesForm, carried_out
from tanghulu.web.words import REASONS, SIGN_INS, way_words


@dataclass(frozen=True, slots=True)
class ShownRecord:
    """A line in words."""

    row: book.RecordRow
    what: str
    why: str
    way: str
    browser: str
    place: str

    @property
    def is_alarm(self) -> bool:
        """Whether somebody was refused."""
        return self.row.what == book.What.REFUSED


@require_safe
@page(Permission.DIRECTORY_SIGNIN_READ)
def sign_ins(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The book at the door, newest first, by person and by what happened."""
    search, what = (request.GET.get(name, "") for name in ("search", "what"))
    before = request.GET.get("before", "")
    found = book.records(
        actor, search=search, what=what, before=int(before) if re.fullmatch("[0-9]{1,15}", before) else None
    )
    context = {
        "rows": [_shown(row) for row in found.rows],
        "before": found.before,
        "first": not before,
        "search": search,
        "what": what,
        "rule_form": RolesForm(initial={"roles": sorted(second_factors.required_roles(actor))}),
        "whats": [(str(each), SIGN_INS[each]) for each in book.What],
    }
    return render(request, "directory/sign_ins.html", context)


@require_POST
@page(Permission.DIRECTORY_SIGNIN_WRITE)
def rule(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Say which roles need a second factor."""
    form = RolesForm(request.POST)
    if carried_out(
        form, lambda: actions.require_second_factor(actor, roles=form.cleaned_data["roles"], at=timezone.now())
    ):
        messages.success(request, _("Saved. It holds from the next sign-in on."))
    return redirect("sign_ins")


@require_POST
@page(Permission.DIRECTORY_SIGNIN_WRITE)
def reset(request: HttpRequest, actor: Actor, ref: str) -> HttpResponse:
    """Take a person's second factors away, who has lost them."""
    actions.reset_second_factor(actor, member=ref, at=timezone.now())
    messages.success(request, _("The second factor has been reset."))
    return redirect("person", ref)


def _shown(row: book.RecordRow) -> ShownRecord:
    return ShownRecord(
        row=row,
        what=str(SIGN_INS[row.what]),
        why=str(REASONS.get(row.reason, row.reason)),
        way=way_words(row.way),
        browser=browser_words(row.agent) if row.agent else "",
        place=place_words(row.address) if row.address else "",
    )
