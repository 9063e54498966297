"""WHO: each act was signed by the device of the person named (docs/formats/pack.md, enrolment.md)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tanghulu.core.chain.admission import Standing
from tanghulu.core.chain.enrolment import Anchor, Enrolment, countersigning_refusal
from tanghulu.core.chain.event import Event, may_sign
from tanghulu.core.chain.event_types import SERVER, EventType
from tanghulu.core.chain.policy import Policy
from tanghulu.core.chain.verifier.contents import Contents, Record
from tanghulu.core.chain.verifier.report import Person, Reason, fails, note, unproven


def check_who(contents: Contents, policy: Policy | None) -> Iterator[Reason]:
    """The reasons for and against WHO; without a policy there is nobody to trust."""
    if policy is None:
        yield unproven("policy_missing")
        return
    if len(contents.readable) < len(contents.events):
        yield unproven("event_unreadable")
    yield from _anchor(contents, policy)
    anchor = contents.anchor
    if anchor is None:
        return
    enrolled = {device: found[0] for device, found in contents.devices.items()}
    for device in sorted(_signers(contents) - {anchor.server.device}):
        yield from _enrolment(contents, device)
    for device in sorted(enrolled):
        yield from _countersignature(contents, enrolled[device], anchor, enrolled)
    for device in sorted(contents.devices):
        yield from _founder(contents.devices[device], anchor, policy)
    for record, event in contents.readable:
        yield from _act(record, event, anchor, enrolled)
    yield from _revocations(contents)
    yield note("keys_can_be_misused")


def _anchor(contents: Contents, policy: Policy) -> Iterator[Reason]:
    """Entry 0 is in `keys/`, opens the log, and names the policy's log key and its origin."""
    record, anchor = contents.anchor_record, contents.anchor
    if record is None or anchor is None or record.index != 0:
        yield fails("anchor_missing", "" if record is None else record.name)
        return
    named = anchor.origin == contents.pack.manifest.origin
    if not named or anchor.log_key not in policy.log_of(anchor.origin):
        yield fails("anchor_differs", record.name)


def _signers(contents: Contents) -> set[str]:
    """Every device that signed or countersigned something in the pack."""
    return {
        one.keyid
        for record in contents.all_records
        if record.envelope is not None
        for one in record.envelope.signatures
    }


def _enrolment(contents: Contents, device: str) -> Iterator[Reason]:
    """Each device that signs has exactly one enrolment."""
    if len(contents.devices.get(device, ())) != 1:
        yield fails("enrolment_missing", device)


def _countersignature(
    contents: Contents, enrolment: Enrolment, anchor: Anchor, enrolled: dict[str, Enrolment]
) -> Iterator[Reason]:
    """The enrolment is countersigned by somebody who may."""
    if not enrolment.countersigners:
        yield fails("countersignature_missing", enrolment.device)
        return
    refusals = [
        countersigning_refusal(enrolment, one, anchor=anchor, enrolled=enrolled, ended=contents.ended.since)
        for one in enrolment.countersigners
    ]
    if None not in refusals:
        yield fails("countersignature_not_allowed", enrolment.device)


def _founder(enrolments: Sequence[Enrolment], anchor: Anchor, policy: Policy) -> Iterator[Reason]:
    """The server vouched for devices only that the policy pins; where it pins none, that it did is said."""
    for enrolment in enrolments:
        if anchor.server.device not in enrolment.countersigners:
            continue
        if not policy.founders:
            yield note("founder_by_server", enrolment.device)
        elif enrolment.device not in policy.founders:
            yield fails("founder_not_in_policy", enrolment.device)


def _act(record: Record, event: Event, anchor: Anchor, enrolled: dict[str, Enrolment]) -> Iterator[Reason]:
    """The event is of its device's person, of a kind that this device signs, and later than the enrolment."""
    server = event.device == anchor.server.device
    if server != (event.actor == SERVER):
        yield fails("server_actor_differs", record.name)
    if not may_sign(event, server=server):
        yield fails("type_not_allowed", record.name)
    enrolment = enrolled.get(event.device)
    if server or enrolment is None:
        return
    if event.actor not in {enrolment.actor, SERVER}:
        yield fails("actor_differs", record.name)
    if enrolment.index is not None and record.index is not None and enrolment.index >= record.index:
        yield fails("enrolled_later", record.name)


def _revocations(contents: Contents) -> Iterator[Reason]:
    """Whoever ended a key might; nobody can be named for what a key signed that had ended; the server said the same."""
    ended = contents.ended
    refused = {revocation.event for revocation, _ in ended.refused}
    for record in contents.enrolments:
        if record.event is not None and record.event.hash in refused:
            yield fails("revocation_not_allowed", record.name)
    outlived: set[str] = set()
    for record, event in contents.readable:
        is_over = record.index is not None and ended.is_over(event.device, record.index)
        if record.admitted is not None and is_over != (record.admitted.standing is Standing.REVOKED):
            yield fails("revocation_differs", record.name)
        if is_over:
            yield unproven("signed_after_revocation", record.name)
        elif event.device in ended.since:
            outlived.add(event.device)
    for device in sorted(outlived):
        yield note("revoked_later", device)


def people_of(contents: Contents) -> tuple[Person, ...]:
    """Whoever signed events of the run, with the name that the pack discloses at the device's enrolment."""
    names: dict[str, str] = {}
    for record in contents.enrolments:
        event = record.event
        if event is not None and event.kind is EventType.DEVICE_ENROLLED:
            opening = contents.openings.get(event.commitments.get("name", ""))
            if opening is not None and isinstance(opening.value, str):
                names[event.device] = opening.value
    rows = {(event.actor, event.assurance, event.device) for _, event in contents.readable if event.actor != SERVER}
    return tuple(Person(ref, names.get(device), assurance, device) for ref, assurance, device in sorted(rows))
