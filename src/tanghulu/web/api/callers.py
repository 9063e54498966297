"""The two ways to say who calls, as the operations of the API name them in their description."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from tanghulu.core.access import Actor
from tanghulu.web import endpoints


class Token:
    """Phones and programs bring a token."""

    openapi_security_schema = {"type": "http", "scheme": "bearer"}

    def __call__(self, request: HttpRequest) -> Actor | None:
        """The caller whom the token stands for; None where none is brought."""
        return endpoints.signed_in(request) if endpoints.brings_token(request) else None


class Session:
    """A browser is signed in; what changes something also brings the token of our forms."""

    openapi_security_schema = {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}

    def __call__(self, request: HttpRequest) -> Actor | None:
        """Whoever is signed in, in the company of the session; None where nobody is."""
        return None if endpoints.brings_token(request) else endpoints.signed_in(request)
