"""What is looked up about people, places and things. Everything returned is plain data, never a row."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Self

from django.db.models import Q, QuerySet

from tanghulu.apps.directory import trees
from tanghulu.apps.directory.models import (
    Account,
    Certificate,
    Equipment,
    Member,
    MemberRole,
)
from tanghulu.apps.directory.trees import TreeRow
from tanghulu.apps.tenancy import queries as companies
from tanghulu.apps.tenancy import rows, scope
from tanghulu.core.access import Actor, Permission, Role
from tanghulu.core.errors import NotFound

PAGE = 50


@dataclass(frozen=True, slots=True)
class Seat:
    """Who a signed-in person is in one company, and what their pages need to know.

    `language` is empty where nobody has said which one the person reads.
    """

    actor: Actor
    name: str
    company: str
    language: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class CertificateRow:
    """A certificate; `valid_until` is its last good day."""

    id: int
    kind: str
    number: str
    valid_until: date

    def expired(self, on: date) -> bool:
        """Say whether it is no longer good on this day."""
        return on > self.valid_until


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A person in the company."""

    ref: str
    name: str
    number: str
    unit_id: int | None
    unit: str
    roles: tuple[Role, ...]
    certificates: tuple[CertificateRow, ...]
    username: str
    language: str
    active: bool

    @classmethod
    def of(cls, row: Member) -> Self:
        """Take the row's values; roles and certificates should have been fetched with it."""
        certificates = sorted(row.certificates.all(), key=lambda held: (held.kind, held.valid_until, held.number))
        return cls(
            ref=row.ref,
            name=row.name,
            number=row.number,
            unit_id=row.unit_id,
            unit=row.unit.name if row.unit else "",
            roles=tuple(sorted(Role(held.role) for held in row.member_roles.all())),
            certificates=tuple(CertificateRow(c.pk, c.kind, c.number, c.valid_until) for c in certificates),
            username=row.account.username if row.account else "",
            language=row.language,
            active=row.active,
        )


@dataclass(frozen=True, slots=True)
class MemberPage:
    """Some of the people who were asked for, and how many there are in all."""

    rows: tuple[MemberRow, ...]
    total: int


@dataclass(frozen=True, slots=True)
class EquipmentRow:
    """A piece of equipment."""

    ref: str
    number: str
    name: str
    kind: str
    place_id: int | None
    place: str

    @property
    def code(self) -> str:
        """The text in its QR code."""
        return f"tanghulu:equipment:{self.ref}"


def seats_of(account: int | None) -> list[Seat]:
    """Every company in which this account is an active member, by the company's name."""
    if account is None:
        return []
    with scope.across_tenants():
        rows = list(
            Member.everywhere.filter(account_id=account, account__is_active=True, active=True)
            .select_related("tenant")
            .order_by("tenant__name", "tenant_id")
        )
    return [_seat(row) for row in rows]


def _seat(row: Member) -> Seat:
    with scope.within(row.tenant_id):
        roles = frozenset(Role(role) for role in row.member_roles.values_list("role", flat=True))
    return Seat(
        actor=Actor(tenant=row.tenant_id, member=row.ref, roles=roles),
        name=row.name,
        company=row.tenant.name,
        language=row.language,
        time_zone=row.tenant.time_zone,
    )


def members(
    actor: Actor,
    *,
    search: str = "",
    role: str = "",
    unit: int | None = None,
    active: bool | None = True,
    start: int = 0,
    limit: int = PAGE,
) -> MemberPage:
    """People by name, from `start` on; `search` looks in names and numbers, `active` None takes those who left too."""
    actor.require(Permission.DIRECTORY_MEMBER_READ)
    found = Member.objects.order_by("number", "name", "pk")
    if search.strip():
        found = found.filter(Q(name__icontains=search.strip()) | Q(number__icontains=search.strip()))
    if role:
        found = found.filter(member_roles__role=role)
    if unit is not None:
        found = found.filter(unit_id=unit)
    if active is not None:
        found = found.filter(active=active)
    rows = _whole(found)[start : start + limit]
    return MemberPage(rows=tuple(MemberRow.of(row) for row in rows), total=found.count())


def member(actor: Actor, *, ref: str) -> MemberRow:
    """One person. Raises NotFound `member_not_found`."""
    actor.require(Permission.DIRECTORY_MEMBER_READ)
    row = _whole(Member.objects.filter(ref=ref)).first()
    if row is None:
        raise NotFound("member_not_found")
    return MemberRow.of(row)


def colleagues(actor: Actor) -> list[MemberRow]:
    """Everybody who is active, for choosing who takes part in a job."""
    actor.require(Permission.DIRECTORY_NAME_READ)
    return [MemberRow.of(row) for row in _whole(Member.objects.filter(active=True)).order_by("name", "pk")]


def _whole(found: QuerySet[Member]) -> QuerySet[Member]:
    return found.select_related("unit", "account").prefetch_related("member_roles", "certificates")


def member_names(actor: Actor, *, refs: Collection[str]) -> dict[str, str]:
    """Ref to name for those of the refs that are people of this company."""
    actor.require(Permission.DIRECTORY_NAME_READ)
    return dict(Member.objects.filter(ref__in=set(refs)).values_list("ref", "name"))


