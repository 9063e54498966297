"""Where Django looks for the addresses."""

from __future__ import annotations

from tanghulu.web.urls import handler400, handler403, handler404, handler500, urlpatterns

__all__ = ("handler400", "handler403", "handler404", "handler500", "urlpatterns")
