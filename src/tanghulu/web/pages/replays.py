"""The replay of a job: its events one by one on their time axis, with the job as it stood at each.

With `?with=<run>` two jobs are seen side by side, step by step; with an empty one the second is chosen first.
"""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tanghulu.apps.jobs import queries
from tanghulu.core.access import Actor, Permission
from tanghulu.web import reader
from tanghulu.web.components.moment import address, build_moment
from tanghulu.web.components.pair import build_pair
from tanghulu.web.components.steps import Telling
from tanghulu.web.components.texts import in_language
from tanghulu.web.components.track import build_track
from tanghulu.web.components.words import Pill, run_pill
from tanghulu.web.endpoints import page
from tanghulu.web.renewal import is_part

_NUMBER = re.compile("[0-9]{1,6}")


@require_safe
@page(Permission.JOBS_RUN_READ)
def replay(request: HttpRequest, actor: Actor, run: str) -> HttpResponse:
    """The job right after one of its events, `?event=<number>`; to a script of the page the moment alone."""
    language = reader.language()
    other = request.GET.get("with")
    if other is not None:
        return _fresh(_pair(request, actor, run, other, language) if other else _choice(request, actor, run, language))
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
    return _fresh(render(request, "jobs/replay_moment.html" if is_part(request) else "jobs/replay.html", context))


def _pair(request: HttpRequest, actor: Actor, run: str, other: str, language: str) -> HttpResponse:
    left, right = queries.job(actor, ref=run), queries.job(actor, ref=other)
    view = build_pair(left, right, language=language, path=request.GET.get("step", ""), now=timezone.now())
    return render(request, "jobs/pair_live.html" if is_part(request) else "jobs/pair.html", {"view": view})


def _choice(request: HttpRequest, actor: Actor, run: str, language: str) -> HttpResponse:
    whole = queries.job(actor, ref=run)
    found = queries.alike(actor, ref=run)
    context = {
        "job": whole,
        "title": in_language(whole.title, language),
        "found": [(one, in_language(one.title, language), _pill(one.job)) for one in found],
    }
    return render(request, "jobs/pair_choice.html", context)


def _pill(job: queries.JobBrief) -> Pill:
    return run_pill(job.status, job.outcome, overdue=job.is_overdue, sealed=job.is_sealed)


def _fresh(answer: HttpResponse) -> HttpResponse:
    answer["Cache-Control"] = "private, no-store"
    answer["Vary"] = "HX-Request, Cookie, Accept-Language"
    return answer
