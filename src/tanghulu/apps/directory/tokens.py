"""What is looked up about bearer tokens. None of it is a secret: of a token only its SHA-256 is kept."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Q

from tanghulu.apps.directory.models import AccessToken, Member
from tanghulu.apps.directory.queries import MemberRow
from tanghulu.core.access import Actor, Permission, Role


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A bearer token, without its secret. It may do what the roles of its person allow.

    `issued_by` is the name of who made it, empty for the operator. `last_used_at` is noted once an hour.
    """

    id: int
    member: str
    name: str
    roles: tuple[Role, ...]
    purpose: str
    device: str
    issued_by: str
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime | None

    def expired(self, at: datetime) -> bool:
        """Say whether it is good no more."""
        return self.expires_at is not None and self.expires_at <= at


def tokens(actor: Actor, *, member: str) -> list[TokenRow]:
    """A person's tokens that nobody has ended, newest first."""
    actor.require(Permission.DIRECTORY_TOKEN_ISSUE)
    return _rows(Q(member__ref=member))


def api_tokens(actor: Actor) -> list[TokenRow]:
    """The tokens of programs that nobody has ended, newest first; those of phones belong to their devices."""
    actor.require(Permission.DIRECTORY_TOKEN_ISSUE)
    return _rows(Q(device=""))


def _rows(wanted: Q) -> list[TokenRow]:
    found = AccessToken.objects.filter(wanted, revoked_at=None).order_by("-created_at", "-pk")
    rows = list(found.select_related("member__unit", "member__account").prefetch_related("member__member_roles"))
    names = dict(Member.objects.filter(ref__in={row.issued_by for row in rows} - {""}).values_list("ref", "name"))
    return [
        TokenRow(
            id=row.pk,
            member=row.member.ref,
            name=row.member.name,
            roles=MemberRow.of(row.member).roles,
            purpose=row.purpose,
            device=row.device,
            issued_by=names.get(row.issued_by, ""),
            created_at=row.created_at,
            last_used_at=row.last_used_at,
            expires_at=row.expires_at,
        )
        for row in rows
    ]


def device_tokens_ended_at(*, member: str, device: str) -> datetime | None:
    """When the last of a device's tokens was ended; None while one of them is good, or before it has had any."""
    given = AccessToken.objects.filter(member__ref=member, device=device)
    if given.filter(revoked_at=None).exists():
        return None
    last = given.order_by("-revoked_at").first()
    return last.revoked_at if last is not None else None


def devices_seen_at(devices: Collection[str]) -> dict[str, datetime]:
    """When each of these devices last showed one of its tokens, to the hour; those that never did are left out."""
    used = AccessToken.objects.filter(device__in=devices, last_used_at__isnull=False).values_list("device")
    return {device: at for device, at in used.annotate(last=Max("last_used_at")) if at is not None}
