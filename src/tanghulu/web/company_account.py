"""Sign-in with the account that people have elsewhere in their company: OpenID Connect, one issuer an installation.

Nobody signs up by it. Whoever comes is known already: by the subject that was linked at an earlier sign-in, or by the
e-mail address that an administrator entered and that the issuer has verified.
"""

from __future__ import annotations

import secrets
from typing import Any

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.contrib.auth import get_user_model
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe
from requests import RequestException

from tanghulu.apps.directory import queries, sign_ins
from tanghulu.apps.directory.sign_ins import What
from tanghulu.core.errors import NotAllowed, NotFound
from tanghulu.web.origin import origin_of

_NONCE = "oidc_nonce"  # the key in the session
_ISSUER = "company"  # the name of the only one


class Wire(OpenIDConnectOAuth2Adapter):  # type: ignore[misc] # the library has no types
    """What is said to the issuer and believed of it: a signed token for us, asked for by this browser just now."""

    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **given: Any) -> SocialLogin:
        """Read who it is out of the token. Without one nothing is believed."""
        if not given["response"].get("id_token"):
            raise OAuth2Error("no id_token")
        return super().complete_login(request, app, token, **given)

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        # The library leaves the signature out where the token came over TLS, and knows no nonce.
        said: dict[str, Any] = jwtkit.verify_and_decode(
            credential=id_token,
            keys_url=self.openid_config["jwks_uri"],
            issuer=self.openid_config["issuer"],
            audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
        )
        expected = self.request.session.pop(_NONCE, None)
        if expected is None or not secrets.compare_digest(str(said.get("nonce", "")), expected):
            raise OAuth2Error("wrong nonce")
        return said


class CompanyAccounts(OpenIDConnectProvider):  # type: ignore[misc] # the library has no types
    """The issuer of this installation."""

    oauth2_adapter_class = Wire

    def get_auth_params_from_request(self, request: HttpRequest, action: str) -> dict[str, str]:
        """Add a nonce of this browser; nothing is taken from the address."""
        request.session[_NONCE] = secrets.token_urlsafe(24)
        return {**self.get_auth_params(), "nonce": request.session[_NONCE]}

    def get_scope_from_request(self, request: HttpRequest) -> list[str]:
        """Ask for what is needed; nothing is taken from the address."""
        scope: list[str] = self.get_scope()
        return scope


class KnownPeople(DefaultSocialAccountAdapter):  # type: ignore[misc] # the library has no types
    """Lets in whom an administrator has added."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Nobody signs up."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Find the person and link the subject. Raises NotAllowed `identity_unknown`."""
        if sociallogin.state.get("process") != "login":
            # Linking while signed in would let a page elsewhere link a stranger's account to this person.
            raise NotAllowed("identity_unknown", subject=sociallogin.account.uid)
        if sociallogin.is_existing:
            return
        account = _account_of(sociallogin)
        if account is None:
            # The person has shown that it is theirs, and may tell it to an administrator, who links it.
            raise NotAllowed("identity_unknown", subject=sociallogin.account.uid)
        sociallogin.connect(request, get_user_model().objects.get(pk=account))

    def send_notification_mail(self, template_prefix: str, user: Any, *given: Any, **named: Any) -> None:  # noqa: ANN401 - as the library has it
        """Write down what the library would send a letter about."""
        sign_ins.note(user.pk, What.IDENTITY_LINKED, origin=origin_of(self.request), at=timezone.now(), way="oidc")

    def on_authentication_error(self, request: HttpRequest, provider: object, *given: Any, **named: Any) -> None:
        """Answer whatever went wrong on the way. Raises NotAllowed `identity_refused`."""
        raise NotAllowed("identity_refused")


def _account_of(sociallogin: SocialLogin) -> int | None:
    """The account with the e-mail address that the issuer vouches for, of somebody who works here.

    None where it is not the issuer that says so: elsewhere people enter addresses as they like.
    """
    if sociallogin.account.provider != _ISSUER:
        return None
    said = sociallogin.account.extra_data.get("id_token", {})
    verified = said.get("email_verified") is True or settings.OIDC_TRUSTS_EMAIL
    account = sign_ins.account_with_email(str(said.get("email", ""))) if verified else None
    return account if account is not None and queries.seats_of(account) else None


@require_safe
def go(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Lead to the issuer."""
    return passed(OAuth2LoginView, _wire(request, provider_id), request)


@require_safe
def come(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Come back from the issuer."""
    return passed(OAuth2CallbackView, _wire(request, provider_id), request)


def _wire(request: HttpRequest, provider_id: str) -> Wire:
    if provider_id != _ISSUER:
        raise NotFound("page_not_found")
    return Wire(request, provider_id)


def passed(view: Any, wire: object, request: HttpRequest) -> HttpResponseBase:  # noqa: ANN401 - as above
    """The library's answer. Raises NotFound `page_not_found` where nothing is set, NotAllowed `identity_refused`."""
    try:
        answer: HttpResponseBase = view.adapter_view(wire)(request)
    except SocialApp.DoesNotExist:
        raise NotFound("page_not_found") from None
    except RequestException as error:
        raise NotAllowed("identity_refused") from error
    return answer
