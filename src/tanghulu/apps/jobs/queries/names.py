"""What jobs are called, where no more of them is asked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from tanghulu.apps.directory import queries as directory
from tanghulu.apps.jobs.models import Run
from tanghulu.apps.jobs.queries import parts
from tanghulu.core.access import Actor, Permission


@dataclass(frozen=True, slots=True)
class JobName:
    """A job by what it is and what it is done on; `equipment` is empty where it names none."""

    run: str
    title: parts.Text
    equipment: str


def job_names(actor: Actor, *, refs: Collection[str]) -> list[JobName]:
    """Those of the refs that are jobs of this company, in the order given."""
    actor.require(Permission.JOBS_RUN_READ)
    rows = {row.ref: row for row in Run.objects.filter(ref__in=set(refs))}
    scripts = parts.scripts_of(list(rows.values()))
    equipment = {row.ref: row.name for row in directory.equipment(actor)} if rows else {}
    names = []
    for ref in (ref for ref in refs if ref in rows):
        row = rows[ref]
        script = scripts.get(row.version)
        title = script.title if script else {"en": row.template}
        names.append(JobName(ref, title, equipment.get(row.equipment, "")))
    return names
