"""The people inside right now as a value: by place, with the job, the hour and the tools."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tanghulu.apps.jobs.queries import JobInside
from tanghulu.web.components.texts import in_language
from tanghulu.web.components.words import Pill, duration, run_pill


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody inside; `href` leads to the person's jobs."""

    name: str
    since: datetime
    length: str
    let_in_by: str
    href: str


@dataclass(frozen=True, slots=True)
class Tool:
    """Something inside."""

    item: str
    count: int


@dataclass(frozen=True, slots=True)
class InsideJob:
    """A job with its people inside."""

    href: str
    title: str
    pill: Pill
    people: tuple[Person, ...]
    tools: tuple[Tool, ...]


@dataclass(frozen=True, slots=True)
class InsidePlace:
    """A place with everybody who is inside there."""

    name: str
    people: int
    jobs: tuple[InsideJob, ...]


@dataclass(frozen=True, slots=True)
class InsideView:
    """Everybody who is inside; `count` says it in words."""

    places: tuple[InsidePlace, ...]
    people: int
    count: str


def build_inside(jobs: Sequence[JobInside], *, language: str, now: datetime) -> InsideView:
    """The list in the reader's language; `jobs` come by place."""
    places = []
    for name, listed in groupby(jobs, key=lambda job: job.place):
        shown = tuple(_job(job, language, now) for job in listed)
        places.append(InsidePlace(name or _("No place named"), sum(len(job.people) for job in shown), shown))
    people = sum(place.people for place in places)
    return InsideView(tuple(places), people, _count(people, len(places), len(jobs)))


def _count(people: int, places: int, jobs: int) -> str:
    if not people:
        return _("Nobody is inside.")
    return _("%(people)s inside, at %(places)s, in %(jobs)s.") % {
        "people": ngettext("%(count)s person", "%(count)s people", people) % {"count": people},
        "places": ngettext("%(count)s place", "%(count)s places", places) % {"count": places},
        "jobs": ngettext("%(count)s job", "%(count)s jobs", jobs) % {"count": jobs},
    }


def _job(job: JobInside, language: str, now: datetime) -> InsideJob:
    return InsideJob(
        href=reverse("job", args=[job.run]),
        title=f"{job.equipment} {in_language(job.title, language)}".strip(),
        pill=_pill(job),
        people=tuple(
            Person(
                name=person.name or _("Somebody who is not in the directory"),
                since=person.since,
                length=duration(now - person.since),
                let_in_by=person.let_in_by,
                href=f"{reverse('jobs')}?show=all&person={person.member}" if person.name else "",
            )
            for person in job.people
        ),
        tools=tuple(Tool(tool.item, tool.count) for tool in job.tools),
    )


def _pill(job: JobInside) -> Pill:
    if job.status == "ended":
        return Pill(_("The job has ended"), "alarm", "warn")
    return run_pill(job.status, overdue=job.is_overdue)
