"""Sign-in with DingTalk: one application of the company's own, for people whose id there has been linked.

Of what DingTalk says, the union id alone is believed. Everybody in the world has DingTalk, and enters name and e-mail
there as they like; the union id is given by DingTalk, is the same in every application of the company, and stays.
"""

from __future__ import annotations

from typing import Any

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.dingtalk.provider import DingTalkProvider
from allauth.socialaccount.providers.dingtalk.views import DingTalkOAuth2Adapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from tanghulu.apps.directory.identities import SUBJECT_LENGTH
from tanghulu.web.company_account import passed


class Wire(DingTalkOAuth2Adapter):  # type: ignore[misc] # the library has no types
    """What is said to DingTalk: at the two addresses of the settings, and nowhere that they point to."""

    @property
    def authorize_url(self) -> str:
        """Where a person says who they are."""
        return f"{self.get_provider().app.settings['sign_in']}/oauth2/auth"

    def get_access_token_data(
        self, request: HttpRequest, app: SocialApp, client: object, **given: Any
    ) -> dict[str, str]:
        """Give the code back for a token. Only what the next question needs is kept of it."""
        asked = {
            "clientId": app.client_id,
            "clientSecret": app.secret,
            "code": request.GET["code"],
            "grantType": "authorization_code",
        }
        said = _answer("POST", f"{app.settings['api']}/v1.0/oauth2/userAccessToken", json=asked)
        return {"access_token": _text(said, "accessToken")}

    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **given: Any) -> SocialLogin:
        """Ask whose token it is."""
        headers = {"x-acs-dingtalk-access-token": token.token}
        said = _answer("GET", f"{app.settings['api']}/v1.0/contact/users/me", headers=headers)
        return self.get_provider().sociallogin_from_response(request, {"unionId": _text(said, "unionId")})


class DingTalk(DingTalkProvider):  # type: ignore[misc] # the library has no types
    """DingTalk, as this installation asks it."""

    oauth2_adapter_class = Wire

    def extract_uid(self, data: dict[str, str]) -> str:
        """Know a person by the union id."""
        return data["unionId"]

    def extract_extra_data(self, data: dict[str, str]) -> dict[str, str]:
        """Keep nothing else of a person."""
        return {}

    def get_auth_params_from_request(self, request: HttpRequest, action: str) -> dict[str, str]:
        """Let DingTalk ask the person, as it wants it; nothing is taken from the address."""
        return {"prompt": "consent"}

    def get_scope_from_request(self, request: HttpRequest) -> list[str]:
        """Ask for what is needed; nothing is taken from the address."""
        return ["openid"]


def _answer(method: str, address: str, **given: Any) -> dict[str, Any]:
    """The JSON that is answered. Raises what the library takes for a sign-in that failed."""
    with get_adapter().get_requests_session() as session:
        answer = session.request(method, address, allow_redirects=False, **given)
        said = answer.json() if answer.status_code == 200 else None  # noqa: PLR2004 - the library has no names for them
    if not isinstance(said, dict):
        raise OAuth2Error("no answer")
    return said


def _text(said: dict[str, Any], name: str) -> str:
    value = said.get(name)
    if not isinstance(value, str) or not value or (name == "unionId" and len(value) > SUBJECT_LENGTH):
        raise OAuth2Error(f"no {name}")
    return value


@require_safe
def go(request: HttpRequest) -> HttpResponseBase:
    """Lead to DingTalk."""
    return passed(OAuth2LoginView, Wire(request), request)


@require_safe
def come(request: HttpRequest) -> HttpResponseBase:
    """Come back from DingTalk."""
    return passed(OAuth2CallbackView, Wire(request), request)
