"""How the sign-in library is bent to this product: nobody signs up, tries are counted, and all is written down."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from tanghulu.apps.directory import sessions, sign_ins, throttle
from tanghulu.apps.directory.identities import Kind
from tanghulu.apps.directory.sign_ins import What
from tanghulu.core.errors import NotAllowed
from tanghulu.web import known_browser
from tanghulu.web.endpoints import FACTOR
from tanghulu.web.origin import origin_of

# What the library would send mail about, by the name of the letter.
_NOTED = {
    "account/email/password_changed": (What.PASSWORD_CHANGED, "password"),
    "account/email/password_set": (What.PASSWORD_CHANGED, "password"),
    "mfa/email/totp_activated": (What.FACTOR_ADDED, "totp"),
    "mfa/email/totp_deactivated": (What.FACTOR_REMOVED, "totp"),
    "mfa/email/webauthn_added": (What.FACTOR_ADDED, "passkey"),
    "mfa/email/webauthn_removed": (What.FACTOR_REMOVED, "passkey"),
    "mfa/email/recovery_codes_generated": (What.FACTOR_ADDED, "recovery_codes"),
}
_FRESH_SECONDS = 300


class ClosedDoor(DefaultAccountAdapter):  # type: ignore[misc] # the library has no types
    """Sign-in only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up by themselves."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Leave out the library's own count: `authenticate` has one that holds across processes."""

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Look at a name and a password; a wrong one costs a try. Raises NotAllowed `too_many_attempts`."""
        login = str(credentials.get("email") or credentials.get("username") or "")
        account, origin, at = sign_ins.account_named(login), origin_of(request), timezone.now()
        tries = throttle.sign_in(
            name=str(account or login.strip().lower()),
            address=origin.address,
            browser=known_browser.mark_of(request, account),
        )
        try:
            throttle.spend(tries, at=at)
        except NotAllowed as refusal:
            sign_ins.note(account, What.REFUSED, origin=origin, at=at, way="password", reason=refusal.code)
            raise
        user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        if user is None:
            sign_ins.note(account, What.REFUSED, origin=origin, at=at, way="password", reason="password_wrong")
        else:
            throttle.give_back(tries)
        return user

    def is_reauthentication_required(self, *, app: str, **given: Any) -> bool:
        """Ask again before second factors are changed, unless the person showed who they are a moment ago."""
        records = get_authentication_records(self.request, self.request.user)
        fresh = bool(records) and timezone.now().timestamp() - records[-1]["at"] < _FRESH_SECONDS
        return not fresh and bool(super().is_reauthentication_required(app=app, **given))

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponseBase:
        """Tell somebody whose account is closed, and write it down."""
        sign_ins.note(
            user.pk, What.REFUSED, origin=origin_of(request), at=timezone.now(), way="password", reason="inactive"
        )
        answer: HttpResponseBase = super().respond_user_inactive(request, user)
        return answer

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **given: Any) -> HttpResponseBase:
        """Write down who came in and how, and know the browser from now on."""
        answer: HttpResponseBase = super().post_login(request, user, **given)
        way = "+".join(_way(record) for record in get_authentication_records(request, user))
        sign_ins.note(user.pk, What.SIGNED_IN, origin=origin_of(request), at=timezone.now(), way=way)
        known_browser.remember(request, answer, user.pk)
        return answer

    def logout(self, request: HttpRequest) -> None:
        """Write down who went, and end the session."""
        sign_ins.note(request.user.pk, What.SIGNED_OUT, origin=origin_of(request), at=timezone.now())
        super().logout(request)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: AbstractBaseUser,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Write down what the library would send a letter about: this installation may have no mail."""
        if template_prefix in _NOTED:
            what, way = _NOTED[template_prefix]
            sign_ins.note(user.pk, what, origin=origin_of(self.request), at=timezone.now(), way=way)
            if what is What.FACTOR_REMOVED:
                # Whether the company still lets the person in without it is asked anew.
                self.request.session.pop(FACTOR, None)

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """Set one's own new password; every other session of the account ends."""
        super().set_password(user, password)
        sessions.end_sessions(user.pk, besides=self.request.session.session_key or "")


def _way(record: dict[str, Any]) -> str:
    """How somebody showed who they are, in one word."""
    if record.get("method") == "mfa":
        return "passkey" if record.get("type") == "webauthn" else str(record.get("type"))
    if record.get("method") == "socialaccount":
        return Kind(record["provider"]).way
    return str(record.get("method"))
