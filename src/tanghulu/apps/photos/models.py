"""Photos: the table."""

from __future__ import annotations

from django.db import models

from tanghulu.apps.tenancy.scope import TenantOwned


class Photo(TenantOwned):
    """Original bytes that are stored: named by their SHA-256, encrypted with a key of their own.

    `subject` is the ref of the member who sent it (docs/formats/log.md, At rest), `size` is in bytes. The row is
    written after the bytes are durable, so a row means a photo.
    """

    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=40)
    subject = models.CharField(max_length=32)
    stored_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["tenant", "sha256"], name="photo_unique"),)

    def __str__(self) -> str:
        return self.sha256
