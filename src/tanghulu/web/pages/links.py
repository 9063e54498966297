"""Links with which people choose their own password: made in the office, used once by the person."""

from __future__ import annotations

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.contrib import auth
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from tanghulu.apps.directory import actions, queries, throttle
from tanghulu.core.access import Actor, Permission
from tanghulu.web.drawing import drawn
from tanghulu.web.endpoints import page
from tanghulu.web.forms import ChosenPasswordForm, carried_out
from tanghulu.web.limits import counted
from tanghulu.web.origin import origin_of
from tanghulu.web.phones import reachable


@require_POST
@page(Permission.DIRECTORY_MEMBER_WRITE)
def make_link(request: HttpRequest, actor: Actor, ref: str) -> HttpResponse:
    """Make a person's link and show it, this once, to hand over."""
    return shown_link(request, actor, ref)


def shown_link(request: HttpRequest, actor: Actor, ref: str) -> HttpResponse:
    """The page with a new link, also as a code to scan and to print."""
    link = actions.make_link(actor, member=ref, at=timezone.now())
    address = reachable(request, reverse("use_link", args=[link.code]))
    context = {
        "drawing": drawn(address),
        "address": address,
        "expires_at": link.expires_at,
        "member": queries.member(actor, ref=ref),
    }
    response = render(request, "directory/sign_in_link.html", context)
    # Whoever has the link can come in: no copy of this page is kept.
    response["Cache-Control"] = "no-store"
    return response


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def use_link(request: HttpRequest, code: str) -> HttpResponse:
    """Choose a password with a link; then one is signed in, by way of the second factor where there is one."""
    origin, at = origin_of(request), timezone.now()
    with counted(request, throttle.BAD_CODE, "link_unknown"):
        invited = actions.read_link(code, at=at)
    # On the phone of somebody who comes in the phone itself is next.
    on_phone = "phone" in request.GET
    form = ChosenPasswordForm(request.POST if request.method == "POST" else None, username=invited.username)
    if request.method == "POST" and carried_out(
        form, lambda: actions.use_link(code, password=form.cleaned_data["password"], origin=origin, at=at)
    ):
        then = reverse("this_device") if on_phone else None
        return come_in(request, invited.username, form.cleaned_data["password"], then=then)
    context = {"form": form, "invited": invited, "code": code}
    return render(request, "account/use_link.html", context, status=422 if form.is_bound else 200)


def come_in(request: HttpRequest, username: str, password: str, *, then: str | None = None) -> HttpResponse:
    """Sign in somebody who has just chosen a password, and go on to `then`, else to where the work is."""
    request.session.flush()  # nothing of who was here before stays
    account = auth.authenticate(request, username=username, password=password)
    if account is None:
        return redirect("account_login")
    # So that nobody who has just chosen a password is asked for it again.
    record_authentication(request, account, method="link")
    answer: HttpResponse = perform_login(request, account, redirect_url=then)
    return answer
