"""The devices of a company."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tanghulu.apps.directory import queries as people
from tanghulu.apps.directory import tokens
from tanghulu.apps.evidence.models import Device, Entry
from tanghulu.apps.evidence.queries.runs import REVOKED, openings_of
from tanghulu.apps.evidence.signatures import IN_THE_LOG
from tanghulu.core.access import Actor, Permission
from tanghulu.core.chain import envelope, event
from tanghulu.core.errors import NotFound


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """A device: `check` is the six digits that are compared when it is let in.

    `seen_at` is when it last asked for something, to the hour. `why` is what its revocation says.
    """

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
    seen_at: datetime | None
    revoked_at: datetime | None
    why: str


@dataclass(frozen=True, slots=True)
class DeviceAlone:
    """One device with what it has done last, and what has come since its key ended.

    `last_hash` is the payload hash of its newest event, empty when there is none. `late` counts the events that came
    behind the end of its key, `late_runs` are the jobs that they name.
    """

    row: DeviceRow
    last_hash: str
    last_at: datetime | None
    events: int
    revoked_by: str
    reason: str
    late: int
    late_runs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A device that waits to be vouched for, with the payload that the voucher signs."""

    row: DeviceRow
    payload: bytes


@dataclass(frozen=True, slots=True)
class Position:
    """The last event of a device that the server holds; `dseq` 0 when there is none. `status` is the device's."""

    dseq: int
    payload: str
    status: str


def check_number(device: str) -> str:
    """Six digits by which people compare a device id."""
    return f"{int(device[:12], 16) % 1_000_000:06d}"


def devices(actor: Actor) -> list[DeviceRow]:
    """Every device that is or was enrolled, newest first."""
    actor.require(Permission.EVIDENCE_DEVICE_READ)
    return _rows(actor, list(Device.objects.filter(status__in=IN_THE_LOG).order_by("-enrolled_at", "pk")))


def device(actor: Actor, name: str) -> DeviceAlone:
    """One device that is or was enrolled. Raises NotFound `device_not_found`."""
    actor.require(Permission.EVIDENCE_DEVICE_READ)
    row = Device.objects.filter(device=name, status__in=IN_THE_LOG).first()
    if row is None:
        raise NotFound("device_not_found")
    mine = Entry.objects.filter(device=name)
    last = mine.order_by("-dseq").only("payload_hash", "received_at").first()
    late = list(mine.filter(standing=REVOKED).order_by("index").values_list("run", flat=True))
    by = people.member_names(actor, refs={row.revoked_by})
    return DeviceAlone(
        row=_rows(actor, [row])[0],
        last_hash=last.payload_hash if last else "",
        last_at=last.received_at if last else None,
        events=mine.count(),
        revoked_by=by.get(row.revoked_by, ""),
        reason=_reason(row),
        late=len(late),
        late_runs=tuple(run for run in dict.fromkeys(late) if run),
    )


def _reason(row: Device) -> str:
    """Why the key was ended, in the words of who did it."""
    entry = Entry.objects.filter(index=row.revoked_index).first() if row.revoked_index is not None else None
    if entry is None:
        return ""
    commitments = event.parse_payload(envelope.parse_entry(bytes(entry.envelope)).payload).commitments
    kept = openings_of(commitments.values())
    return "".join(str(kept[one].value) for name, one in commitments.items() if name == "reason" and one in kept)


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
    status = Device.objects.filter(device=device, member=actor.member).values_list("status", flat=True).first()
    if status is None:
        raise NotFound("device_not_found")
    last = Entry.objects.filter(device=device).order_by("-dseq").only("dseq", "payload_hash").first()
    return Position(last.dseq, last.payload_hash, status) if last else Position(0, "", status)


def _rows(actor: Actor, found: list[Device]) -> list[DeviceRow]:
    names = people.member_names(actor, refs={row.member for row in found})
    seen = tokens.devices_seen_at([row.device for row in found])
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
            seen_at=seen.get(row.device),
            revoked_at=row.revoked_at,
            why=row.revoked_why,
        )
        for row in found
    ]
