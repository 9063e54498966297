"""Second factors: who must have one, who has, and how their secrets lie in the database."""

from __future__ import annotations

import base64
import os

from allauth.mfa.models import Authenticator
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tanghulu.apps.directory.models import Member, SecondFactorRule
from tanghulu.core.access import Actor, Permission, Role
from tanghulu.gateways import keys

_FORM = "v1."
_NONCE_BYTES = 12
_REAL = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def required_roles(actor: Actor) -> frozenset[Role]:
    """The roles whose people need a second factor."""
    actor.require(Permission.DIRECTORY_SIGNIN_READ)
    return _required()


def is_missing(actor: Actor, *, account: int) -> bool:
    """Say whether one of the actor's roles needs a second factor and the account has none."""
    return bool(_required() & actor.roles) and not has_one(account)


def has_one(account: int) -> bool:
    """Say whether the account has an app with codes, or a passkey."""
    return bool(Authenticator.objects.filter(user_id=account, type__in=_REAL).exists())


def member_has_one(actor: Actor, *, member: str) -> bool:
    """Say whether a person of the company has a second factor."""
    actor.require(Permission.DIRECTORY_SIGNIN_WRITE)
    account = Member.objects.filter(ref=member).values_list("account_id", flat=True).first()
    return account is not None and has_one(account)


def _required() -> frozenset[Role]:
    return frozenset(Role(role) for role in SecondFactorRule.objects.values_list("role", flat=True))


def locked(text: str) -> str:
    """The secret as it lies in the database: AES-256-GCM under a key that is kept apart from it."""
    nonce = os.urandom(_NONCE_BYTES)
    sealed = AESGCM(keys.factor_key()).encrypt(nonce, text.encode("ascii"), None)
    return _FORM + base64.b64encode(nonce + sealed).decode("ascii")


def unlocked(text: str) -> str:
    """The secret again. Where the key is gone it is another one that nobody knows: no code fits it."""
    try:
        raw = base64.b64decode(text.removeprefix(_FORM))
        return AESGCM(keys.factor_key()).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], None).decode("ascii")
    except (InvalidTag, keys.Missing):
        return base64.b32encode(os.urandom(20)).decode("ascii")
