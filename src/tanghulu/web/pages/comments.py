"""Comments on a job, and the page of what one was told."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tanghulu.apps.jobs import actions, queries
from tanghulu.apps.notices import actions as notice_actions
from tanghulu.apps.notices import queries as notices
from tanghulu.core.access import Actor, Permission
from tanghulu.core.errors import Invalid, NotFound
from tanghulu.web.components.remarks import build_remark
from tanghulu.web.components.texts import in_language
from tanghulu.web.endpoints import page
from tanghulu.web.errors import sentence_of

_DEFAULT = "zh-hans"
_LONGEST_WORD = 40


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.JOBS_RUN_READ)
def comments(request: HttpRequest, actor: Actor, run: str) -> HttpResponse:
    """What was said about a job; posted, something more is said. Who opens it has read what they were told of it."""
    now, language = timezone.now(), get_language() or _DEFAULT
    text, step = request.POST.get("text", ""), request.POST.get("step", request.GET.get("step", ""))
    error = ""
    if request.method == "POST":
        try:
            number = actions.comment(actor, run=run, text=text, step=step, at=now)
            return redirect(f"{reverse('comments', args=[run])}#comment-{number}")
        except (Invalid, NotFound) as refusal:
            if refusal.code == "run_not_found":
                raise
            error = sentence_of(refusal)
    found = queries.job(actor, ref=run)
    remarks = queries.comments(actor, run=run)
    if _is_looked_at(request):
        notice_actions.read(actor, at=now, about=run)
    context = {
        "job": found,
        "title": in_language(found.title, language),
        "remarks": [build_remark(one, titles=found.titles, language=language) for one in remarks],
        "steps": [
            (haw["path"], in_language(found.titles.get(haw["path"], {}), language) or haw["path"]) for haw in found.haws
        ],
        "step": step,
        "text": text,
        "error": error,
        "may_comment": actor.may(Permission.JOBS_RUN_COMMENT),
    }
    return render(request, "jobs/comments.html", context, status=422 if error else 200)


def _is_looked_at(request: HttpRequest) -> bool:
    """Whether somebody sees the answer: not where only its head is asked for, or a browser fetches it in advance."""
    purposes = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    return request.method != "HEAD" and "prefetch" not in purposes


@require_POST
@page(Permission.JOBS_RUN_READ)
def erase(request: HttpRequest, actor: Actor, run: str, number: int) -> HttpResponse:
    """Destroy the words of a comment."""
    actions.erase_comment(actor, run=run, number=number, at=timezone.now())
    return redirect("comments", run)


@require_safe
@page(Permission.JOBS_RUN_COMMENT)
def mentionable(request: HttpRequest, actor: Actor) -> HttpResponse:
    """People whose name or number contains `?q=`, for whoever writes a comment; a number where names are the same."""
    found = queries.to_mention(actor, word=request.GET.get("q", "").replace("\0", "")[:_LONGEST_WORD])
    names = [person.name for person in found]
    return JsonResponse(
        {
            "people": [
                {
                    "name": f"{one.name}#{one.number}" if names.count(one.name) > 1 and one.number else one.name,
                    "unit": one.unit,
                }
                for one in found
            ]
        }
    )


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.JOBS_RUN_READ)
def for_me(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What the reader was told, newest first; posted, all of it has been read."""
    if request.method == "POST":
        notice_actions.read(actor, at=timezone.now())
        return redirect("for_me")
    language = get_language() or _DEFAULT
    told = notices.notices(actor)
    remarks = queries.comments_by_number(actor, numbers=[one.item for one in told if one.kind == queries.MENTION])
    jobs = {card.run: card for card in queries.cards(actor, refs=sorted({one.run for one in remarks.values()}))}
    lines = [
        (
            one,
            build_remark(remarks[one.item], titles=jobs[one.about].titles, language=language),
            in_language(jobs[one.about].title, language),
        )
        for one in told
        if one.item in remarks
    ]
    return render(request, "jobs/for_me.html", {"lines": lines, "unread": any(not line[0].is_read for line in lines)})
