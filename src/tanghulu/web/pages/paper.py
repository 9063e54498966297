"""One job on paper: everything that its page shows bit by bit, one thing below the other."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tanghulu.apps.jobs import queries
from tanghulu.core.access import Actor, Permission
from tanghulu.web import reader
from tanghulu.web.components.job import build_job
from tanghulu.web.components.skewer import Skewer
from tanghulu.web.components.steps import Telling, build_steps
from tanghulu.web.drawing import drawn
from tanghulu.web.endpoints import page
from tanghulu.web.phones import reachable


@require_safe
@page(Permission.JOBS_RUN_READ)
def paper(request: HttpRequest, actor: Actor, run: str) -> HttpResponse:
    """The job as it stands now, in the reader's language, to be printed or kept as a PDF by the browser."""
    now = timezone.now()
    language = reader.language()
    found = queries.job(actor, ref=run)
    view = build_job(found, language=language, now=now, step="", photo=1, reader=actor.member)
    context = {
        "view": view,
        "skewer": _unlinked(view.skewer),
        "steps": [step for step in build_steps(Telling(found, language)) if step.has_content],
        "now": now,
        "drawing": drawn(reachable(request, view.href)),
    }
    answer = render(request, "jobs/paper.html", context)
    answer["Cache-Control"] = "private, no-store"
    return answer


def _unlinked(skewer: Skewer) -> Skewer:
    """Paper leads nowhere, and nobody has chosen a haw on it."""
    stages = (
        replace(stage, haws=tuple(replace(haw, href=None, selected=False) for haw in stage.haws))
        for stage in skewer.stages
    )
    return replace(skewer, stages=tuple(stages))
