"""The address by which phones reach this server. It may be another than that of the page that is open in the office."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse


def phone_page(request: HttpRequest) -> str:
    """The whole address of the phone's page: at the host of `up --lan`, else at that of the request."""
    return reachable(request, reverse("capture"))


def reachable(request: HttpRequest, path: str) -> str:
    """The whole address of a page that is opened somewhere else than the page that shows it."""
    return f"{settings.PHONES}{path}" if settings.PHONES else request.build_absolute_uri(path)
