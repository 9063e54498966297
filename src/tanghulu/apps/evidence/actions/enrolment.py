"""Devices come in: a one-time code, the device's own signature, a second person's signature (formats/enrolment.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from tanghulu.apps.directory import actions as people
from tanghulu.apps.directory import queries as directory
from tanghulu.apps.directory import tokens
from tanghulu.apps.directory.one_way import digest
from tanghulu.apps.evidence import tickets, vouching
from tanghulu.apps.evidence.actions import ledger
from tanghulu.apps.evidence.actions.book import Examined, open_book
from tanghulu.apps.evidence.actions.openings import keep_openings
from tanghulu.apps.evidence.models import Device, EnrolmentCode, Entry, Log
from tanghulu.apps.evidence.signatures import ENROLLED, PENDING, REFUSED, REVOKED, EnrolledDevice, enrolled_device
from tanghulu.apps.tenancy import queries as companies
from tanghulu.apps.tenancy import scope
from tanghulu.core.access import Actor, Permission
from tanghulu.core.chain import enrolment as rules
from tanghulu.core.chain import envelope as envelopes
from tanghulu.core.chain import event as events
from tanghulu.core.chain.encoding import from_base64
from tanghulu.core.chain.keys import SIGNATURE_BYTES
from tanghulu.core.errors import Conflict, Invalid, NotAllowed, NotFound
from tanghulu.gateways import keys

CODE_LIVES = timedelta(minutes=15)
_LONGEST_LABEL = 100


@dataclass(frozen=True, slots=True)
class Code:
    """A one-time code, shown once."""

    text: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Invitation:
    """Whom a code is for."""

    tenant: str
    tenant_name: str
    member: str
    name: str
    may_enrol: bool
    roles: Sequence[str]


@dataclass(frozen=True, slots=True)
class Asked:
    """A device that has asked to come in: `status` is `pending`, or `enrolled` for a founder's first device."""

    device: str
    status: str
    ticket: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """What a ticket is answered with. Only an enrolled device gets more than the status.

    `admission` is an envelope; `size` and `root` (hex) are the newest head of the log, 0 and empty before the first.
    """

    status: str
    token: str = ""
    admission: bytes = b""
    size: int = 0
    root: str = ""


@transaction.atomic
def make_code(actor: Actor, *, member: str, at: datetime) -> Code:
    """Make a code with which one phone of the member may ask to come in. Raises NotFound `member_not_found`.

    Everybody may ask for their own; for others it takes `evidence.device.enrol`.
    """
    actor.require(Permission.EVIDENCE_DEVICE_REQUEST)
    if member != actor.member:
        actor.require(Permission.EVIDENCE_DEVICE_ENROL)
    directory.actor_for(member)
    code = tickets.new_code()
    EnrolmentCode.objects.create(sha256=digest(code), member=member, asked_by=actor.member, expires_at=at + CODE_LIVES)
    return Code(text=code, expires_at=at + CODE_LIVES)


def read_code(code: str, *, at: datetime) -> Invitation:
    """Say whom the code is for, without using it up. Raises NotFound `code_unknown`, also when it is old or used."""
    with scope.within(tickets.tenant_of_code(code)):
        row = _good_code(code, at=at)
        return _invitation(row.member)