def facts_of(refs: Collection[str]) -> dict[str, dict[str, object]]:
    """What a person is to the company of the present scope, as the evidence log states it (`people.resolved`).

    Shape: `{ref: {"roles": [role, ...], "certificates": {kind: "YYYY-MM-DD"}}}`, roles sorted, of several certificates
    of a kind the one that is good for longest. Somebody who is not active has neither.
    """
    wanted = sorted(set(refs))
    roles: dict[str, set[str]] = {}
    certificates: dict[str, dict[str, str]] = {}
    for ref, role, kind, until in rows.ask(_FACTS % rows.marks(len(wanted)), [scope.current(), *wanted]):
        roles.setdefault(ref, set()).update([role] if role else [])
        certificates.setdefault(ref, {}).update({kind: str(until)} if kind else {})
    return {
        ref: {"roles": sorted(held), "certificates": dict(sorted(certificates[ref].items()))}
        for ref, held in roles.items()
    }


# Written out, because it is asked whenever a job begins, while a phone waits; ordered so that what is good for longest
# comes last.
_FACTS = f"""
    SELECT member.ref, held.role, card.kind, card.valid_until
    FROM {Member._meta.db_table} member
    LEFT JOIN {MemberRole._meta.db_table} held ON held.member_id = member.id AND member.active
    LEFT JOIN {Certificate._meta.db_table} card ON card.member_id = member.id AND member.active
    WHERE member.tenant_id = %%s AND member.ref IN (%s)
    ORDER BY card.valid_until
"""  # noqa: S608 - nothing but names of tables is put in


def actor_for(ref: str) -> Actor:
    """The actor that a person of the present company is. Raises NotFound `member_not_found`."""
    row = Member.objects.filter(ref=ref, active=True).prefetch_related("member_roles").first()
    if row is None:
        raise NotFound("member_not_found")
    return Actor(row.tenant_id, row.ref, frozenset(Role(held.role) for held in row.member_roles.all()))


def refs_who_may(permission: Permission) -> list[str]:
    """The sorted refs of the active people of the present company who have a permission, such as a log's founders."""
    rows = Member.objects.filter(active=True).prefetch_related("member_roles").order_by("ref")
    return [
        row.ref
        for row in rows
        if Actor(row.tenant_id, row.ref, frozenset(Role(held.role) for held in row.member_roles.all())).may(permission)
    ]


def ref_by_username(username: str) -> str:
    """The ref of the person of the present company who signs in with this name. Raises NotFound `member_not_found`."""
    ref = Member.objects.filter(account__username__iexact=username).values_list("ref", flat=True).first()
    if ref is None:
        raise NotFound("member_not_found")
    return ref


def units(actor: Actor) -> list[TreeRow]:
    """The org units, each below its parent."""
    actor.require(Permission.DIRECTORY_UNIT_READ)
    return trees.units()


def places(actor: Actor) -> list[TreeRow]:
    """The places, each below the one that it is in."""
    actor.require(Permission.DIRECTORY_PLACE_READ)
    return trees.places()


def equipment(actor: Actor, *, kind: str = "") -> list[EquipmentRow]:
    """The equipment by number, all or of one kind."""
    actor.require(Permission.DIRECTORY_EQUIPMENT_READ)
    rows = Equipment.objects.select_related("place").order_by("number")
    if kind:
        rows = rows.filter(kind=kind)
    return [_equipment(row) for row in rows]


def equipment_by_ref(actor: Actor, *, ref: str) -> EquipmentRow:
    """One piece of equipment. Raises NotFound `equipment_not_found`."""
    actor.require(Permission.DIRECTORY_EQUIPMENT_READ)
    row = Equipment.objects.select_related("place").filter(ref=ref).first()
    if row is None:
        raise NotFound("equipment_not_found")
    return _equipment(row)


def _equipment(row: Equipment) -> EquipmentRow:
    return EquipmentRow(
        ref=row.ref,
        number=row.number,
        name=row.name,
        kind=row.kind,
        place_id=row.place_id,
        place=row.place.name if row.place else "",
    )


def account_exists(username: str) -> bool:
    """Say whether somebody signs in with this name, in whatever company."""
    return Account.objects.filter(username__iexact=username).exists()


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody whom the demo lets in by one click."""

    username: str
    name: str
    company: str
    roles: tuple[Role, ...]


def demo_people() -> list[DemoPerson]:
    """Everybody of every company who has a sign-in name but no password, which only the demo's people are."""
    people = []
    for slug in companies.slugs():
        with scope.within(slug):
            rows = Member.objects.filter(active=True, account__is_active=True).order_by("pk")
            people += [
                DemoPerson(row.account.username, row.name, row.tenant.name, MemberRow.of(row).roles)
                for row in _whole(rows.select_related("tenant"))
                if row.account is not None and not row.account.has_usable_password()
            ]
    return people


@dataclass(frozen=True, slots=True)
class HeldCertificate:
    """A certificate with the person who holds it."""

    member: str
    name: str
    certificate: CertificateRow


def certificates(actor: Actor) -> list[HeldCertificate]:
    """The certificates of everybody who is active, the one that ends first first."""
    actor.require(Permission.DIRECTORY_MEMBER_READ)
    rows = (
        Certificate.objects.filter(member__active=True)
        .select_related("member")
        .order_by("valid_until", "kind", "number", "pk")
    )
    return [
        HeldCertificate(row.member.ref, row.member.name, CertificateRow(row.pk, row.kind, row.number, row.valid_until))
        for row in rows
    ]
