"""The evidence log: the tables."""

from __future__ import annotations

from django.db import models

from tanghulu.apps.tenancy.scope import TenantOwned

TYPE_LENGTH = 40
"""How much of an event's type its row holds; every type that is known is shorter."""


class Log(TenantOwned):
    """The tenant's log. Whoever appends holds this row's lock, so entries are numbered without gaps.

    `next_index` is the number of the next entry; `server_*` continue the server's own device chain; `published_*`
    is the newest checkpoint.
    """

    origin = models.CharField(max_length=200)
    server_device = models.CharField(max_length=64)
    next_index = models.PositiveBigIntegerField(default=0)
    server_dseq = models.PositiveBigIntegerField(default=0)
    server_head = models.CharField(max_length=64, blank=True)
    published_size = models.PositiveBigIntegerField(default=0)
    published_root = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["tenant"], name="log_unique"),)

    def __str__(self) -> str:
        return self.origin


class Device(TenantOwned):
    """A key that signs: `device` is the SHA-256 of its public key. `envelope` holds the enrolment while it waits.

    `code_made_at` is when the newest one-time code was made that it came with: whoever made that lets it have a token.
    `revoked_index` is the number of the entry that ended the key, `revoked_why` and `revoked_by` what it says.
    """

    device = models.CharField(max_length=64)
    spki = models.BinaryField()
    member = models.CharField(max_length=32)
    label = models.CharField(max_length=100, blank=True)
    may_enrol = models.BooleanField(default=False)
    assurance = models.CharField(max_length=20)
    status = models.CharField(max_length=10)  # pending, enrolled, refused, revoked
    envelope = models.BinaryField()
    ticket_sha256 = models.CharField(max_length=64)
    code_made_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField()
    enrolled_at = models.DateTimeField(null=True, blank=True)
    countersigned_by = models.CharField(max_length=64, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_index = models.PositiveBigIntegerField(null=True, blank=True)
    revoked_why = models.CharField(max_length=40, blank=True)
    revoked_by = models.CharField(max_length=32, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["tenant", "device"], name="device_unique"),)
        indexes = (models.Index(fields=["tenant", "status"], name="device_status"),)

    def __str__(self) -> str:
        return self.device


class Entry(TenantOwned):
    """An entry of the log: the envelope as it lies there, and the admission that was answered.

    `codes` says why the event contradicts its run, separated by blanks.
    """

    index = models.PositiveBigIntegerField()
    device = models.CharField(max_length=64)
    dseq = models.PositiveBigIntegerField()
    payload_hash = models.CharField(max_length=64)
    type = models.CharField(max_length=TYPE_LENGTH)
    run = models.CharField(max_length=32, blank=True)
    rseq = models.PositiveBigIntegerField(null=True, blank=True)
    envelope = models.BinaryField()
    admission = models.BinaryField()
    received_at = models.DateTimeField()
    standing = models.CharField(max_length=20)
    codes = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["tenant", "index"], name="entry_index_unique"),
            models.UniqueConstraint(fields=["tenant", "device", "dseq"], name="entry_identity_unique"),
            models.UniqueConstraint(fields=["tenant", "payload_hash"], name="entry_payload_unique"),
        )
        indexes = (models.Index(fields=["tenant", "run", "index"], name="entry_run"),)

    def __str__(self) -> str:
        return str(self.index)


class RunChain(TenantOwned):
    """Where the chain of a run stands: its heads (payload hashes), its length and the server's last `rseq` in it."""

    run = models.CharField(max_length=32)
    heads = models.JSONField(default=list)
    count = models.PositiveBigIntegerField(default=0)
    server_rseq = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["tenant", "run"], name="run_chain_unique"),)

    def __str__(self) -> str:
        return self.run


class Fork(TenantOwned):
    """Another event that a device signed under a number it had used already: evidence against the device."""

    device = models.CharField(max_length=64)
    dseq = models.PositiveBigIntegerField()
    payload_hash = models.CharField(max_length=64)
    run = models.CharField(max_length=32, blank=True)
    envelope = models.BinaryField()
    received_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["tenant", "device", "dseq", "payload_hash"], name="fork_unique"),
        )
        indexes = (models.Index(fields=["tenant", "run"], name="fork_run"),)

    def __str__(self) -> str:
        return self.payload_hash


class Opening(TenantOwned):
    """The value and salt behind a commitment; off the log, so that they can be erased."""

    commitment = models.CharField(max_length=64)
    salt = models.BinaryField()
    value = models.JSONField()
    kept_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["tenant", "commitment"], name="opening_unique"),)

    def __str__(self) -> str:
        return self.commitment


class Checkpoint(TenantOwned):
    """A published head of the log: the signed note."""

    size = models.PositiveBigIntegerField()
    root = models.CharField(max_length=64)
    note = models.BinaryField()
    signed_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["tenant", "size"], name="checkpoint_unique"),)

    def __str__(self) -> str:
        return str(self.size)


class EnrolmentCode(TenantOwned):
    """A one-time code: only its SHA-256 is kept. `device` used it up."""

    sha256 = models.CharField(max_length=64)
    member = models.CharField(max_length=32)
    asked_by = models.CharField(max_length=32)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    device = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["tenant", "sha256"], name="enrolment_code_unique"),)
        # A phone that asks to come in knows its code and not yet its company.
        indexes = (models.Index(fields=["sha256"], name="enrolment_code"),)

    def __str__(self) -> str:
        return self.member
