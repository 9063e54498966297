"""Companies: the table."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models

SLUG = r"^[a-z][a-z0-9-]{1,39}$"


class Tenant(models.Model):
    """A company. Its slug names its log for ever, so it is the primary key and never changes."""

    slug = models.CharField(primary_key=True, max_length=40, validators=[RegexValidator(SLUG)])
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=16, default="zh-hans")
    time_zone = models.CharField(max_length=64, default="Asia/Shanghai")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("slug",)

    def __str__(self) -> str:
        return self.slug
