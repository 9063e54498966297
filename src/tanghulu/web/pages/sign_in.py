"""Sign-in by one click in the demo, on the machine itself only."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tanghulu.apps.directory import queries, sign_ins
from tanghulu.apps.directory.sign_ins import What
from tanghulu.core.errors import NotFound
from tanghulu.web.origin import origin_of


@require_http_methods(["GET", "HEAD", "POST"])
def demo(request: HttpRequest) -> HttpResponse:
    """Everybody of the demo, and a click to be signed in as one of them; to anybody elsewhere it does not exist."""
    if not settings.DEMO or not _from_this_machine(request):
        raise NotFound("page_not_found")
    if request.method == "POST":
        account = auth.authenticate(request, demo_username=request.POST.get("username", ""))
        if account is None:
            raise NotFound("member_not_found")
        request.session.flush()  # nothing of who was here before stays, such as their company
        auth.login(request, account)
        sign_ins.note(account.pk, What.SIGNED_IN, origin=origin_of(request), at=timezone.now(), way="demo")
        return redirect("home")
    return render(request, "account/demo.html", {"people": queries.demo_people()})


def _from_this_machine(request: HttpRequest) -> bool:
    """Both ends must be loopback: a page elsewhere that points its own name here brings another Host."""
    if request.META.get("HTTP_X_FORWARDED_FOR") or request.META.get("HTTP_FORWARDED"):
        return False
    host = urlsplit(f"//{request.get_host()}").hostname or ""
    return _is_loopback(request.META.get("REMOTE_ADDR", "")) and (host == "localhost" or _is_loopback(host))


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
