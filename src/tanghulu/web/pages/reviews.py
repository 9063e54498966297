"""What waits for the reader's decision, and the page on which a job is gone through photo by photo to decide."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tanghulu.apps.jobs import queries
from tanghulu.core.access import Actor, Permission
from tanghulu.web import reader
from tanghulu.web.components.inspection import build_inspection
from tanghulu.web.components.job import build_job
from tanghulu.web.components.texts import in_language
from tanghulu.web.components.words import duration
from tanghulu.web.endpoints import page


@require_safe
@page(Permission.JOBS_RUN_READ)
def reviews(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The jobs that wait for the reader, the longest first."""
    now, language = timezone.now(), reader.language()
    lines = [
        (one, in_language(one.title, language), in_language(one.step, language), duration(now - one.since))
        for one in queries.waiting_reviews(actor)
    ]
    return _fresh(render(request, "jobs/reviews.html", {"lines": lines}))


@require_safe
@page(Permission.JOBS_RUN_READ)
def review(request: HttpRequest, actor: Actor, run: str) -> HttpResponse:
    """One job, photo by photo, with the form of the decision that waits for the reader."""
    now, language = timezone.now(), reader.language()
    found = queries.job(actor, ref=run)
    view = build_job(found, language=language, now=now, step="", photo=1, reader=actor.member)
    others = [one.job.run for one in queries.waiting_reviews(actor) if one.job.run != run]
    context = {
        "view": view,
        "review": view.review,
        "inspection": build_inspection(found, language),
        "next": others[0] if others else "",
        "waiting": len(others),
    }
    return _fresh(render(request, "jobs/review.html", context))


def _fresh(answer: HttpResponse) -> HttpResponse:
    answer["Cache-Control"] = "private, no-store"
    return answer
