"""Runs: lists, events, packs."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from datetime import datetime
from typing import Any, Literal

from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router, Schema
from pydantic import NonNegativeInt

from tanghulu.apps.evidence import queries as chain
from tanghulu.apps.jobs import actions, queries
from tanghulu.core import canonical
from tanghulu.web import endpoints
from tanghulu.web.api.answers import declined, file_of
from tanghulu.web.conditional import unless_known

router = Router(tags=["runs"])


class RunOut(Schema):
    """One job of a list."""

    run: str
    template: str
    version: str
    title: dict[str, str]
    equipment: str
    status: str
    outcome: str
    stopped: bool
    opened_at: datetime | None
    my_turn: bool
    events: int


class RunsOut(Schema):
    """Jobs, newest first."""

    runs: list[RunOut]


class EventOut(Schema):
    """An event of a run as it lies in the log."""

    hash: str
    index: int
    payload: dict[str, Any]
    received_at: str
    standing: str
    codes: list[str]
    reason: str


class RunEventsOut(Schema):
    """The events of a run in log order."""

    run: str
    template: str
    version: str
    heads: list[str]
    events: list[EventOut]


@router.get("/runs", response={200: RunsOut, **declined(403, 422)})
def get_runs(
    request: HttpRequest, *, mine: bool = False, status: Literal["", "open", "stopped", "ended"] = ""
) -> RunsOut:
    """List jobs: one's own or all, newest first, at most 200."""
    found = queries.runs(endpoints.actor_of(request), mine=mine, status=status, at=timezone.now())
    return RunsOut(
        runs=[
            RunOut(
                run=row.run,
                template=row.template,
                version=row.version,
                title=dict(row.title),
                equipment=row.equipment,
                status=row.status,
                outcome=row.outcome,
                stopped=row.status == "stopped",
                opened_at=row.opened_at,
                my_turn=row.is_my_turn,
                events=row.events,
            )
            for row in found
        ]
    )


@router.get("/runs/{run}", response={200: RunEventsOut, 304: None, **declined(403, 404, 422)})
def get_run(request: HttpRequest, run: str, after: NonNegativeInt = 0) -> HttpResponse:
    """The run's events in log order, those after the first `after`."""
    actor = endpoints.actor_of(request)
    stamp = f"{queries.job_stamp(actor, ref=run)}-{after}"
    return unless_known(request, stamp, lambda: _events(queries.run_events(actor, ref=run, after=after)))


def _events(found: queries.RunEvents) -> HttpResponse:
    shown = RunEventsOut(
        run=found.run,
        template=found.template,
        version=found.version,
        heads=list(found.heads),
        events=[
            EventOut(
                hash=record.hash,
                index=record.index,
                payload=dict(record.payload),
                received_at=canonical.format_time(record.received_at),
                standing=record.standing,
                codes=list(record.codes),
                reason=found.reasons.get(record.hash, ""),
            )
            for record in found.events
        ],
    )
    return HttpResponse(shown.model_dump_json(), content_type="application/json")


class PersonInsideOut(Schema):
    """Somebody inside; `name` is empty for who is not in the directory."""

    member: str
    name: str
    since: datetime


class JobInsideOut(Schema):
    """A job with its people inside."""

    run: str
    title: dict[str, str]
    equipment: str
    place: str
    status: str
    people: list[PersonInsideOut]


class InsideOut(Schema):
    """Everybody who is inside right now, by place."""

    count: int
    jobs: list[JobInsideOut]


@router.get("/inside", response={200: InsideOut, **declined(403)})
def get_inside(request: HttpRequest) -> InsideOut:
    """Who is inside right now, of all jobs, also of those that have ended."""
    jobs = [
        JobInsideOut(
            run=job.run,
            title=dict(job.title),
            equipment=job.equipment,
            place=job.place,
            status=job.status,
            people=[PersonInsideOut(member=one.member, name=one.name, since=one.since) for one in job.people],
        )
        for job in queries.inside(endpoints.actor_of(request))
    ]
    return InsideOut(count=sum(len(job.people) for job in jobs), jobs=jobs)


@router.get(
    "/runs/{run}/pack",
    openapi_extra=file_of("application/zip"),
    response={200: None, **declined(403, 404, 409)},
)
def get_pack(request: HttpRequest, run: str) -> FileResponse:
    """The run's evidence pack."""
    with ExitStack() as until_sent:
        pack = until_sent.enter_context(tempfile.TemporaryFile())
        actions.write_pack(endpoints.actor_of(request), ref=run, at=timezone.now(), sink=pack)
        pack.seek(0)
        # From here on the response has it, and closes it at its end.
        until_sent.pop_all()
    headers = {"Cache-Control": "no-store"}
    return FileResponse(
        pack, as_attachment=True, filename=f"{run}.zip", content_type="application/zip", headers=headers
    )


@router.get(
    "/runs/{run}/policy",
    openapi_extra=file_of("text/plain"),
    response={200: None, **declined(403, 404)},
)
def get_policy(request: HttpRequest, run: str) -> HttpResponse:
    """A policy that trusts this log's key as it is today."""
    actor = endpoints.actor_of(request)
    queries.job_stamp(actor, ref=run)
    headers = {"Content-Disposition": f'attachment; filename="{run}.zip.policy"', "Cache-Control": "no-store"}
    return HttpResponse(chain.policy_text(), content_type="text/plain; charset=utf-8", headers=headers)


class CheckpointOut(Schema):
    """A checkpoint, `note` as it was signed. All of it is absent while nothing has been published."""

    origin: str = ""
    size: int = 0
    root: str = ""
    note: str = ""


@router.get("/checkpoint", response={200: CheckpointOut, **declined()}, exclude_unset=True)
def get_checkpoint(request: HttpRequest) -> CheckpointOut:
    """The newest published checkpoint of the company's log: what a phone names next as its beacon."""
    endpoints.actor_of(request)
    newest = chain.newest_checkpoint()
    if newest is None:
        return CheckpointOut()
    return CheckpointOut(origin=newest.origin, size=newest.size, root=newest.root, note=newest.note)
