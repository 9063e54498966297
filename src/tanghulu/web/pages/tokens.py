"""The bearer tokens of programs: which there are, a new one, one that is withdrawn."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tanghulu.apps.directory import actions, queries
from tanghulu.apps.directory import tokens as lookup
from tanghulu.core.access import Actor, Permission
from tanghulu.web.endpoints import page
from tanghulu.web.forms import TokenForm, carried_out


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.DIRECTORY_TOKEN_ISSUE)
def tokens(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The tokens of programs; posted to, a new one, which is shown this once."""
    at, text = timezone.now(), ""
    form = TokenForm(request.POST if request.method == "POST" else None, people=queries.colleagues(actor))

    def issue() -> None:
        nonlocal text
        days, given = form.cleaned_data["days"], form.cleaned_data
        ends = at + timedelta(days=days) if days else None
        text = actions.issue_token(actor, member=given["member"], purpose=given["purpose"], at=at, expires_at=ends)

    is_made = request.method == "POST" and carried_out(form, issue)
    context = {
        "rows": [(row, row.expired(at)) for row in lookup.api_tokens(actor)],
        "form": TokenForm(None, people=queries.colleagues(actor)) if is_made else form,
        "text": text,
    }
    response = render(request, "tokens/tokens.html", context, status=422 if form.is_bound and not is_made else 200)
    # Whoever has the token acts as the person: no copy of this page is kept.
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@page(Permission.DIRECTORY_TOKEN_ISSUE)
def withdraw(request: HttpRequest, actor: Actor, token: int) -> HttpResponse:
    """End a token; the program that has it is refused from now on."""
    actions.revoke_token(actor, member=request.POST.get("member", ""), token=token, at=timezone.now())
    messages.success(request, _("Withdrawn."))
    return redirect("tokens")
