"""Devices come in: docs/formats/enrolment.md."""

from __future__ import annotations

import base64
import json
from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import Field

from tanghulu.apps.directory import throttle
from tanghulu.apps.evidence import actions, queries
from tanghulu.core.errors import NotFound
from tanghulu.web import endpoints
from tanghulu.web.api.answers import TEXT, EnvelopeOut, declined
from tanghulu.web.limits import counted
from tanghulu.web.phones import phone_page

router = Router(tags=["devices"])

_SCHEME = "Bearer "


class Member(Schema):
    """For whom a code is asked."""

    member: Annotated[str, Field(pattern=TEXT)]


class CodeOut(Schema):
    """A one-time code, and the address that brings it to a phone."""

    code: str
    url: str
    expires_at: datetime


class CodeIn(Schema):
    """A code that a phone brings."""

    code: Annotated[str, Field(max_length=200, pattern=TEXT)]


class InvitationOut(Schema):
    """Whom the code is for."""

    tenant: str
    tenant_name: str
    member: str
    name: str
    may_enrol: bool
    roles: list[str]


class EnrolmentIn(Schema):
    """A device's own signed `device.enrolled`, with the openings of its commitments."""

    code: Annotated[str, Field(max_length=200, pattern=TEXT)]
    envelope: dict[str, Any]
    openings: list[dict[str, Any]] = []


class AskedOut(Schema):
    """A device that has asked to be let in."""

    device: str
    status: str
    ticket: str


class DeviceOut(Schema):
    """A device; `check` is what people compare."""

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


class WaitingOut(DeviceOut):
    """A device that waits; `payload` (base64) is what a countersignature is over, as a DSSE event payload."""

    payload: str


class WaitingDevicesOut(Schema):
    """The devices that wait."""

    enrolments: list[WaitingOut]


class DevicesOut(Schema):
    """Devices."""

    devices: list[DeviceOut]


class HeadOut(Schema):
    """The newest checkpoint that a phone begins with."""

    root: str
    size: int


class ArrivalOut(Schema):
    """How an enrolment stands; once the device is enrolled, its token, and what the log said of it."""

    status: str
    token: str = ""
    admission: EnvelopeOut = None  # type: ignore[assignment] # absent until then
    checkpoint: HeadOut = None  # type: ignore[assignment] # absent until the log is published


class PositionOut(Schema):
    """The last event of a device, number and hash of its payload (0 and empty where there is none), and its status."""

    dseq: int
    payload: str
    status: str


class SignatureIn(Schema):
    """A countersignature: the signing device and 64 bytes r || s in base64."""

    keyid: Annotated[str, Field(pattern=TEXT)]
    sig: Annotated[str, Field(max_length=88)]


class RevocationIn(Schema):
    """A signed `device.revoked`, with the openings of its commitments."""

    envelope: dict[str, Any]
    openings: list[dict[str, Any]] = []


class AdmittedOut(Schema):
    """The server's signed word that an event is stored."""

    admission: EnvelopeOut


@router.post("/enrolments/codes", response={201: CodeOut, **declined(403, 404, 422)})
def post_code(request: HttpRequest, body: Member) -> Status[CodeOut]:
    """Make a one-time code for a member's new device."""
    code = actions.make_code(endpoints.actor_of(request), member=body.member, at=timezone.now())
    url = f"{phone_page(request)}#enrol={code.text}"
    return Status(201, CodeOut(code=code.text, url=url, expires_at=code.expires_at))


@router.post("/enrolments/begin", auth=None, response={200: InvitationOut, **declined(404, 422)})
def post_begin(request: HttpRequest, body: CodeIn) -> InvitationOut:
    """Say whom a code is for; it is not used up."""
    with counted(request, throttle.BAD_CODE, "code_unknown"):
        found = actions.read_code(body.code, at=timezone.now())
    return InvitationOut(
        tenant=found.tenant,
        tenant_name=found.tenant_name,
        member=found.member,
        name=found.name,
        may_enrol=found.may_enrol,
        roles=list(found.roles),
    )


@router.post("/enrolments", auth=None, response={202: AskedOut, **declined(403, 404, 409, 422)})
def post_enrolment(request: HttpRequest, body: EnrolmentIn) -> Status[AskedOut]:
    """Use a code: the device shows that it holds its key, and waits for a second person."""
    with counted(request, throttle.BAD_CODE, "code_unknown"):
        asked = actions.ask_in(body.code, sent=body.envelope, openings=body.openings, at=timezone.now())
    return Status(202, AskedOut(device=asked.device, status=asked.status, ticket=asked.ticket))


