"""One job on paper: everything that its page shows bit by bit, one thing below the other."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tanghulu.apps.jobs import queries
from tanghulu.apps.photos.derivatives import LARGE, SMALL
from tanghulu.core.access import Actor, Permission
from tanghulu.gateways import typesetter
from tanghulu.web import reader
from tanghulu.web.components.job import build_job
from tanghulu.web.components.sheet import build_sheet, file_of
from tanghulu.web.components.skewer import Skewer
from tanghulu.web.components.steps import Telling, build_steps, photo_url
from tanghulu.web.drawing import drawn, drawn_file
from tanghulu.web.endpoints import page
from tanghulu.web.phones import reachable

_DOCUMENT = Path(__file__).parents[1] / "typeset" / "job.typ"
# More large pictures than this make a file that nobody can send.
_MOST_LARGE = 100


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


@require_safe
@page(Permission.JOBS_RUN_READ)
def pdf(request: HttpRequest, actor: Actor, run: str) -> HttpResponse:
    """The same as a PDF, of the job as it stood after its newest event: the same bytes until there is another."""
    with typesetter.turn():
        made = _typeset(request, actor, run)
    headers = {"Cache-Control": "private, no-store", "Content-Disposition": f'attachment; filename="{run}.pdf"'}
    return HttpResponse(made, content_type="application/pdf", headers=headers)


def _typeset(request: HttpRequest, actor: Actor, run: str) -> bytes:
    language = reader.language()
    fonts = typesetter.fonts()
    found = queries.job(actor, ref=run)
    at = found.happenings[-1].received_at if found.happenings else found.changed_at
    view = build_job(found, language=language, now=at, step="", photo=1, reader=actor.member)
    steps = [step for step in build_steps(Telling(found, language)) if step.has_content]
    files = _pictures(actor, run, large=sum(len(step.pictures) for step in steps) <= _MOST_LARGE)
    sheet = build_sheet(found, view, steps, language=language, fonts=fonts, files=files)
    files["data.json"] = json.dumps(sheet, ensure_ascii=False).encode()
    files["code.svg"] = drawn_file(reachable(request, view.href))
    return typesetter.pdf(_DOCUMENT.read_bytes(), files=files, at=at)


def _pictures(actor: Actor, run: str, *, large: bool) -> dict[str, bytes]:
    """The job's pictures by the names of their files: small for the skewer, large for reading unless they are many."""
    sizes = (SMALL, LARGE) if large else (SMALL,)
    return {
        file_of(photo_url(commitment, size)): content
        for size in sizes
        for commitment, content in queries.pictures(actor, ref=run, size=size).items()
    }


def _unlinked(skewer: Skewer) -> Skewer:
    """Paper leads nowhere, and nobody has chosen a haw on it."""
    stages = (
        replace(stage, haws=tuple(replace(haw, href=None, selected=False) for haw in stage.haws))
        for stage in skewer.stages
    )
    return replace(skewer, stages=tuple(stages))
