"""One job, whole: for its page, its report and its replay."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tanghulu.apps.directory import finding
from tanghulu.apps.directory import queries as directory
from tanghulu.apps.evidence import queries as chain
from tanghulu.apps.jobs.fold import people_of
from tanghulu.apps.jobs.models import Run, RunPhoto
from tanghulu.apps.jobs.queries import parts
from tanghulu.apps.photos import queries as photos
from tanghulu.core import flow
from tanghulu.core.access import Actor, Permission
from tanghulu.core.errors import NotFound


@dataclass(frozen=True, slots=True)
class Happening:
    """One event of the run as people read it.

    `payload` is the event as signed, `opened` the values behind its commitments by name (only those that the server
    holds), `photos` the commitments whose bytes can be shown.
    """

    hash: str
    index: int
    payload: Mapping[str, Any]
    received_at: datetime
    standing: str
    codes: Sequence[str]
    opened: Mapping[str, Any]
    photos: Sequence[str]


@dataclass(frozen=True, slots=True)
class Job:
    """Everything about one run. Texts map language tags to wordings; `haws` and `state` are the kernel's."""

    run: str
    template: str
    version: str
    title: parts.Text
    equipment: str
    place: str
    status: str
    outcome: str
    is_sealed: bool
    is_overdue: bool
    opened_at: datetime | None
    changed_at: datetime
    ended_at: datetime | None
    state: Mapping[str, Any]
    document: Mapping[str, Any]
    steps: Mapping[str, Mapping[str, Any]]
    stages: Mapping[str, parts.Text]
    titles: Mapping[str, parts.Text]
    haws: Sequence[Mapping[str, Any]]
    names: Mapping[str, str]
    inside: int
    happenings: Sequence[Happening]
    shown_photos: frozenset[str]
    forks: int
    first_index: int
    last_index: int
    published_size: int
    stamp: str


def job(actor: Actor, *, ref: str) -> Job:
    """The run with all its events. Raises NotFound `run_not_found`."""
    actor.require(Permission.JOBS_RUN_READ)
    row = parts.run_row(ref)
    script = parts.script_of(row)
    records = chain.run_events(ref)
    shown = _shown(row)
    happenings = _happenings(records, shown)
    thing = finding.things(actor, refs={row.equipment} - {""}).get(row.equipment)
    newest = chain.newest_checkpoint()
    return Job(
        run=ref,
        template=row.template,
        version=row.version,
        title=script.title if script else {"en": row.template},
        equipment=thing.name if thing else "",
        place=thing.place if thing else "",
        status=row.status,
        outcome=row.outcome,
        is_sealed=row.is_sealed,
        is_overdue=row.is_overdue,
        opened_at=row.opened_at,
        changed_at=row.changed_at,
        ended_at=row.ended_at,
        state=row.state,
        document=script.document if script else {},
        steps=script.steps if script else {},
        stages=script.stages if script else {},
        titles=script.titles if script else {},
        haws=flow.haws(script.template, row.state) if script else [],
        names=_names(actor, row, happenings),
        inside=row.inside or 0,
        happenings=happenings,
        shown_photos=shown,
        forks=len(chain.forks(ref)),
        first_index=records[0].index if records else 0,
        last_index=records[-1].index if records else 0,
        published_size=newest.size if newest else 0,
        stamp=_stamp(ref),
    )


def job_stamp(actor: Actor, *, ref: str) -> str:
    """A text that changes whenever something on the job's page does: for ETags. Raises NotFound `run_not_found`."""
    actor.require(Permission.JOBS_RUN_READ)
    return _stamp(ref)


def job_version(ref: str) -> str:
    """The job's stamp, for whoever has been given it before; of a run that is not there as of an empty one."""
    events, is_published = chain.run_position(ref)
    return f"{events}-{is_published:d}"


def photo_name(actor: Actor, *, commitment: str) -> str:
    """The SHA-256 of the photo behind a commitment. Raises NotFound `photo_not_found`."""
    actor.require(Permission.JOBS_RUN_READ)
    row = RunPhoto.objects.filter(commitment=commitment).exclude(sha256="").first()
    if row is None:
        raise NotFound("photo_not_found")
    return row.sha256


def photo_names(ref: str) -> dict[str, str]:
    """The SHA-256 of each photo of a run whose bytes are stored, by its commitment."""
    known = dict(RunPhoto.objects.filter(run__ref=ref).exclude(sha256="").values_list("commitment", "sha256"))
    present = photos.stored(known.values())
    return {commitment: sha256 for commitment, sha256 in known.items() if sha256 in present}


def pictures(actor: Actor, *, ref: str, size: int) -> dict[str, bytes]:
    """The stripped JPEGs of a run's photos by their commitments, without those that cannot be shown."""
    actor.require(Permission.JOBS_RUN_READ)
    found = {}
    for commitment, sha256 in photo_names(ref).items():
        with contextlib.suppress(NotFound):
            found[commitment] = photos.shown(sha256, size=size)
    return found


def _shown(row: Run) -> frozenset[str]:
    return frozenset(photo_names(row.ref))


def _happenings(records: Sequence[chain.EventRecord], shown: frozenset[str]) -> list[Happening]:
    wanted = [value for record in records for value in record.payload.get("commitments", {}).values()]
    openings = chain.openings_of(wanted)
    return [
        Happening(
            hash=record.hash,
            index=record.index,
            payload=record.payload,
            received_at=record.received_at,
            standing=record.standing,
            codes=record.codes,
            opened={
                name: openings[value].value
                for name, value in record.payload.get("commitments", {}).items()
                if value in openings
            },
            photos=[photo["commitment"] for photo in record.payload.get("photos", []) if photo["commitment"] in shown],
        )
        for record in records
    ]


def _names(actor: Actor, row: Run, happenings: Sequence[Happening]) -> dict[str, str]:
    refs = {happening.payload["actor"] for happening in happenings} - {"server"}
    refs |= people_of(row.state)
    # Who has left a part since is still told of.
    opened = [happening.payload["data"] for happening in happenings if happening.payload["type"] == "run.opened"]
    refs |= {member for data in opened for members in data.get("people", {}).values() for member in members}
    changed = [happening.payload["data"] for happening in happenings if happening.payload["type"] == "people.assigned"]
    refs |= {member for data in changed for member in data.get("members", ())}
    return directory.member_names(actor, refs=refs)


def _stamp(ref: str) -> str:
    """Neither the row with its state nor the template is read: most who ask have seen all there is."""
    version = job_version(ref)
    if version.startswith("0-"):
        parts.run_row(ref)
    return version
