from __future__ import annotations

from django.apps import AppConfig


class TenancyConfig(AppConfig):
    name = "tanghulu.apps.tenancy"
    default_auto_field = "django.db.models.BigAutoField"
