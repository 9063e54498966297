"""The demo: a bulk port with a few people in each role, and a quarry that must see nothing of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from tanghulu.apps.directory.actions.certificates import add_certificate
from tanghulu.apps.directory.actions.members import add_member
from tanghulu.apps.directory.actions.places import add_equipment, add_place, add_unit
from tanghulu.apps.directory.models import Certificate, Equipment, Member, OrgUnit, Place
from tanghulu.apps.tenancy import queries as companies
from tanghulu.apps.tenancy import scope
from tanghulu.apps.tenancy.actions import add_tenant
from tanghulu.core.access import Actor, Role
from tanghulu.core.errors import NotAllowed

HARBOUR = "harbour"
QUARRY = "quarry"


@dataclass(frozen=True, slots=True)
class _Person:
    username: str
    name: str
    number: str
    unit: str
    roles: tuple[Role, ...]
    certificates: tuple[tuple[str, int], ...] = ()  # kind, days until it expires


_UNITS = (
    ("维修部", None),
    ("维修三班", "维修部"),
    ("电气班", "维修部"),
    ("安全环保部", None),
    ("综合管理部", None),
)
_PEOPLE = (
    _Person("wen", "王维", "0231", "维修三班", (Role.WORKER,)),
    _Person("li", "李强", "0232", "电气班", (Role.WORKER,), (("electrical", 420),)),
    _Person("zhang", "张敏", "0233", "维修三班", (Role.WORKER,), (("height", 45), ("gas_test", 440))),
    _Person("he", "何伟", "0234", "电气班", (Role.WORKER,), (("electrical", -20), ("high_voltage", 430))),
    _Person("ma", "马涛", "0239", "电气班", (Role.WORKER,), (("high_voltage", 420),)),
    _Person("vera", "魏娜", "0241", "维修三班", (Role.GUARDIAN,), (("guardian", 300),)),
    _Person("liu", "刘洋", "0242", "维修三班", (Role.GUARDIAN,), (("guardian", 210),)),
    _Person("zhao", "赵刚", "0251", "维修三班", (Role.TEAM_LEADER,), (("guardian", 500),)),
    _Person("chen", "陈静", "0301", "安全环保部", (Role.SAFETY_OFFICER,)),
    _Person("gao", "高磊", "0302", "安全环保部", (Role.SAFETY_OFFICER,)),
    _Person("sun", "孙立", "0303", "安全环保部", (Role.TEMPLATE_AUTHOR,)),
    _Person("zhou", "周涛", "0101", "综合管理部", (Role.MANAGER,)),
    _Person("wu", "吴芳", "0102", "综合管理部", (Role.AUDITOR,)),
    _Person("zheng", "郑洁", "0103", "综合管理部", (Role.ADMINISTRATOR,)),
)
_PLACES = (("散货堆场", None), ("皮带机廊道", None), ("1号转运站", "皮带机廊道"), ("2号转运站", "皮带机廊道"))
_EQUIPMENT = (
    ("C1", "1号皮带机", "conveyor", "皮带机廊道"),
    ("C2", "2号皮带机", "conveyor", "皮带机廊道"),
    ("C3", "3号皮带机", "conveyor", "皮带机廊道"),
    ("H1", "6 kV 1号高压柜", "switchgear", "1号转运站"),
    ("S1", "1号筒仓", "silo", "散货堆场"),
)

_QUARRY_PEOPLE = (
    _Person("quentin", "昆廷", "Q001", "采矿班", (Role.WORKER, Role.SAFETY_OFFICER)),
    _Person("qiu", "邱敏", "Q002", "采矿班", (Role.ADMINISTRATOR,)),
)


def add_demo_companies(actor: Actor, *, at: datetime) -> None:
    """Add the demo's two companies with their people, places and conveyors; what is there already is left alone.

    Nobody of them has a password: they are signed in by one click, on the machine itself only.
    """
    if not actor.is_operator:
        raise NotAllowed("not_allowed")
    with transaction.atomic():
        _add_company(HARBOUR, "港湾散货码头", at=at)
        _add_company(QUARRY, "采石场", at=at)
        with scope.within(HARBOUR):
            _fill(Actor.operator(HARBOUR), _UNITS, _PEOPLE, at=at)
            _add_things(Actor.operator(HARBOUR), _PLACES, _EQUIPMENT)
        with scope.within(QUARRY):
            _fill(Actor.operator(QUARRY), (("采矿班", None),), _QUARRY_PEOPLE, at=at)
            _add_things(
                Actor.operator(QUARRY), (("破碎车间", None),), (("P1", "破碎机给料皮带", "conveyor", "破碎车间"),)
            )


def _add_company(slug: str, name: str, *, at: datetime) -> None:
    if not companies.exists(slug):
        add_tenant(Actor.operator(slug), slug=slug, name=name, at=at)


def _fill(
    actor: Actor, units: tuple[tuple[str, str | None], ...], people: tuple[_Person, ...], *, at: datetime
) -> None:
    for name, parent in units:
        if not OrgUnit.objects.filter(name=name).exists():
            add_unit(actor, name=name, parent=OrgUnit.objects.get(name=parent).pk if parent else None)
    for person in people:
        if Member.objects.filter(number=person.number).exists():
            continue
        ref = add_member(
            actor,
            name=person.name,
            roles=person.roles,
            number=person.number,
            unit=OrgUnit.objects.get(name=person.unit).pk,
            username=person.username,
            at=at,
        )
        for kind, days in person.certificates:
            number = f"{person.number}-{Certificate.objects.filter(member__ref=ref).count() + 1}"
            add_certificate(actor, member=ref, kind=kind, number=number, valid_until=(at + timedelta(days=days)).date())


def _add_things(
    actor: Actor, places: tuple[tuple[str, str | None], ...], equipment: tuple[tuple[str, str, str, str], ...]
) -> None:
    for name, parent in places:
        if not Place.objects.filter(name=name).exists():
            add_place(actor, name=name, parent=Place.objects.get(name=parent).pk if parent else None)
    for number, name, kind, place in equipment:
        if not Equipment.objects.filter(number=number).exists():
            add_equipment(actor, number=number, name=name, kind=kind, place=Place.objects.get(name=place).pk)
