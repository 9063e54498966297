"""Jobs: the tables."""

from __future__ import annotations

from django.db import models

from tanghulu.apps.tenancy.scope import TenantOwned


class Run(TenantOwned):
    """One execution of a template version.

    `state` is the fold of the run's events (docs/formats/flow.md), kept so that the next event need not fold them all
    again; `fsck` folds them anew and compares. Everything else is copied out of it to be searched. A run whose opening
    has not come, or names a version that is not published here, has no `version`. `awaits_photos`: it has ended, and a
    photo of an act that the rules allowed has not come. Photos of other acts are kept when they come, and hold nothing
    up. `inside` counts the people who are registered as inside, `contradictions` what the rules did not allow.
    """

    ref = models.CharField(max_length=32)
    template = models.CharField(max_length=60, blank=True)
    version = models.CharField(max_length=64, blank=True)
    equipment = models.CharField(max_length=32, blank=True)
    status = models.CharField(max_length=10)
    outcome = models.CharField(max_length=10, blank=True)
    is_sealed = models.BooleanField(default=False)
    is_overdue = models.BooleanField(default=False)
    awaits_photos = models.BooleanField(default=False)
    inside = models.PositiveIntegerField(default=0)
    contradictions = models.PositiveIntegerField(default=0)
    state = models.JSONField()
    opened_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField()
    next_timer_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["tenant", "ref"], name="run_ref_unique"),)
        indexes = (
            models.Index(fields=["tenant", "status", "-opened_at"], name="run_board"),
            models.Index(fields=["next_timer_at"], name="run_timers"),
            models.Index(fields=["tenant", "-changed_at"], name="run_changed"),
        )

    def __str__(self) -> str:
        return self.ref


class RunMember(TenantOwned):
    """Somebody who has a part in a run: for "my jobs"."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="members")
    member = models.CharField(max_length=32)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["tenant", "run", "member"], name="run_member_unique"),)
        indexes = (models.Index(fields=["tenant", "member", "run"], name="run_member_runs"),)

    def __str__(self) -> str:
        return self.member


class RunPhoto(TenantOwned):
    """A photo that an event of a run speaks of.

    `sha256` is known when the opening has come, `stated_at` when the server has stated on the chain what became of the
    bytes. `size` and `media_type` are those that the event says.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="photos")
    commitment = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=40)
    stated_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["tenant", "run", "commitment"], name="run_photo_unique"),)
        indexes = (models.Index(fields=["tenant", "sha256"], name="run_photo_sha256"),)

    def __str__(self) -> str:
        return self.commitment
