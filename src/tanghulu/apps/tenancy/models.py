"""Companies, and the workers that serve all of them: the tables."""

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


class WorkerBeat(models.Model):
    """A worker was there: one row for each of its processes, named by `boot`, renewed every few seconds.

    `mono_ms` counts by a clock that cannot be set; `jump_ms` is by how much the other one was set, last at `jumped_at`.
    """

    boot = models.CharField(primary_key=True, max_length=32)
    at = models.DateTimeField()
    mono_ms = models.PositiveBigIntegerField()
    jump_ms = models.BigIntegerField(default=0)
    jumped_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.boot
