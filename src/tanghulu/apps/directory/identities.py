"""Accounts that people have elsewhere and sign in with here: whose is whose."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from allauth.socialaccount.models import SocialAccount

from tanghulu.apps.directory.models import Member
from tanghulu.core.access import Actor, Permission

SUBJECT_LENGTH = 191  # as the library's table has it


class Kind(StrEnum):
    """Where the account is; the library keeps these words. Add, never rename."""

    COMPANY = "company"
    DINGTALK = "dingtalk"

    @property
    def way(self) -> str:
        """The word in the book at the door."""
        return "oidc" if self is Kind.COMPANY else self.value


@dataclass(frozen=True, slots=True)
class IdentityRow:
    """An account elsewhere; `subject` is the id that it has there."""

    id: int
    kind: Kind
    subject: str


def identities(actor: Actor, *, member: str) -> tuple[IdentityRow, ...]:
    """The accounts elsewhere with which a person of the company signs in."""
    actor.require(Permission.DIRECTORY_SIGNIN_WRITE)
    account = Member.objects.filter(ref=member).values_list("account_id", flat=True).first()
    rows = SocialAccount.objects.filter(user_id=account, provider__in=list(Kind)).order_by("provider", "pk")
    return tuple(IdentityRow(row.pk, Kind(row.provider), row.uid) for row in rows)
