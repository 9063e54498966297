"""What is watched all day: the wall screen and the list of people inside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from tanghulu.apps.jobs import queries
from tanghulu.core.access import Actor, Permission
from tanghulu.web import polls, reader
from tanghulu.web.components import cards
from tanghulu.web.components.inside import build_inside
from tanghulu.web.components.wall import build_wall
from tanghulu.web.endpoints import page
from tanghulu.web.renewal import shared, stamp_of, unchanged


@require_safe
@page(Permission.JOBS_RUN_READ)
def wall(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The wall screen: made to be read from five metres, by nobody in particular."""
    now, language = timezone.now(), reader.language()
    return _watched(request, actor, "jobs/wall", now, language, lambda: _wall(actor, language, now))


@require_safe
@page(Permission.JOBS_RUN_READ)
def inside(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The people inside right now, for a muster."""
    now, language = timezone.now(), reader.language()
    return _watched(
        request,
        actor,
        "jobs/inside",
        now,
        language,
        lambda: {"view": build_inside(queries.inside(actor), language=language, now=now), "now": now},
    )


def _watched(
    request: HttpRequest,
    actor: Actor,
    template: str,
    now: datetime,
    language: str,
    live: Callable[[], Mapping[str, object]],
) -> HttpResponse:
    version = queries.board_version()
    stamp = stamp_of(template, actor.tenant, version, language, polls.minute(now))
    polls.remember(request, stamp, at=now, tenant=actor.tenant, version=version)
    known = unchanged(request, stamp)
    return known or shared(request, template, stamp=stamp, live=live, around=lambda: {"now": now})


def _wall(actor: Actor, language: str, now: datetime) -> dict[str, Any]:
    found = queries.wall(actor, since=reader.midnight(now))
    drawn = cards.drawn(actor, found.rows, language=language, now=now)
    return {"view": build_wall(found, drawn, language=language, now=now), "now": now}
