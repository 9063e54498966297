"""People, places and things: the tables."""

from __future__ import annotations

from typing import ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.db.models import Q

from tanghulu.apps.tenancy.scope import TenantOwned


class Account(AbstractBaseUser):
    """Somebody who can sign in. What the account may do is decided by its members, one in each company."""

    username = models.CharField(max_length=150, unique=True, validators=[UnicodeUsernameValidator()])
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=16, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"

    objects: ClassVar[BaseUserManager[Self]] = BaseUserManager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["email"], condition=~Q(email=""), name="account_email_unique"),)

    def __str__(self) -> str:
        return self.username


class Attempts(models.Model):
    """How often something has been tried since a time. `key` is a digest of what and by whom: see `throttle`."""

    key = models.CharField(max_length=64, primary_key=True)
    since = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField()

    def __str__(self) -> str:
        return self.key


class OrgUnit(TenantOwned):
    """A department, a shop, a team; a tree."""

    name = models.CharField(max_length=100)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["tenant", "parent", "name"], name="org_unit_name_unique"),
            models.UniqueConstraint(
                fields=["tenant", "name"], condition=Q(parent=None), name="org_unit_top_name_unique"
            ),
        )

    def __str__(self) -> str:
        return self.name


class Member(TenantOwned):
    """A person in a company. `ref` stands for the person in the evidence log, where the name never appears."""

    account = models.ForeignKey(Account, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ref = models.CharField(max_length=32)
    name = models.CharField(max_length=100)
    number = models.CharField(max_length=40, blank=True)
    unit = models.ForeignKey(OrgUnit, null=True, blank=True, on_delete=models.PROTECT, related_name="members")
    language = models.CharField(max_length=16, blank=True)
    active = models.BooleanField(default=True)
    added_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["tenant", "ref"], name="member_ref_unique"),
            models.UniqueConstraint(fields=["tenant", "account"], name="member_account_unique"),
            models.UniqueConstraint(fields=["tenant", "number"], condition=~Q(number=""), name="member_number_unique"),
        )

    def __str__(self) -> str:
        return self.ref


class MemberRole(TenantOwned):
    """One role of one member."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="member_roles")
    role = models.CharField(max_length=40)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["tenant", "member", "role"], name="member_role_unique"),)

    def __str__(self) -> str:
        return self.role


class Place(TenantOwned):
    """Where work is done."""

    name = models.CharField(max_length=100)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["tenant", "parent", "name"], name="place_name_unique"),
            models.UniqueConstraint(fields=["tenant", "name"], condition=Q(parent=None), name="place_top_name_unique"),
        )

    def __str__(self) -> str:
        return self.name


class Equipment(TenantOwned):
    """What work is done on. Its QR code carries `ref`; `number` is what is painted on it."""

    ref = models.CharField(max_length=32)
    number = models.CharField(max_length=40)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=40)
    place = models.ForeignKey(Place, null=True, blank=True, on_delete=models.PROTECT, related_name="equipment")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["tenant", "ref"], name="equipment_ref_unique"),
            models.UniqueConstraint(fields=["tenant", "number"], name="equipment_number_unique"),
        )

    def __str__(self) -> str:
        return self.number


class Certificate(TenantOwned):
    """A member's licence for a kind of work, such as electrical, guardian or height."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="certificates")
    kind = models.CharField(max_length=40)
    number = models.CharField(max_length=80)
    valid_until = models.DateField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["tenant", "member", "kind", "number"], name="certificate_unique"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class AccessToken(TenantOwned):
    """A bearer token of a member: only its SHA-256 is kept, so whoever reads the database cannot use it.

    `only_sends`: the key of its device was revoked; it still brings what that device signed, and is told nothing.
    """

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="tokens")
    sha256 = models.CharField(max_length=64)
    purpose = models.CharField(max_length=40)
    device = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    issued_by = models.CharField(max_length=32, blank=True)
    only_sends = models.BooleanField(default=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["tenant", "sha256"], name="access_token_unique"),)

    def __str__(self) -> str:
        return f"{self.purpose} of {self.member_id}"


class PasswordLink(TenantOwned):
    """A link with which a person chooses their password, once. Only its SHA-256 is kept."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    sha256 = models.CharField(max_length=64)
    made_by = models.CharField(max_length=32, blank=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["tenant", "sha256"], name="password_link_unique"),)

    def __str__(self) -> str:
        return f"link of {self.member_id}"


class SecondFactorRule(TenantOwned):
    """A role whose people must have a second factor to sign in."""

    role = models.CharField(max_length=40)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["tenant", "role"], name="second_factor_rule_unique"),)

    def __str__(self) -> str:
        return self.role


class SignInRecord(TenantOwned):
    """Something that happened at the door: somebody came in, was refused, changed how they come in.

    It stands apart from the evidence log and may be deleted. `by` is the ref of another person who did it.
    """

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    what = models.CharField(max_length=40)
    way = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=64, blank=True)
    agent = models.CharField(max_length=200, blank=True)
    by = models.CharField(max_length=32, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=["tenant", "-id"], name="sign_in_newest"),
            models.Index(fields=["tenant", "member", "-id"], name="sign_in_of_member"),
        )

    def __str__(self) -> str:
        return f"{self.what} of {self.member_id}"
