"""Every address, one line each, sorted by room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from tanghulu.web import errors

handler400 = errors.bad_request
handler403 = errors.not_allowed
handler404 = errors.not_found
handler500 = errors.broken

urlpatterns: list[URLPattern | URLResolver] = []
