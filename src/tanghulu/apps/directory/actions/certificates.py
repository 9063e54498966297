"""Licences of people."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from tanghulu.apps.directory.actions.members import member_row
from tanghulu.apps.directory.fields import filled
from tanghulu.apps.directory.models import Certificate
from tanghulu.core.access import Actor, Permission
from tanghulu.core.errors import Conflict, NotFound


@transaction.atomic
def add_certificate(actor: Actor, *, member: str, kind: str, number: str, valid_until: date) -> int:
    """Enter a certificate of a member and return its id. `valid_until` is its last good day.

    Raises Conflict `certificate_exists`; a renewed certificate has a new number or replaces the removed one.
    """
    actor.require(Permission.DIRECTORY_CERTIFICATE_WRITE)
    holder = member_row(member)
    kind = filled(kind, field="kind", limit=40)
    number = filled(number, field="number", limit=80)
    if Certificate.objects.filter(member=holder, kind=kind, number=number).exists():
        raise Conflict("certificate_exists")
    return Certificate.objects.create(member=holder, kind=kind, number=number, valid_until=valid_until).pk


@transaction.atomic
def remove_certificate(actor: Actor, *, member: str, certificate: int) -> None:
    """Take a certificate away. Raises NotFound `certificate_not_found`."""
    actor.require(Permission.DIRECTORY_CERTIFICATE_WRITE)
    holder = member_row(member)
    removed, _ = Certificate.objects.filter(member=holder, pk=certificate).delete()
    if not removed:
        raise NotFound("certificate_not_found")
