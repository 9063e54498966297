"""What the frame of every page needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tanghulu.apps.directory.queries import Seat
from tanghulu.apps.notices import queries as notices
from tanghulu.apps.tenancy import scope
from tanghulu.core.access import Permission


@dataclass(frozen=True, slots=True)
class Link:
    """A link of the bar at the top, for those who have the permission."""

    title: str | Promise
    url_name: str
    permission: Permission


@dataclass(frozen=True, slots=True)
class ShownLink:
    """A link as it is shown on one page."""

    title: str | Promise
    href: str
    current: bool


LINKS = (
    Link(_("Jobs"), "jobs", Permission.JOBS_RUN_READ),
    Link(_("Reviews"), "reviews", Permission.JOBS_RUN_REVIEW),
    Link(_("People"), "people", Permission.DIRECTORY_MEMBER_READ),
    Link(_("Certificates"), "certificates", Permission.DIRECTORY_MEMBER_READ),
    Link(_("Places"), "places", Permission.DIRECTORY_PLACE_READ),
    Link(_("Equipment"), "equipment", Permission.DIRECTORY_EQUIPMENT_READ),
    Link(_("Devices"), "devices", Permission.DIRECTORY_NAME_READ),
)


def frame(request: HttpRequest) -> dict[str, Any]:
    """Give the templates the reader's seat, None before sign-in, the links it opens, and `may`.

    `may.directory_member_write` is true for those who have `directory.member.write`, and so on.
    """
    seat: Seat | None = getattr(request, "seat", None)
    return {
        "seat": seat,
        "may": {permission.value.replace(".", "_"): True for permission in seat.actor.permissions} if seat else {},
        "links": _links(request, seat) if seat else [],
        # Asked only where the bar is drawn: the parts of a page that renew themselves have none.
        "untold": lambda: _unread(seat),
        "demo": settings.DEMO,
        "company_account": settings.OIDC_NAME,
        "dingtalk": settings.DINGTALK,
    }


def _unread(seat: Seat | None) -> int:
    """How many notices the reader has not read; pages of the sign-in library are drawn outside of the company."""
    if seat is None:
        return 0
    with scope.within(seat.actor.tenant):
        return notices.unread(seat.actor)


def _links(request: HttpRequest, seat: Seat) -> list[ShownLink]:
    shown = []
    for link in LINKS:
        if seat.actor.may(link.permission):
            href = reverse(link.url_name)
            shown.append(ShownLink(link.title, href, current=request.path.startswith(href)))
    return shown