def ask_in(code: str, *, sent: Mapping[str, Any], openings: Sequence[Mapping[str, Any]], at: datetime) -> Asked:
    """Let a device ask to come in, with its `device.enrolled` signed by itself; the code is used up.

    The same device may ask again, with the code that it used or a new one, and gets a new ticket.

    Raises NotFound `code_unknown`; Conflict `device_exists` when the key has come in before, `device_already_revoked`
    when it has ended; Invalid `device_mismatch`
    when it is for somebody else than the code, `enrolment_malformed`, `opening_invalid` or those of an envelope.
    """
    with scope.within(tickets.tenant_of_code(code)), transaction.atomic():
        ledger.lock_log()
        row = EnrolmentCode.objects.get(sha256=digest(code))
        envelope, enrolment = _examined(sent, member=row.member)
        # A phone whose answer was lost may ask again, but only while the code lives.
        if row.expires_at <= at or (row.used_at is not None and row.device != enrolment.device):
            raise NotFound("code_unknown")
        keep_openings(openings, at=at)
        device = _waiting_row(envelope, enrolment, label=_label(envelope, openings), at=at)
        ticket = tickets.new_ticket()
        device.ticket_sha256 = digest(ticket)
        if row.used_at is None:
            device.code_made_at = row.expires_at - CODE_LIVES
        device.save()
        row.used_at, row.device = at, enrolment.device
        row.save()
        server = keys.server_key(scope.current())
        # The server vouches for a founder who asked in person: nobody becomes a founder with another founder's help.
        is_own = row.asked_by in {row.member, ""}
        if device.status == PENDING and is_own and vouching.refusal_of(enrolment, server.device) is None:
            _enrol(device, envelopes.countersign(envelope, server), at=at)
        return Asked(device=device.device, status=device.status, ticket=ticket)


@transaction.atomic
def countersign(actor: Actor, *, device: str, keyid: str, sig: bytes, at: datetime) -> None:
    """Vouch for a device that waits, with a signature made by the actor's own device over the same payload.

    Raises NotFound `device_not_found`, Conflict `enrolment_not_pending`, NotAllowed with the reason why this signer
    may not vouch for it, Invalid `signature_invalid`.
    """
    actor.require(Permission.EVIDENCE_DEVICE_ENROL)
    row = _pending(device)
    signer = _own_device(actor, keyid)
    envelope = envelopes.parse_entry(bytes(row.envelope))
    enrolment = rules.enrolment_of(events.parse_payload(envelope.payload), [device, keyid])
    refusal = vouching.refusal_of(enrolment, keyid)
    if refusal is not None:
        raise NotAllowed(refusal)
    if EnrolmentCode.objects.filter(device=device, asked_by=actor.member).exists():
        # Whoever made the code could have scanned it too; the second person must be another.
        raise NotAllowed("countersigner_asked")
    signed = envelopes.with_signature(envelope, keyid, sig)
    if not signed.signed_by(signer.key):
        raise Invalid("signature_invalid")
    _enrol(row, signed, at=at)


def signature_of(text: str) -> bytes:
    """The bytes of a signature in base64. Raises Invalid `signature_invalid`."""
    sig = from_base64(text)
    if sig is None or len(sig) != SIGNATURE_BYTES:
        raise Invalid("signature_invalid")
    return sig


@transaction.atomic
def refuse(actor: Actor, *, device: str) -> None:
    """Turn a device away. Raises NotFound `device_not_found`, Conflict `enrolment_not_pending`."""
    actor.require(Permission.EVIDENCE_DEVICE_ENROL)
    row = _pending(device)
    row.status = REFUSED
    row.save()


def come_in(*, device: str, ticket: str, at: datetime) -> Arrival:
    """What became of the device; once it is in, a new token, which ends the one before.

    A token that somebody has ended does not come back so: it takes a one-time code made later.

    Raises NotFound `device_not_found` for a ticket that is not this device's, or that is good no more.
    """
    tenant = tickets.tenant_of_ticket(ticket)
    with scope.within(tenant), transaction.atomic():
        # Whoever ends the key meanwhile holds this lock too: a new token comes before that and is limited by it.
        ledger.lock_log()
        row = Device.objects.filter(device=device, ticket_sha256=digest(ticket)).first()
        if row is None:
            raise NotFound("device_not_found")
        if row.status != ENROLLED:
            return Arrival(status=row.status)
        ended_at = tokens.device_tokens_ended_at(member=row.member, device=device)
        if ended_at is not None and (row.code_made_at is None or row.code_made_at <= ended_at):
            raise NotFound("device_not_found")
        operator = Actor.operator(tenant)
        people.revoke_tokens(operator, member=row.member, purpose="device", device=device, at=at)
        token = people.issue_token(operator, member=row.member, purpose="device", device=device, at=at)
        entry = Entry.objects.get(device=device, dseq=1)
        log = Log.objects.get()
        return Arrival(row.status, token, bytes(entry.admission), log.published_size, log.published_root)


