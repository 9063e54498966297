"""The board of jobs and the page of one job. Both renew themselves: they ask again and are told when nothing is new."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from tanghulu.apps.jobs import queries
from tanghulu.core.access import Actor, Permission
from tanghulu.web import polls, reader
from tanghulu.web.components import cards, filters
from tanghulu.web.components.board import build_board
from tanghulu.web.components.job import build_job
from tanghulu.web.endpoints import page
from tanghulu.web.polls import minute
from tanghulu.web.renewal import renewable, shared, stamp_of, unchanged

_NUMBER = re.compile("[0-9]{1,4}")


@require_safe
@page(Permission.JOBS_RUN_READ)
def jobs(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The board, as its filters say: see `components/filters.py`; `after` goes on where the page before ended."""
    now = timezone.now()
    chosen = filters.read(request.GET)
    after = request.GET.get("after", "")
    language = reader.language()
    version = queries.board_version()
    asking = actor.member if chosen.mine else ""
    stamp = stamp_of(
        "board", actor.tenant, version, filters.address(chosen, after=after), language, asking, minute(now)
    )
    known = unchanged(request, stamp)
    if known is None:
        known = shared(
            request,
            "jobs/board",
            stamp=stamp,
            live=lambda: _board(actor, chosen, after, language, now),
            around=lambda: {"bar": filters.build_bar(actor, chosen, language=language), "show": chosen.show},
        )
    polls.remember(request, stamp, at=now, tenant=actor.tenant, version=version)
    return known


def _board(actor: Actor, chosen: queries.Filters, after: str, language: str, now: datetime) -> dict[str, Any]:
    found = queries.board(actor, filters=chosen, since=reader.midnight(now), at=now, zone=reader.zone(), after=after)
    drawn = cards.drawn(actor, found.rows, language=language, now=now)
    return {
        "view": build_board(found, drawn, filters=chosen, language=language, now=now, first=not after),
        "here": filters.address(chosen, after=after),
        "next": filters.address(chosen, after=found.following) if found.following else "",
        "first": filters.address(chosen) if after else "",
        "clear": filters.address(queries.Filters(show=chosen.show)) if chosen.is_narrow else "",
        "show": chosen.show,
        "now": now,
    }


@require_safe
@page(Permission.JOBS_RUN_READ)
def job(request: HttpRequest, actor: Actor, run: str) -> HttpResponse:
    """One job, with a step and a picture in focus: `?step=<path>&photo=<number>`."""
    now = timezone.now()
    language = reader.language()
    here = request.get_full_path()
    version = queries.job_stamp(actor, ref=run)
    stamp = stamp_of(version, here, language, minute(now))
    polls.remember(request, stamp, at=now, tenant=actor.tenant, version=version, run=run)
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
    context = {
        "view": view,
        "here": here,
        "may_export": actor.may(Permission.JOBS_PACK_EXPORT),
        "comments": len(queries.comments(actor, run=run)),
    }
    return renewable(request, "jobs/job", context, stamp=stamp)


def _number(text: str) -> int:
    """The number in an address; the first picture where it is none."""
    return int(text) if _NUMBER.fullmatch(text) else 1
