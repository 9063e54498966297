"""The board of jobs and the page of one job. Both renew themselves: they ask again and are told when nothing is new."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tanghulu.apps.jobs import queries
from tanghulu.core.access import Actor, Permission
from tanghulu.web.components.board import build_board
from tanghulu.web.components.job import build_job
from tanghulu.web.endpoints import page

_DEFAULT = "zh-hans"
_NUMBER = re.compile("[0-9]{1,4}")


@require_safe
@page(Permission.JOBS_RUN_READ)
def jobs(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The board: `?show=open` (at first), `ended` or `all`."""
    now = timezone.now()
    show = _choice(request.GET.get("show"))
    language = get_language() or _DEFAULT
    stamp = _stamp(queries.board_stamp(actor), show, language, now)
    if _has(request, stamp):
        return HttpResponseNotModified()
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    view = build_board(queries.board(actor, which=show, since=midnight), language=language, now=now)
    choices = (("open", _("Going on")), ("ended", _("Ended")), ("all", _("All")))
    context = {"view": view, "show": show, "choices": choices, "stamp": stamp, "now": now}
    return _renewable(request, "jobs/board", context)


@require_safe
@page(Permission.JOBS_RUN_READ)
def job(request: HttpRequest, actor: Actor, run: str) -> HttpResponse:
    """One job, with a step and a picture in focus: `?step=<path>&photo=<number>`."""
    now = timezone.now()
    language = get_language() or _DEFAULT
    stamp = _stamp(queries.job_stamp(actor, ref=run), request.get_full_path(), language, now)
    if _has(request, stamp):
        return HttpResponseNotModified()
    view = build_job(
        queries.job(actor, ref=run),
        language=language,
        now=now,
        step=request.GET.get("step", ""),
        photo=_number(request.GET.get("photo", "1")),
        reader=actor.member,
    )
    context = {
        "view": view,
        "stamp": stamp,
        "here": request.get_full_path(),
        "may_export": actor.may(Permission.JOBS_PACK_EXPORT),
    }
    return _renewable(request, "jobs/job", context)


def _number(text: str) -> int:
    """The number in an address; the first picture where it is none."""
    return int(text) if _NUMBER.fullmatch(text) else 1


def _choice(text: str | None) -> Literal["open", "ended", "all"]:
    if text == "ended":
        return "ended"
    return "all" if text == "all" else "open"


def _stamp(*parts: object) -> str:
    """Changes with what is shown; the minute is part of it because lengths of time are shown in minutes."""
    told = [part.strftime("%Y%m%d%H%M") if isinstance(part, datetime) else str(part) for part in parts]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:24]


def _has(request: HttpRequest, stamp: str) -> bool:
    return request.headers.get("HX-Request") == "true" and request.headers.get("If-None-Match") == f'"{stamp}"'


def _renewable(request: HttpRequest, template: str, context: Mapping[str, object]) -> HttpResponse:
    """The whole page to a reader, its living part to the page itself."""
    part = request.headers.get("HX-Request") == "true" and request.headers.get("HX-History-Restore-Request") != "true"
    response = render(request, f"{template}_live.html" if part else f"{template}.html", dict(context))
    # Never from a cache: a picture of a job that is going on must be of now, or say that it is not.
    response["Cache-Control"] = "private, no-store"
    response["ETag"] = f'"{context["stamp"]}"'
    response["Vary"] = "HX-Request, Cookie, Accept-Language"
    return response