def _good_code(code: str, *, at: datetime) -> EnrolmentCode:
    row = EnrolmentCode.objects.filter(sha256=digest(code), used_at=None, expires_at__gt=at).first()
    if row is None:
        raise NotFound("code_unknown")
    return row


def _invitation(member: str) -> Invitation:
    company = companies.company()
    invited = directory.actor_for(member)
    names = directory.member_names(Actor.operator(company.slug), refs=[member])
    return Invitation(
        tenant=company.slug,
        tenant_name=company.name,
        member=member,
        name=names[member],
        may_enrol=invited.may(Permission.EVIDENCE_DEVICE_ENROL),
        roles=sorted(role.value for role in invited.roles),
    )


def _examined(sent: Mapping[str, Any], *, member: str) -> tuple[envelopes.Envelope, rules.Enrolment]:
    """The envelope, once its own key has signed it and it says nothing that the member may not say."""
    envelope = ledger.envelope_in(sent)
    event = events.parse_payload(envelope.payload)
    enrolment = rules.enrolment_of(event, [one.keyid for one in envelope.signatures])
    if event.tenant != scope.current() or event.actor != member:
        raise Invalid("device_mismatch")
    if [one.keyid for one in envelope.signatures] != [event.device] or not envelope.signed_by(enrolment.key):
        raise Invalid("signature_invalid")
    if enrolment.may_enrol:
        directory.actor_for(member).require(Permission.EVIDENCE_DEVICE_ENROL)
    return envelope, enrolment


def _label(envelope: envelopes.Envelope, openings: Sequence[Mapping[str, Any]]) -> str:
    """What the device calls itself, from the openings beside its enrolment."""
    wanted = events.parse_payload(envelope.payload).commitments.get("label")
    return str(next((one["value"] for one in openings if one["commitment"] == wanted), ""))[:_LONGEST_LABEL]


def _waiting_row(envelope: envelopes.Envelope, enrolment: rules.Enrolment, *, label: str, at: datetime) -> Device:
    row = Device.objects.filter(device=enrolment.device).first()
    if row is None:
        row = Device(device=enrolment.device, spki=enrolment.key.spki)
    elif row.status == REVOKED:
        raise Conflict("device_already_revoked")
    elif row.status in {ENROLLED, PENDING}:
        if envelopes.parse_entry(bytes(row.envelope)).payload_hash != envelope.payload_hash:
            raise Conflict("device_exists")
        return row
    row.member, row.label = enrolment.actor, label
    row.may_enrol = enrolment.may_enrol
    row.assurance = events.parse_payload(envelope.payload).assurance
    row.status = PENDING
    row.envelope = envelope.entry
    row.asked_at = at
    return row


def _enrol(row: Device, signed: envelopes.Envelope, *, at: datetime) -> None:
    event = events.parse_payload(signed.payload)
    with open_book(at=at) as book:
        book.append(Examined(signed, event), codes=())
    row.envelope = signed.entry
    row.status, row.enrolled_at = ENROLLED, at
    row.countersigned_by = signed.signatures[1].keyid
    row.save()


def _own_device(actor: Actor, device: str) -> EnrolledDevice:
    try:
        found = enrolled_device(device)
    except Invalid as error:
        raise NotAllowed("countersigner_unknown") from error
    if found.member != actor.member:
        raise NotAllowed("countersigner_unknown")
    return found


def _pending(device: str) -> Device:
    """The device, while it waits; holds the log's lock from here on, so that it is let in or turned away once."""
    if not Device.objects.filter(device=device).exists():
        raise NotFound("device_not_found")
    ledger.lock_log()
    row = Device.objects.get(device=device)
    if row.status != PENDING:
        raise Conflict("enrolment_not_pending")
    return row