@router.get("/enrolments", response={200: WaitingDevicesOut, **declined(403)})
def get_enrolments(request: HttpRequest) -> WaitingDevicesOut:
    """List the devices that wait, oldest first."""
    found = queries.waiting(endpoints.actor_of(request))
    return WaitingDevicesOut(
        enrolments=[
            WaitingOut(**_device(one.row).dict(), payload=base64.b64encode(one.payload).decode()) for one in found
        ]
    )


@router.get(
    "/enrolments/{device}",
    auth=None,
    exclude_unset=True,
    response={200: ArrivalOut, **declined(404)},
)
def get_enrolment(request: HttpRequest, device: str) -> ArrivalOut:
    """Ask with the ticket, as bearer, how it stands; an enrolled device is given its token."""
    header = request.META.get("HTTP_AUTHORIZATION", "")
    if not header.startswith(_SCHEME):
        raise NotFound("device_not_found")
    ticket = header.removeprefix(_SCHEME).strip()
    arrival = actions.come_in(device=device, ticket=ticket, at=timezone.now())
    if arrival.status != "enrolled":
        return ArrivalOut(status=arrival.status)
    admission = EnvelopeOut.model_validate_json(arrival.admission)
    answer = ArrivalOut(status=arrival.status, token=arrival.token, admission=admission)
    if arrival.size:
        answer.checkpoint = HeadOut(root=arrival.root, size=arrival.size)
    return answer


@router.post("/enrolments/{device}/countersign", response={204: None, **declined(403, 404, 409, 422)})
def post_countersignature(request: HttpRequest, device: str, body: SignatureIn) -> Status[None]:
    """Vouch for a waiting device with the signature of one's own."""
    actions.countersign(
        endpoints.actor_of(request),
        device=device,
        keyid=body.keyid,
        sig=actions.signature_of(body.sig),
        at=timezone.now(),
    )
    return Status(204, None)


@router.post("/enrolments/{device}/refuse", response={204: None, **declined(403, 404, 409)})
def post_refusal(request: HttpRequest, device: str) -> Status[None]:
    """Turn a waiting device away."""
    actions.refuse(endpoints.actor_of(request), device=device)
    return Status(204, None)


@router.post("/devices/{device}/revoke", response={200: AdmittedOut, 201: AdmittedOut, **declined(403, 404, 409, 422)})
def post_revocation(request: HttpRequest, device: str, body: RevocationIn) -> Status[AdmittedOut]:
    """End the key of a device, with a `device.revoked` signed by one's own."""
    reception = actions.revoke(
        endpoints.actor_of(request),
        device=device,
        sent=body.envelope,
        openings=body.openings,
        at=timezone.now(),
        session=_session(request),
    )
    status = 201 if reception.outcome == "admitted" else 200
    return Status(status, AdmittedOut(admission=json.loads(reception.admission)))


def _session(request: HttpRequest) -> str:
    """The browser session of whoever calls; empty for callers with a token, who have none."""
    session = getattr(request, "session", None)
    return session.session_key or "" if session is not None else ""


@router.get("/devices", response={200: DevicesOut, **declined(403)})
def get_devices(request: HttpRequest) -> DevicesOut:
    """List the company's devices."""
    return DevicesOut(devices=[_device(row) for row in queries.devices(endpoints.actor_of(request))])


@router.get("/devices/mine", response={200: DevicesOut, **declined()})
def get_own_devices(request: HttpRequest) -> DevicesOut:
    """List one's own devices."""
    return DevicesOut(devices=[_device(row) for row in queries.own_devices(endpoints.actor_of(request))])


@router.get("/devices/{device}/position", response={200: PositionOut, **declined(404)})
def get_position(request: HttpRequest, device: str) -> PositionOut:
    """Say which event of one's own device is the last that the server holds."""
    found = queries.position(endpoints.actor_of(request), device)
    return PositionOut(dseq=found.dseq, payload=found.payload, status=found.status)


def _device(row: queries.DeviceRow) -> DeviceOut:
    return DeviceOut(
        device=row.device,
        member=row.member,
        name=row.name,
        label=row.label,
        status=row.status,
        may_enrol=row.may_enrol,
        assurance=row.assurance,
        asked_at=row.asked_at,
        enrolled_at=row.enrolled_at,
        check=row.check,
        seen_at=row.seen_at,
        revoked_at=row.revoked_at,
    )
