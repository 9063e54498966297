"""How the library for second factors is bent to this product: its codes, its words, and how tries are counted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tanghulu.apps.directory import second_factors, sign_ins, throttle
from tanghulu.apps.directory.sign_ins import What
from tanghulu.core.errors import NotAllowed
from tanghulu.web.components.browsers import browser_words
from tanghulu.web.drawing import drawn
from tanghulu.web.origin import origin_of


class SecondFactor(DefaultMFAAdapter):  # type: ignore[misc] # the library has no types
    """Drawn by our own code, locked under our own key."""

    error_messages = {**DefaultMFAAdapter.error_messages, "incorrect_code": _("This code is not right.")}

    def build_totp_svg(self, url: str) -> str:
        """Draw the code that the app on the phone scans."""
        return drawn(url)

    def encrypt(self, text: str) -> str:
        """Lock a secret before it is stored."""
        return second_factors.locked(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Unlock it again."""
        return second_factors.unlocked(encrypted_text)

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:  # noqa: A002 - as the library has it
        """Name a new passkey after the browser that makes it."""
        return browser_words(origin_of(context.request).agent)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Say who asks: what the browser shows, and the host that the passkey belongs to."""
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return {**entity, "name": f"Tanghulu · {entity['id']}"}


@contextmanager
def _counted(user: AbstractBaseUser) -> Iterator[None]:
    """Count a code as a try; a right one is given back. Raises NotAllowed `too_many_attempts`."""
    origin, at = origin_of(context.request), timezone.now()
    tries = throttle.second_factor(account=user.pk, address=origin.address)
    try:
        throttle.spend(tries, at=at)
        yield
    except (ValidationError, NotAllowed) as error:
        reason = error.code if isinstance(error, NotAllowed) else "code_wrong"
        sign_ins.note(user.pk, What.REFUSED, origin=origin, at=at, way="second_factor", reason=reason)
        raise
    throttle.give_back(tries)


def _code_field() -> forms.CharField:
    # The keyboard stays that of letters: a recovery code is asked for in the same place.
    given = {"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false", "autofocus": ""}
    return forms.CharField(label=_("Code"), max_length=40, widget=forms.TextInput(given))


class CodeForm(AuthenticateForm):  # type: ignore[misc] # the library has no types
    """The code at sign-in, from the app or one of those that were kept for an emergency."""

    code = _code_field()

    def clean_code(self) -> str:
        """Look at the code; each costs a try."""
        with _counted(self.user):
            return str(super().clean_code())


class CodeAgainForm(ReauthenticateForm):  # type: ignore[misc] # the library has no types
    """The code again, before something important is changed."""

    code = _code_field()

    def clean_code(self) -> str:
        """Look at the code; each costs a try."""
        with _counted(self.user):
            return str(super().clean_code())


class FirstCodeForm(ActivateTOTPForm):  # type: ignore[misc] # the library has no types
    """The first code of an app, which shows that it has been set up."""

    code = forms.CharField(
        label=_("The six digits that the app shows"),
        max_length=10,
        widget=forms.TextInput({"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def clean_code(self) -> str:
        """Look at the code; each costs a try."""
        with _counted(self.user):
            return str(super().clean_code())


class NewPasskeyForm(AddWebAuthnForm):  # type: ignore[misc] # the library has no types
    """A new passkey, which also signs in without a password."""

    name = forms.CharField(label=_("Name"), required=False, max_length=60)
    # A passkey is kept in the phone or the computer, opened by finger, face or PIN: always enough to come in with.
    passwordless = forms.BooleanField(required=False, initial=True, widget=forms.HiddenInput)
