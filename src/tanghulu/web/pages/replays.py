"""The replay of a job: its events one by one on their time axis, with the job as it stood at each."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tanghulu.apps.jobs import queries
from tanghulu.core.access import Actor, Permission
from tanghulu.web import reader
from tanghulu.web.components.moment import address, build_moment
from tanghulu.web.components.steps import Telling
from tanghulu.web.components.track import build_track
from tanghulu.web.endpoints import page
from tanghulu.web.renewal import is_part

_NUMBER = re.compile("[0-9]{1,6}")


@require_safe
@page(Permission.JOBS_RUN_READ)
def replay(request: HttpRequest, actor: Actor, run: str) -> HttpResponse:
    """The job right after one of its events, `?event=<number>`; to a script of the page the moment alone."""
    language = reader.language()
    asked = request.GET.get("event", "1")
    found = queries.replay(actor, ref=run, number=int(asked) if _NUMBER.fullmatch(asked) else 1)
    moment = build_moment(found, language) if found.number else None
    context: dict[str, object] = {"moment": moment}
    if not is_part(request):
        telling = Telling(found.whole, language)
        last = len(found.whole.happenings)
        context |= {
            "job": found.whole,
            "title": telling.text(found.whole.title),
            "track": build_track(telling),
            "number": found.number,
            "previous": address(run, found.number - 1) if found.number > 1 else "",
            "following": address(run, found.number + 1) if found.number < last else "",
        }
    answer = render(request, "jobs/replay_moment.html" if is_part(request) else "jobs/replay.html", context)
    answer["Cache-Control"] = "private, no-store"
    answer["Vary"] = "HX-Request, Cookie, Accept-Language"
    return answer
