"""Jobs: the tables."""

from __future__ import annotations

from django.db import models

from tanghulu.apps.tenancy.scope import TenantOwned


class Run(TenantOwned):
    """One execution of a template version.

    `state` is the fold of the run's events (docs/formats/flow.md), kept so that the next event need not fold them all
    again; `fsck` folds them anew and compares. Everything else is copied out of it to be searched. A run whose opening
    has not come, or names a version that is not published here, has no `version`. `ended_at` is when the event came by
    which it ended, by the server's clock; what comes later does not change it. `awaits_photos`: it has ended, and a
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
    state = models.JSONField()
    opened_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    next_timer_at = models.DateTimeField(null=True, blank=True)
    urgency = models.PositiveSmallIntegerField(null=True, blank=True)
    inside = models.PositiveIntegerField(null=True, blank=True)
    contradictions = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["tenant", "ref"], name="run_ref_unique"),)
        indexes = (
            models.Index(fields=["tenant", "status", "-opened_at"], name="run_board"),
            models.Index(fields=["next_timer_at"], name="run_timers"),
            models.Index(fields=["tenant", "-ended_at"], condition=models.Q(ended_at__isnull=False), name="run_ended"),
            models.Index(fields=["tenant", "-opened_at"], name="run_opened"),
            models.Index(fields=["tenant", "template", "-opened_at"], name="run_template"),
            models.Index(fields=["tenant", "equipment", "-opened_at"], name="run_equipment"),
            # What is live is a few in a million. The counts of the board are taken from this index alone.
            models.Index(
                fields=["tenant", "urgency", "-opened_at", "contradictions"],
                condition=models.Q(urgency__isnull=False),
                name="run_live",
            ),
            models.Index(fields=["tenant", "inside"], condition=models.Q(inside__isnull=False), name="run_inside"),
            # What the worker asks for every few seconds, and nearly always finds nothing.
            models.Index(
                fields=["tenant", "id"],
                condition=models.Q(status="ended", is_sealed=False, awaits_photos=False),
                name="run_unsealed",
            ),
        )

    def __str__(self) -> str:
        return self.ref


class RunMember(TenantOwned):
    """Somebody who has a part in a run: for the jobs of a person, which may be many. `opened_at` is the run's."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="members")
    member = models.CharField(max_length=32)
    opened_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["tenant", "run", "member"], name="run_member_unique"),)
        indexes = (models.Index(fields=["tenant", "member", "-opened_at", "run"], name="run_member_newest"),)

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
        indexes = (
            models.Index(fields=["tenant", "sha256"], name="run_photo_sha256"),
            # What the worker asks for every few seconds.
            models.Index(
                fields=["tenant", "id"],
                condition=models.Q(stated_at__isnull=True) & ~models.Q(sha256=""),
                name="run_photo_unstated",
            ),
        )

    def __str__(self) -> str:
        return self.commitment


class Comment(TenantOwned):
    """What somebody said about a run, or about its step `step`. `text` and `mentions` are empty once it is erased.

    `author` is the ref of a member, empty for a machine; `mentions` are the names as they stand in the text.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="comments")
    step = models.CharField(max_length=200, blank=True)
    author = models.CharField(max_length=32, blank=True)
    text = models.TextField(blank=True)
    mentions = models.JSONField(default=list)
    at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (models.Index(fields=["tenant", "run", "at"], name="comment_run"),)

    def __str__(self) -> str:
        return str(self.pk)


class SearchText(TenantOwned):
    """What was said in a run, as tokens: an index of words that can be made anew from the log and its openings.

    `commitment` names the opening that said it, so that it can be erased with it, and is empty for what the log itself
    says. `tokens` is None while the opening has not come. Migration 0003 keeps the index of the words.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="+")
    entry = models.PositiveBigIntegerField()
    commitment = models.CharField(max_length=64, blank=True)
    tokens = models.TextField(null=True, blank=True)  # noqa: DJ001 - nothing said yet is not the same as no word

    class Meta:
        constraints = (models.UniqueConstraint(fields=["tenant", "entry", "commitment"], name="search_text_unique"),)
        indexes = (
            models.Index(fields=["tenant", "commitment"], name="search_text_commitment"),
            models.Index(fields=["tenant"], condition=models.Q(tokens__isnull=True), name="search_text_waiting"),
        )

    def __str__(self) -> str:
        return f"{self.run_id} {self.entry}"


class SearchMark(TenantOwned):
    """How far the log of a company is in its index: the number of the next entry."""

    next_entry = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["tenant"], name="search_mark_unique"),)

    def __str__(self) -> str:
        return str(self.next_entry)
