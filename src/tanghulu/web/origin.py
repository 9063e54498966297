"""From where a request comes."""

from __future__ import annotations

from allauth.core.internal.httpkit import get_client_ip
from django.http import HttpRequest

from tanghulu.apps.directory.sign_ins import Origin

_LONGEST_AGENT = 200


def origin_of(request: HttpRequest) -> Origin:
    """The address of the browser, past our own proxies, and the name that it gives itself."""
    return Origin(address=get_client_ip(request) or "", agent=request.META.get("HTTP_USER_AGENT", "")[:_LONGEST_AGENT])
