"""Events come in: each is kept, folded into its run, and followed by what the server can state about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tanghulu.apps.evidence import actions as evidence
from tanghulu.apps.jobs import fold
from tanghulu.apps.jobs.till import TILL, Work
from tanghulu.apps.jobs.unit import Unit
from tanghulu.core import flow
from tanghulu.core.access import Actor, Permission
from tanghulu.core.chain.encoding import is_hash
from tanghulu.core.chain.event import Event
from tanghulu.core.chain.event_types import ACT_TYPES, EventType
from tanghulu.core.errors import Conflict, Refusal
from tanghulu.gateways import pauses


@dataclass(frozen=True, slots=True)
class Submission:
    """An envelope as it was sent, with the openings of its commitments beside it."""

    envelope: Mapping[str, Any]
    openings: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a submission: `is_new` and the admission's envelope, or the refusal."""

    is_new: bool = False
    admission: bytes = b""
    refusal: Refusal | None = None


def receive(actor: Actor, *, submissions: Sequence[Submission], at: datetime) -> list[Outcome]:
    """Admit events, each on its own, in the order given: one that is refused never holds up the next."""
    actor.require(Permission.JOBS_RUN_READ)
    return [_outcome(submission, at=at) for submission in submissions]


def _outcome(submission: Submission, *, at: datetime) -> Outcome:
    try:
        examined = evidence.examine(submission.envelope)
        openings = evidence.examine_openings(submission.openings)
        reception = _admit(examined, openings, at=at)
    except Refusal as refusal:
        return Outcome(refusal=refusal)
    pauses.at("after_row")
    return Outcome(is_new=reception.outcome == "admitted", admission=reception.admission)


def _admit(examined: evidence.Examined, openings: evidence.Openings, *, at: datetime) -> evidence.Reception:
    names = photo_names(openings)
    work = Work(
        do=lambda unit: _admit_in(unit, examined, openings, names),
        at=at,
        identities=[(examined.event.device, examined.event.dseq)],
        photos=list(names.values()),
    )
    try:
        return TILL.do(work)
    except Conflict:
        evidence.keep_fork(examined, at=at)
        raise


def _admit_in(
    unit: Unit, examined: evidence.Examined, openings: evidence.Openings, names: Mapping[str, str]
) -> evidence.Reception:
    judge = _Judge(unit)
    reception = unit.book.admit(examined, judge=judge)
    unit.book.keep_openings(openings)
    if judge.run is not None:
        _follow(unit, judge.run, reception, names)
        unit.seal_if_ended(judge.run)
    elif names:
        unit.open_photos(names)
    return reception


class _Judge:
    """Called by the evidence log when an event is new and genuine, before it gets its number."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self.run: fold.OpenRun | None = None

    def __call__(self, event: Event, *, is_revoked: bool) -> Sequence[str]:
        """Fold the event into its run; say by which codes it contradicts the rules."""
        if not event.run:
            return (flow.REVOKED,) if is_revoked else ()
        run = self.run = self._unit.run(event.run)
        if event.kind in ACT_TYPES and run.state["status"] != "new" and not is_revoked:
            self._unit.resolve(run, [event.actor])
        return self._unit.apply(run, event, is_revoked=is_revoked)


def _follow(unit: Unit, run: fold.OpenRun, reception: evidence.Reception, names: Mapping[str, str]) -> None:
    event = reception.event
    if event.kind == EventType.PHOTO_TAKEN:
        missing = [photo.commitment for photo in event.photos if photo.commitment not in names]
        kept = unit.book.values_of(missing) if missing else {}
        unit.expect_photos(run, event, {**_hashes(kept), **names})
    if reception.codes:
        return
    if event.kind == EventType.RUN_OPENED:
        unit.resolve(run, fold.people_of(run.state))
    elif event.kind == EventType.PEOPLE_ASSIGNED:
        unit.resolve(run, run.state["people"][str(event.data["part"])])


def photo_names(openings: evidence.Openings) -> dict[str, str]:
    """Those of the openings that may be of photos: commitment to SHA-256."""
    return _hashes({one.commitment: one.value for one in openings})


def _hashes(values: Mapping[str, object]) -> dict[str, str]:
    return {key: value for key, value in values.items() if is_hash(value)}
