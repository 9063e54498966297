"""The process templates: the tables."""

from __future__ import annotations

from django.db import models

from tanghulu.apps.tenancy.scope import TenantOwned


class TemplateVersion(TenantOwned):
    """One published version of a process template. Immutable: `version` is the SHA-256 of `document`.

    `document` holds the canonical JSON bytes of docs/formats/template.md. New runs take the newest version of a
    template that is not retired; a running job keeps the one it began with.
    """

    template = models.CharField(max_length=60)
    number = models.PositiveIntegerField()
    version = models.CharField(max_length=64)
    document = models.BinaryField()
    published_by = models.CharField(max_length=32, blank=True)
    published_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["tenant", "version"], name="template_version_unique"),
            models.UniqueConstraint(fields=["tenant", "template", "number"], name="template_number_unique"),
        )

    def __str__(self) -> str:
        return f"{self.template} {self.number}"
