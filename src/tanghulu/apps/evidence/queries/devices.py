"""The devices of a company."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tanghulu.apps.directory import queries as people
from tanghulu.apps.evidence.models import Device, Entry
from tanghulu.core.access import Actor, Permission
from tanghulu.core.chain import envelope
from tanghulu.core.errors import NotFound


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """A device: `check` is the six digits that are compared when it is let in."""

    device: str
    member: str
    name: str
    label: str
    status: str
    may_enrol: bool
    assurance: str
    asked_at: datetime
    enrolled_at: datetime | None
    check: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A device that waits to be vouched for, with the payload that the voucher signs."""

    row: DeviceRow
    payload: bytes


@dataclass(frozen=True, slots=True)
class Position:
    """The last event of a device that the server holds; `dseq` 0 when there is none."""

    dseq: int
    payload: str


def check_number(device: str) -> str:
    """Six digits by which people compare a device id."""
    return f"{int(device[:12], 16) % 1_000_000:06d}"


def devices(actor: Actor) -> list[DeviceRow]:
    """Every device that is or was enrolled, newest first."""
    actor.require(Permission.EVIDENCE_DEVICE_READ)
    return _rows(actor, list(Device.objects.exclude(status__in=["pending", "refused"]).order_by("-enrolled_at", "pk")))


def own_devices(actor: Actor) -> list[DeviceRow]:
    """The actor's own devices, newest first."""
    return _rows(actor, list(Device.objects.filter(member=actor.member).order_by("-asked_at", "pk")))


def waiting(actor: Actor) -> list[Waiting]:
    """The devices that wait to be vouched for, oldest first."""
    actor.require(Permission.EVIDENCE_DEVICE_ENROL)
    found = list(Device.objects.filter(status="pending").order_by("asked_at", "pk"))
    payloads = [envelope.parse_entry(bytes(row.envelope)).payload for row in found]
    return [Waiting(row, payload) for row, payload in zip(_rows(actor, found), payloads, strict=True)]


def position(actor: Actor, device: str) -> Position:
    """Where a device of the actor's own stands. Raises NotFound `device_not_found`."""
    if not Device.objects.filter(device=device, member=actor.member).exists():
        raise NotFound("device_not_found")
    last = Entry.objects.filter(device=device).order_by("-dseq").only("dseq", "payload_hash").first()
    return Position(last.dseq, last.payload_hash) if last else Position(0, "")


def _rows(actor: Actor, found: list[Device]) -> list[DeviceRow]:
    names = people.member_names(actor, refs={row.member for row in found})
    return [
        DeviceRow(
            device=row.device,
            member=row.member,
            name=names.get(row.member, ""),
            label=row.label,
            status=row.status,
            may_enrol=row.may_enrol,
            assurance=row.assurance,
            asked_at=row.asked_at,
            enrolled_at=row.enrolled_at,
            check=check_number(row.device),
        )
        for row in found
    ]
