"""The board of jobs and the page of one job. Both renew themselves: they ask again and are told when nothing is new."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tanghulu.apps.jobs import queries
from tanghulu.core.access import Actor, Permission
from tanghulu.web.components.board import build_board
from tanghulu.web.components.job import build_job
from tanghulu.web.endpoints import page
from tanghulu.web.renewal import renewable, stamp_of, unchanged

_DEFAULT = "zh-hans"
_NUMBER = re.compile("[0-9]{1,4}")
_LONG_NUMBER = re.compile("[0-9]{1,9}")


@require_safe
@page(Permission.JOBS_RUN_READ)
def jobs(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The board: `?show=open` (at first), `ended` or `all`; `start` jobs are passed over."""
    now = timezone.now()
    show, start = _choice(request.GET.get("show")), _start(request.GET.get("start", ""))
    language = get_language() or _DEFAULT
    stamp = stamp_of(queries.board_stamp(actor), show, start, language, _minute(now))
    known = unchanged(request, stamp)
    if known is not None:
        return known
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    view = build_board(queries.board(actor, which=show, since=midnight, start=start), language=language, now=now)
    choices = (("open", _("Going on")), ("ended", _("Ended")), ("all", _("All")))
    turns = {"back": max(view.before - queries.MOST, 0), "on": view.before + queries.MOST}
    context = {"view": view, "show": show, "start": start, "turns": turns, "choices": choices, "now": now}
    return renewable(request, "jobs/board", context, stamp=stamp)


@require_safe
@page(Permission.JOBS_RUN_READ)
def job(request: HttpRequest, actor: Actor, run: str) -> HttpResponse:
    """One job, with a step and a picture in focus: `?step=<path>&photo=<number>`."""
    now = timezone.now()
    language = get_language() or _DEFAULT
    here = request.get_full_path()
    stamp = stamp_of(queries.job_stamp(actor, ref=run), here, language, _minute(now))
    known = unchanged(request, stamp)
    if known is not None:
        return known
    view = build_job(
        queries.job(actor, ref=run),
        language=language,
        now=now,
        step=request.GET.get("step", ""),
        photo=_number(request.GET.get("photo", "1")),
        reader=actor.member,
    )
    context = {"view": view, "here": here, "may_export": actor.may(Permission.JOBS_PACK_EXPORT)}
    return renewable(request, "jobs/job", context, stamp=stamp)


def _number(text: str) -> int:
    """The number in an address; the first picture where it is none."""
    return int(text) if _NUMBER.fullmatch(text) else 1


def _choice(text: str | None) -> Literal["open", "ended", "all"]:
    if text == "ended":
        return "ended"
    return "all" if text == "all" else "open"


def _minute(now: datetime) -> str:
    """Part of what is shown, because lengths of time are."""
    return now.strftime("%Y%m%d%H%M")


def _start(text: str) -> int:
    return int(text) if _LONG_NUMBER.fullmatch(text) else 0
