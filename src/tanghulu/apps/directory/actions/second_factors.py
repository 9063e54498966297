"""What an administrator decides about second factors."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction

from tanghulu.apps.directory import sessions, sign_ins
from tanghulu.apps.directory.actions.links import account_of
from tanghulu.apps.directory.actions.members import member_row, wanted_roles
from tanghulu.apps.directory.models import SecondFactorRule
from tanghulu.apps.directory.sign_ins import What
from tanghulu.core.access import Actor, Permission
from tanghulu.core.errors import NotFound


@transaction.atomic
def require_second_factor(actor: Actor, *, roles: Iterable[str], at: datetime) -> None:
    """Let exactly these roles need a second factor, from the next sign-in on. Raises Invalid `role_unknown`."""
    actor.require(Permission.DIRECTORY_SIGNIN_WRITE)
    wanted = wanted_roles(roles)
    SecondFactorRule.objects.exclude(role__in=wanted).delete()
    held = set(SecondFactorRule.objects.values_list("role", flat=True))
    SecondFactorRule.objects.bulk_create(SecondFactorRule(role=role) for role in wanted if role not in held)
    if actor.member:
        sign_ins.note_member(member_row(actor.member), What.RULE_CHANGED, at=at, way="+".join(wanted))


@transaction.atomic
def reset_second_factor(actor: Actor, *, member: str, at: datetime) -> None:
    """Take every second factor of a person away, and end their sessions.

    Raises NotFound `second_factor_not_found`, and as `make_link` does.
    """
    actor.require(Permission.DIRECTORY_SIGNIN_WRITE)
    row = member_row(member)
    account = account_of(actor, row)
    if not Authenticator.objects.filter(user_id=account.pk).delete()[0]:
        raise NotFound("second_factor_not_found")
    sessions.end_sessions(account.pk)
    sign_ins.note_member(row, What.FACTOR_RESET, at=at, by=actor.member)
