"""Notices: the table."""

from __future__ import annotations

from django.db import models

from tanghulu.apps.tenancy.scope import TenantOwned


class Notice(TenantOwned):
    """Something that one person should know of. It says where to look and nothing of what is to be read there.

    `kind` says what `item` is the number of: for `mention` a comment on the job `about`. `by` is the ref of who caused
    it, empty for the server.
    """

    member = models.CharField(max_length=32)
    kind = models.CharField(max_length=20)
    about = models.CharField(max_length=32)
    item = models.PositiveBigIntegerField()
    by = models.CharField(max_length=32, blank=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["tenant", "member", "kind", "item"], name="notice_unique"),)
        indexes = (
            models.Index(fields=["tenant", "member", "-at"], name="notice_newest"),
            # What is unread is little of what there is; it is counted on every page.
            models.Index(fields=["tenant", "member"], condition=models.Q(read_at__isnull=True), name="notice_unread"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.item}"
