"""Devices: those that sign for the company, those that wait to be let in, and the code that invites a new one."""

from __future__ import annotations

import base64
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tanghulu.apps.directory import queries as directory
from tanghulu.apps.evidence import actions, queries
from tanghulu.apps.jobs import queries as jobs
from tanghulu.core.access import Actor, Permission
from tanghulu.gateways.authority import Authority
from tanghulu.web.components.texts import in_language
from tanghulu.web.drawing import drawn
from tanghulu.web.endpoints import page
from tanghulu.web.phones import phone_page, reachable
from tanghulu.web.renewal import renewable, stamp_of, unchanged
from tanghulu.web.welcome import rows_of
from tanghulu.web.words import WHYS


@require_safe
@page(Permission.DIRECTORY_NAME_READ)
def devices(request: HttpRequest, actor: Actor) -> HttpResponse:
    """One's own devices; to those who may, everybody's and those that wait, which renew themselves."""
    may_enrol = actor.may(Permission.EVIDENCE_DEVICE_ENROL)
    waiting = queries.waiting(actor) if may_enrol else []
    stamp = stamp_of(get_language(), *(found.row.device for found in waiting))
    known = unchanged(request, stamp)
    if known is not None:
        return known
    context = {
        "own": queries.own_devices(actor),
        "rows": queries.devices(actor) if actor.may(Permission.EVIDENCE_DEVICE_READ) else None,
        "waiting": [(found.row, base64.b64encode(found.payload).decode()) for found in waiting],
        "may_enrol": may_enrol,
        "may_request": actor.may(Permission.EVIDENCE_DEVICE_REQUEST),
        "people": directory.colleagues(actor) if may_enrol else [],
        "member": actor.member,
    }
    return renewable(request, "devices/devices", context, stamp=stamp)


@require_safe
@page(Permission.EVIDENCE_DEVICE_READ)
def device(request: HttpRequest, actor: Actor, device: str) -> HttpResponse:
    """One device: whose it is, when it was last heard of, and the way to lock it out or to begin anew."""
    found = queries.device(actor, device)
    may_enrol = actor.may(Permission.EVIDENCE_DEVICE_ENROL)
    names = jobs.job_names(actor, refs=found.late_runs)
    context = {
        "found": found,
        "row": found.row,
        "seen_at": max((at for at in (found.row.seen_at, found.last_at) if at is not None), default=None),
        "why": WHYS.get(found.row.why, found.row.why),
        "whys": list(WHYS.items()),
        "jobs": [(one.run, in_language(one.title, get_language() or ""), one.equipment) for one in names],
        "may_revoke": may_enrol,
        "may_invite": actor.may(Permission.EVIDENCE_DEVICE_REQUEST) and may_enrol,
        "people": directory.colleagues(actor) if may_enrol else [],
    }
    return render(request, "devices/device.html", context)


@require_POST
@page(Permission.EVIDENCE_DEVICE_REQUEST)
def invite(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Make a one-time code for a member's phone and show it, this once, as a QR code."""
    member = request.POST.get("member", actor.member)
    code = actions.make_code(actor, member=member, at=timezone.now())
    address = f"{phone_page(request)}#enrol={code.text}"
    context = {
        "drawing": drawn(address),
        "address": address,
        "expires_at": code.expires_at,
        "name": directory.member_names(actor, refs=[member])[member],
        "back": reverse("devices"),
    }
    response = render(request, "devices/invitation.html", context)
    # Whoever has the code can enrol a phone: no copy of this page is kept.
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.EVIDENCE_DEVICE_REQUEST)
def this_device(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The very phone that shows this page; posted, it asks to come in, for the person who is signed in on it."""
    if request.method != "POST":
        return render(request, "devices/this.html")
    code = actions.make_code(actor, member=actor.member, at=timezone.now())
    return redirect(f"{reverse('capture')}#enrol={code.text}")


@require_safe
@page(Permission.DIRECTORY_NAME_READ)
def network(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The poster for the wall: the code that leads a phone in, and the fingerprint to compare with."""
    start = settings.WELCOME or phone_page(request)
    phones = reachable(request, "/").rstrip("/")
    context = {
        "served": phones.startswith("https://"),
        "start": start,
        "drawing": drawn(start),
        "phones": phones,
        # With a certificate that phones trust already there is nothing to compare.
        "fingerprint": rows_of(Authority.of(settings.DATA).root()) if settings.WELCOME else [],
        "ports": " · ".join(_port(address) for address in (settings.PHONES, settings.WELCOME) if address),
    }
    return render(request, "devices/network.html", context)


def _port(address: str) -> str:
    found = urlsplit(address)
    return str(found.port or {"https": 443}.get(found.scheme, 80))
