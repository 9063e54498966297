"""Jobs to compare one with: of the same process, or at the same machine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tanghulu.apps.directory import finding
from tanghulu.apps.jobs.models import Run
from tanghulu.apps.jobs.queries import parts
from tanghulu.apps.jobs.queries.board import COLUMNS, JobBrief, brief
from tanghulu.core.access import Actor, Permission

MOST = 30


@dataclass(frozen=True, slots=True)
class Alike:
    """A job and what it has in common with the one that was asked for; at least one of the two is so."""

    job: JobBrief
    title: parts.Text
    same_process: bool
    same_machine: bool


def alike(actor: Actor, *, ref: str) -> Sequence[Alike]:
    """The newest jobs like this one, first those of the same process at the same machine; at most `MOST`.

    Raises NotFound `run_not_found`.
    """
    actor.require(Permission.JOBS_RUN_READ)
    asked = parts.run_row(ref)
    others = Run.objects.exclude(ref=ref).exclude(version="").order_by("-opened_at", "pk")
    pages = [others.filter(template=asked.template)] if asked.template else []
    pages += [others.filter(equipment=asked.equipment)] if asked.equipment else []
    found = {row["ref"]: row for page in pages for row in page.values(*COLUMNS, "template", "version")[:MOST]}
    scripts = parts.scripts_of(Run.objects.filter(ref__in=found).only("version")) if found else {}
    things = finding.things(actor, refs={row["equipment"] for row in found.values()} - {""})
    jobs = [
        Alike(
            job=brief(row, things),
            title=scripts[row["version"]].title if row["version"] in scripts else {"en": row["template"]},
            same_process=bool(asked.template) and row["template"] == asked.template,
            same_machine=bool(asked.equipment) and row["equipment"] == asked.equipment,
        )
        for row in found.values()
    ]
    # Sorted twice: what comes first is kept in the order of what comes second.
    jobs.sort(key=lambda one: one.job.opened_at or one.job.changed_at, reverse=True)
    jobs.sort(key=lambda one: not (one.same_process and one.same_machine))
    return jobs[:MOST]
