"""A job is handed out: its evidence pack."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from django.contrib.staticfiles import finders

from tanghulu.apps.evidence import actions as evidence
from tanghulu.apps.evidence import queries as chain
from tanghulu.apps.flows import queries as flows
from tanghulu.apps.jobs import queries, report
from tanghulu.apps.photos import queries as photos
from tanghulu.apps.tenancy import queries as tenancy
from tanghulu.core.access import Actor, Permission
from tanghulu.core.chain import pack_format, pack_writer
from tanghulu.core.chain.event import MEDIA_TYPES
from tanghulu.core.errors import Conflict
from tanghulu.core.photo.claims import Likeness

_VERIFIER = "dist/verify.html"


def write_pack(actor: Actor, *, ref: str, at: datetime, sink: BinaryIO) -> None:
    """Write the run's evidence pack as a ZIP file, after publishing what the log holds of it.

    Photos are read one after the other, and envelopes with their proofs lie in a file meanwhile; in memory are the
    events as the report tells them. `sink` must be able to seek.

    Raises NotFound `run_not_found`; Conflict `run_not_begun` for a run whose template is not known here; Invalid
    `pack_too_many_files` or `pack_too_large` for a run that no pack can hold (docs/formats/pack.md).
    """
    actor.require(Permission.JOBS_PACK_EXPORT)
    job = queries.job(actor, ref=ref)
    if not job.version:
        raise Conflict("run_not_begun")
    evidence.publish(at=at)
    with chain.logged_run(ref) as logged:
        pack_writer.write_pack(sink, _parts(job, logged))


def _parts(job: queries.Job, logged: chain.LoggedRun) -> pack_writer.PackParts:
    # A photo may have come since the openings were read; without its opening the pack could not say whose it is.
    opened = {one.commitment for one in logged.openings}
    names = {key: name for key, name in queries.photo_names(job.run).items() if key in opened}
    kept = photos.about_each(names.values())
    taken = {commitment: _photo(name, kept[name]) for commitment, name in names.items()}
    files = {
        commitment: pack_format.photo_name(one.sha256, MEDIA_TYPES[one.media_type]).removeprefix("photos/")
        for commitment, one in taken.items()
    }
    company = tenancy.company()
    return pack_writer.PackParts(
        tenant=company.slug,
        run=job.run,
        origin=logged.origin,
        size=logged.size,
        events=logged.events,
        keys=logged.keys,
        template=flows.document_bytes(job.version),
        openings=logged.openings,
        photos=sorted({one.sha256: one for one in taken.values()}.values(), key=lambda one: one.sha256),
        report=report.render(job, company=company, files=files),
        verifier=_verifier(),
    )


def _photo(sha256: str, about: Likeness) -> pack_writer.PackPhoto:
    return pack_writer.PackPhoto(
        sha256=sha256,
        media_type=about.media_type,
        size=about.size,
        # Read when it is written, one photo at a time: a job's photos together may be large.
        chunks=lambda: [photos.original(sha256).content],
    )


def _verifier() -> bytes | None:
    found = finders.find(_VERIFIER)
    return Path(str(found)).read_bytes() if found else None
