"""The log as it is published."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Subquery

from tanghulu.apps.evidence import files, vouching
from tanghulu.apps.evidence.files import LogFiles, is_within
from tanghulu.apps.evidence.models import Checkpoint, Device, Entry, Log, RunChain
from tanghulu.apps.evidence.signatures import IN_THE_LOG
from tanghulu.apps.tenancy import scope
from tanghulu.core.access import Actor, Permission
from tanghulu.core.chain import merkle, policy, tiles
from tanghulu.core.chain.proof import Proof
from tanghulu.core.errors import Conflict, Invalid, NotFound
from tanghulu.gateways import blobs


@dataclass(frozen=True, slots=True)
class LogHead:
    """The newest checkpoint: `root` in hex, `note` the signed text."""

    origin: str
    size: int
    root: str
    note: str
    signed_at: datetime


def newest_checkpoint() -> LogHead | None:
    """The newest published checkpoint of the present tenant's log."""
    log = Log.objects.only("origin").first()
    row = Checkpoint.objects.order_by("-size").first()
    if log is None or row is None:
        return None
    return LogHead(log.origin, row.size, row.root, bytes(row.note).decode(), row.signed_at)


def log_position() -> int:
    """How many entries the present tenant's log has, published or not; 0 where it is not open. One indexed look-up."""
    return Log.objects.values_list("next_index", flat=True).first() or 0


def run_position(run: str) -> tuple[int, bool]:
    """How many events a run of the present tenant has, and whether all of them are published. One indexed look-up."""
    last = Entry.objects.filter(run=run).order_by("-index").values("index")[:1]
    chain = RunChain.objects.filter(run=run).annotate(
        last=Subquery(last), published=Subquery(Log.objects.values("published_size")[:1])
    )
    found = chain.values_list("count", "last", "published").first()
    if found is None:
        return 0, False
    count, newest, published = found
    return count, newest is not None and published is not None and published > newest


def note(actor: Actor) -> bytes:
    """The newest checkpoint as the log serves it. Raises NotFound `log_file_not_found`."""
    head = newest_checkpoint() if actor.may(Permission.EVIDENCE_LOG_READ) else None
    if head is None:
        raise NotFound("log_file_not_found")
    return head.note.encode()


def file_of(actor: Actor, path: str) -> bytes:
    """A tile or bundle as the log serves it; to whoever may not read the log it does not exist.

    Raises NotFound `log_file_not_found`.
    """
    head = newest_checkpoint() if actor.may(Permission.EVIDENCE_LOG_READ) else None
    if head is None or not is_within(path, head.size):
        raise NotFound("log_file_not_found")
    try:
        return LogFiles().read(path)
    except blobs.Missing as error:
        raise NotFound("log_file_not_found") from error


def receipt(device: str, dseq: int) -> bytes:
    """The proof that an event is in the log. Raises NotFound `event_not_found`, Conflict `receipt_pending`."""
    row = Entry.objects.filter(device=device, dseq=dseq).only("index").first()
    if row is None:
        raise NotFound("event_not_found")
    newest = Checkpoint.objects.order_by("-size").first()
    if newest is None or newest.size <= row.index:
        raise Conflict("receipt_pending")
    return proof(row.index, tiles.TileTree(LogFiles(), newest.size), bytes(newest.note))


def proof(index: int, tree: tiles.TileTree, checkpoint: bytes) -> bytes:
    """The tlog-proof of an entry under a checkpoint."""
    return Proof(index, tuple(merkle.inclusion_proof(index, tree.size, tree.node)), checkpoint).encode()


def policy_text() -> str:
    """A policy that trusts this log's key, pins the devices that its server vouched for, and asks for no witness."""
    opened = vouching.anchor()
    vouched = Device.objects.filter(countersigned_by=opened.server.device, status__in=IN_THE_LOG)
    return policy.write_policy([opened.log_key], founders=vouched.values_list("device", flat=True)).decode()


@dataclass(frozen=True, slots=True)
class LogStanding:
    """How far a log has come, and the keys it began with: what a backup says of it.

    `entries` are those that are admitted, `size` those that the newest checkpoint covers; `log_key` is the verifier key
    in signed-note form.
    """

    tenant: str
    origin: str
    entries: int
    size: int
    checkpoint: str
    log_key: str
    server_device: str


def standing() -> LogStanding | None:
    """How far the present tenant's log has come; None where it has not begun. Keys that cannot be read are empty."""
    log = Log.objects.first()
    if log is None:
        return None
    head = newest_checkpoint()
    try:
        opened = vouching.anchor()
        log_key, server_device = str(opened.log_key), opened.server.device
    except (NotFound, Invalid):
        # What is broken is saved as it is, before anybody mends it.
        log_key = server_device = ""
    return LogStanding(
        tenant=scope.current(),
        origin=log.origin,
        entries=log.next_index,
        size=head.size if head else 0,
        checkpoint=head.note if head else "",
        log_key=log_key,
        server_device=server_device,
    )


def log_files(size: int) -> Iterator[str]:
    """The path of every file that the log has at this size."""
    return files.paths(size)


def log_file(path: str) -> tuple[str, bytes]:
    """A file of the log: its key in the blob store, and its bytes. Raises `blobs.Missing`."""
    return files.key(path), LogFiles().read(path)


def tenants_to_publish() -> list[str]:
    """The tenants whose logs have entries that no checkpoint covers: for the worker, in whatever scope."""
    with scope.across_tenants():
        waiting = Log.everywhere.filter(published_size__lt=F("next_index"))
        return list(waiting.order_by("tenant_id").values_list("tenant_id", flat=True))


def log_positions() -> dict[str, int]:
    """How many entries the log of every company has: for the worker, in whatever scope."""
    with scope.across_tenants():
        return dict(Log.everywhere.values_list("tenant_id", "next_index"))
