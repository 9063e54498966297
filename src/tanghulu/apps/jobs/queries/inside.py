"""Who is inside right now: what a guardian reads out when everybody is to be accounted for.

Read from the registers themselves, of whatever job somebody has gone into and not come out of. That a job has ended
does not bring anybody out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tanghulu.apps.directory import finding
from tanghulu.apps.directory import queries as directory
from tanghulu.apps.jobs.models import Run
from tanghulu.apps.jobs.queries import parts
from tanghulu.apps.jobs.standing import people_inside
from tanghulu.core import canonical
from tanghulu.core.access import Actor, Permission


@dataclass(frozen=True, slots=True)
class PersonInside:
    """Somebody who went in. `name` and `let_in_by` are empty for who is not in the directory."""

    member: str
    name: str
    since: datetime
    let_in_by: str


@dataclass(frozen=True, slots=True)
class ThingInside:
    """Tools that went in."""

    item: str
    count: int
    since: datetime


@dataclass(frozen=True, slots=True)
class JobInside:
    """A job with somebody inside, those who went in first before the others."""

    run: str
    title: parts.Text
    equipment: str
    place: str
    status: str
    is_overdue: bool
    people: Sequence[PersonInside]
    tools: Sequence[ThingInside]


def inside(actor: Actor) -> list[JobInside]:
    """Every job with somebody inside, by place, then by who has been inside longest."""
    actor.require(Permission.JOBS_RUN_READ)
    rows = list(Run.objects.filter(inside__gte=1).order_by("-inside", "pk"))
    scripts = parts.scripts_of(rows)
    found = [(row, scripts[row.version]) for row in rows if row.version in scripts]
    entries = {row.pk: list(people_inside(script.template.registers, row.state)) for row, script in found}
    refs = {entry[key] for listed in entries.values() for _, entry in listed for key in ("item", "in_by")}
    names = directory.member_names(actor, refs=refs)
    things = finding.things(actor, refs={row.equipment for row in rows} - {""})
    jobs = [_job(row, script, entries[row.pk], names, things.get(row.equipment)) for row, script in found]
    return sorted(jobs, key=lambda job: (job.place, job.people[0].since, job.run))


def _job(
    row: Run,
    script: parts.Script,
    entries: Sequence[tuple[str, Mapping[str, Any]]],
    names: Mapping[str, str],
    thing: finding.Thing | None,
) -> JobInside:
    people = [
        PersonInside(
            member=entry["item"],
            name=names.get(entry["item"], ""),
            since=canonical.parse_time(entry["in_at"]),
            let_in_by=names.get(entry["in_by"], ""),
        )
        for _, entry in entries
    ]
    return JobInside(
        run=row.ref,
        title=script.title,
        equipment=thing.name if thing else "",
        place=thing.place if thing else "",
        status=row.status,
        is_overdue=row.is_overdue,
        people=sorted(people, key=lambda person: (person.since, person.name, person.member)),
        tools=_tools(script.template.registers, row.state),
    )


def _tools(registers: Mapping[str, str], state: Mapping[str, Any]) -> list[ThingInside]:
    return [
        ThingInside(entry["item"], entry.get("count", 1), canonical.parse_time(entry["in_at"]))
        for name, entries in state["registers"].items()
        if registers.get(name) == "items"
        for entry in entries
        if "out_at" not in entry
    ]
