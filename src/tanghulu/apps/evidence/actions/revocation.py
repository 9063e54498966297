"""Keys end: a phone was lost, handed over or is trusted no more; somebody who may decides it (formats/enrolment.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tanghulu.apps.directory import actions as people
from tanghulu.apps.directory import queries as directory
from tanghulu.apps.evidence import vouching
from tanghulu.apps.evidence.actions import ledger
from tanghulu.apps.evidence.actions.book import Examined, Reception, open_book
from tanghulu.apps.evidence.actions.openings import keep_openings
from tanghulu.apps.evidence.models import Device, EnrolmentCode, Entry
from tanghulu.apps.evidence.signatures import ENROLLED, IN_THE_LOG, REVOKED
from tanghulu.apps.tenancy import scope
from tanghulu.core.access import Actor, Permission
from tanghulu.core.chain import event as events
from tanghulu.core.chain import revocation as rules
from tanghulu.core.chain.event_types import EventType
from tanghulu.core.errors import Conflict, Invalid, NotAllowed, NotFound

# The phone itself is in other hands, so what else its owner is signed in with on it must end too.
_OUT_OF_HAND = frozenset({"lost", "handed_over", "distrusted"})


def revoke(
    actor: Actor,
    *,
    device: str,
    sent: Mapping[str, Any],
    openings: Sequence[Mapping[str, Any]],
    at: datetime,
    session: str = "",
) -> Reception:
    """End the key of a device, with a `device.revoked` signed by the actor's own device; sent twice it is done once.

    From then on what the device signs is kept and changes nothing, and its token only sends. Where the phone is lost,
    in other hands or distrusted, its owner is signed out everywhere but in `session`, and codes not used yet end.

    Raises NotFound `device_not_found`, `event_not_found` for an event in `saw` that is not the device's; Conflict
    `device_already_revoked`, `last_enroller` for the last key that lets others in, `event_forked`, and then the event
    is kept as a fork; NotAllowed `revoker_unknown`, `revoker_may_not`; Invalid `device_mismatch` when it is
    signed for somebody else or about another device, `opening_invalid` or those of an envelope.
    """
    actor.require(Permission.EVIDENCE_DEVICE_ENROL)
    if not Device.objects.filter(device=device, status__in=IN_THE_LOG).exists():
        raise NotFound("device_not_found")
    examined = _examined(actor, sent, device=device)
    try:
        with open_book(at=at) as book:
            reception = book.admit(examined, judge=_judge, door=EventType.DEVICE_REVOKED)
            keep_openings(openings, at=at)
            if reception.outcome == "admitted":
                _end(actor, rules.revocation_of(examined.event, reception.index), session=session, at=at)
    except Conflict as refusal:
        if refusal.code == "event_forked":
            ledger.keep_fork(examined, at=at)
        raise
    return reception


def _examined(actor: Actor, sent: Mapping[str, Any], *, device: str) -> Examined:
    try:
        examined = ledger.examine(sent)
    except Invalid as error:
        if error.code == "signature_unknown_key":
            raise NotAllowed("revoker_unknown") from error
        raise
    revocation = rules.revocation_of(examined.event)
    if examined.event.actor != actor.member or revocation.device != device:
        raise Invalid("device_mismatch")
    return examined


def _judge(event: events.Event, /, *, is_revoked: bool) -> Sequence[str]:
    """Refuse what the log would not hold to, before it is an entry; whoever decides here may try again."""
    if is_revoked:
        raise NotAllowed("revoker_unknown")
    revocation = rules.revocation_of(event)
    if Device.objects.filter(device=revocation.device, status=REVOKED).exists():
        raise Conflict("device_already_revoked")
    _check_others_remain(revocation.device)
    enrolled = vouching.enrolments_of({revocation.device, revocation.signer})
    refusal = rules.revocation_refusal(revocation, anchor=vouching.anchor(), enrolled=enrolled, since={})
    if refusal is not None:
        raise NotAllowed(refusal)
    saw = set(map(str, _listed(event.data["saw"])))
    known = Entry.objects.filter(device=revocation.device, payload_hash__in=saw)
    if saw != set(known.values_list("payload_hash", flat=True)):
        raise NotFound("event_not_found")
    return ()


def _check_others_remain(device: str) -> None:
    """Whoever ended the last key that lets others in could never let anybody in again."""
    enrollers = Device.objects.filter(status=ENROLLED, may_enrol=True)
    if not enrollers.filter(device=device).exists():
        return
    able = directory.refs_who_may(Permission.EVIDENCE_DEVICE_ENROL)
    if not enrollers.filter(member__in=able).exclude(device=device).exists():
        raise Conflict("last_enroller")


def _listed(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else ()


def _end(actor: Actor, revocation: rules.Revocation, *, session: str, at: datetime) -> None:
    row = Device.objects.get(device=revocation.device)
    row.status, row.revoked_at, row.revoked_index = REVOKED, at, revocation.index
    row.revoked_why, row.revoked_by = revocation.why, actor.member
    row.save()
    operator = Actor.operator(scope.current())
    people.limit_tokens(operator, member=row.member, device=row.device)
    if revocation.why in _OUT_OF_HAND:
        people.sign_out(operator, member=row.member, besides=session, by=actor.member, at=at)
        EnrolmentCode.objects.filter(member=row.member, used_at=None).delete()
