"""Who and what there is: enough for a phone to begin a job without a network."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema

from tanghulu.apps.directory import queries
from tanghulu.apps.tenancy import queries as tenancy
from tanghulu.web import endpoints
from tanghulu.web.api.answers import declined

router = Router(tags=["directory"])


class PersonOut(Schema):
    """A colleague: `certificates` maps kinds to the last day on which they are valid."""

    ref: str
    name: str
    roles: list[str]
    certificates: dict[str, str]
    unit: str


class EquipmentOut(Schema):
    """What work is done on."""

    ref: str
    number: str
    name: str
    kind: str
    place: str


class DirectoryOut(Schema):
    """People and equipment of the company, and the time zone in which it tells time."""

    time_zone: str
    people: list[PersonOut]
    equipment: list[EquipmentOut]


class SelfOut(Schema):
    """The caller among the company's people."""

    ref: str
    name: str
    roles: list[str]


class MeOut(Schema):
    """Who the caller is."""

    tenant: str
    tenant_name: str
    member: SelfOut
    server_time: datetime


@router.get("/directory", response={200: DirectoryOut, **declined(403)})
def get_directory(request: HttpRequest) -> DirectoryOut:
    """List the company's people and equipment."""
    actor = endpoints.actor_of(request)
    return DirectoryOut(
        time_zone=tenancy.company().time_zone,
        people=[_person(row) for row in queries.colleagues(actor)],
        equipment=[
            EquipmentOut(ref=row.ref, number=row.number, name=row.name, kind=row.kind, place=row.place)
            for row in queries.equipment(actor)
        ],
    )


def _person(row: queries.MemberRow) -> PersonOut:
    held = sorted(row.certificates, key=lambda certificate: certificate.valid_until)
    return PersonOut(
        ref=row.ref,
        name=row.name,
        roles=[role.value for role in row.roles],
        # Of several certificates of a kind the one that is good for longest counts.
        certificates={certificate.kind: certificate.valid_until.isoformat() for certificate in held},
        unit=row.unit,
    )


@router.get("/me", response={200: MeOut, **declined()})
def get_me(request: HttpRequest) -> MeOut:
    """Say who the caller is, and what time the server has."""
    actor = endpoints.actor_of(request)
    company = tenancy.company()
    names = queries.member_names(actor, refs=[actor.member])
    return MeOut(
        tenant=company.slug,
        tenant_name=company.name,
        member=SelfOut(ref=actor.member, name=names.get(actor.member, ""), roles=sorted(actor.roles)),
        server_time=timezone.now(),
    )


class HealthOut(Schema):
    """The server answers."""

    ok: bool


@router.get("/health", auth=None, response={200: HealthOut, **declined()})
def get_health(request: HttpRequest) -> HealthOut:
    """Say that the server answers."""
    return HealthOut(ok=True)
