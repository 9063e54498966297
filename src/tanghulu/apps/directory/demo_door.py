"""Sign-in by one click, for the people of the demo."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from tanghulu.apps.directory.actions.demo_company import HARBOUR, QUARRY
from tanghulu.apps.directory.models import Account, Member
from tanghulu.apps.tenancy import scope


class DemoDoor(BaseBackend):
    """Lets in whoever is named, if they belong to the demo's companies and no password was ever set for them.

    The page that calls it answers on the machine itself only; this looks again whether there is a demo at all.
    """

    def authenticate(
        self, request: HttpRequest | None, demo_username: str | None = None, **credentials: object
    ) -> Account | None:
        """The person of the demo with this sign-in name, or None."""
        del request, credentials  # Django hands them to every door
        if not settings.DEMO or demo_username is None:
            return None
        account = Account.objects.filter(username=demo_username, is_active=True).first()
        if account is None or account.has_usable_password():
            return None
        with scope.across_tenants():
            of_the_demo = Member.everywhere.filter(account=account, tenant_id__in=(HARBOUR, QUARRY), active=True)
            return account if of_the_demo.exists() else None

    def get_user(self, user_id: int) -> Account | None:
        """The account of a session that began here."""
        return Account.objects.filter(pk=user_id, is_active=True).first() if settings.DEMO else None
