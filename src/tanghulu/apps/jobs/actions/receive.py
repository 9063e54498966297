"""Events come in: each is kept, folded into its run, and followed by what the server can state about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from tanghulu.apps.directory import queries as directory
from tanghulu.apps.evidence import actions as evidence
from tanghulu.apps.jobs import fold
from tanghulu.apps.jobs.actions import arrivals, seals
from tanghulu.core.access import Actor, Permission
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
        try:
            reception = _admit(examined, submission.openings, at=at)
        except Conflict:
            evidence.keep_fork(examined, at=at)
            raise
    except Refusal as refusal:
        return Outcome(refusal=refusal)
    pauses.at("after_row")
    return Outcome(is_new=reception.outcome == "admitted", admission=reception.admission)


@transaction.atomic
def _admit(examined: evidence.Examined, openings: Sequence[Mapping[str, Any]], *, at: datetime) -> evidence.Reception:
    judge = _Judge(at)
    reception = evidence.admit(examined, at=at, judge=judge)
    if openings:
        evidence.keep_openings(openings, at=at)
    if judge.run is not None:
        _follow(judge.run, reception.event, openings, is_allowed=not reception.codes, at=at)
        seals.seal_if_ended(judge.run, at=at)
        fold.store(judge.run, at=at)
    elif openings:
        arrivals.take_openings(openings, at=at)
    return reception


class _Judge:
    """Called by the evidence log when an event is new and genuine, before it gets its number."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.run: fold.OpenRun | None = None

    def __call__(self, event: Event, _payload_hash: str) -> Sequence[str]:
        """Fold the event into its run; say by which codes it contradicts the rules."""
        if not event.run:
            return ()
        run = self.run = fold.open_run(event.run, at=self.at)
        if event.kind in ACT_TYPES and run.state["status"] != "new":
            _resolve(run, [event.actor], at=self.at)
        return fold.apply(run, event)


def _follow(
    run: fold.OpenRun, event: Event, openings: Sequence[Mapping[str, Any]], *, is_allowed: bool, at: datetime
) -> None:
    if event.kind == EventType.PHOTO_TAKEN:
        arrivals.expect(run, event, openings, at=at)
    if not is_allowed:
        return
    if event.kind == EventType.RUN_OPENED:
        named = [member for members in run.state["people"].values() for member in members]
        _resolve(run, [event.actor, *named], at=at)
    elif event.kind == EventType.PEOPLE_ASSIGNED:
        _resolve(run, run.state["people"][str(event.data["part"])], at=at)


def _resolve(run: fold.OpenRun, members: Sequence[str], *, at: datetime) -> None:
    missing = [member for member in members if member not in run.state["facts"]]
    if missing:
        fold.resolve_people(run, missing, directory.facts_of(missing), at=at)
