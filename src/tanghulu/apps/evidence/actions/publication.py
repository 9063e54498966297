"""The log is published: entries that are rows become files, then a signed head says that they are there.

No lock is held while files are written. The order of the entries is fixed by their rows, so two workers that publish
the same log write the same bytes under the same names, and a head never goes back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tanghulu.apps.evidence import files
from tanghulu.apps.evidence.models import Checkpoint, Entry, Log
from tanghulu.apps.tenancy import scope
from tanghulu.core.chain import tiles
from tanghulu.core.chain.checkpoint import sign_checkpoint
from tanghulu.core.errors import Invalid
from tanghulu.gateways import blobs, keys, pauses

BATCH = 256


class BrokenLog(RuntimeError):
    """The rows of a log are not what was admitted, so nothing is published on top of them; `fsck` says more."""


@dataclass(frozen=True, slots=True)
class Head:
    """A signed head of a tenant's log whose files are durable, ready to be stored; it grew from `before` entries."""

    tenant: str
    before: int
    size: int
    root: str
    note: bytes


def publish(*, at: datetime) -> int:
    """Publish everything that is admitted in the current tenant; return how many entries that were."""
    published = 0
    while (head := prepare()) is not None:
        publish_heads([head], at=at)
        published += head.size - head.before
    return published


def prepare() -> Head | None:
    """Write the files of up to 256 entries of the current tenant that no head covers; None when there are none."""
    log = Log.objects.first()
    if log is None or log.published_size >= log.next_index:
        return None
    before = log.published_size
    rows = Entry.objects.filter(index__gte=before).order_by("index").values_list("index", "envelope")[:BATCH]
    found = list(rows)
    if [index for index, _ in found] != list(range(before, before + len(found))) or not found:
        raise BrokenLog(f"the log of {scope.current()} has no entry where one of {before} to {log.next_index} must be")
    try:
        growth = tiles.grow(before, [bytes(envelope) for _, envelope in found], files.LogFiles())
    except (blobs.Missing, Invalid) as error:
        raise BrokenLog(f"a file of the log of {scope.current()} is not as it was written: {error}") from error
    _write(growth)
    note = sign_checkpoint(growth.size, growth.root, keys.log_key(scope.current(), log.origin))
    pauses.at("after_checkpoint_signed")
    return Head(scope.current(), before, growth.size, growth.root.hex(), note)


def _write(growth: tiles.Growth) -> None:
    bundles = {path: content for path, content in growth.files.items() if path.startswith("tile/entries/")}
    files.write(bundles)
    pauses.at("after_entry")
    files.write({path: content for path, content in growth.files.items() if path not in bundles})
    pauses.at("after_tile")


def publish_heads(heads: Iterable[Head], *, at: datetime) -> None:
    """Make heads visible, those of all tenants in one transaction, then drop files that they have outgrown."""
    found = list(heads)
    with transaction.atomic():
        for head in found:
            with scope.within(head.tenant):
                _store(head, at=at)
    pauses.at("after_checkpoint")
    for head in found:
        with scope.within(head.tenant):
            files.drop_outgrown(head.before, head.size)


def _store(head: Head, *, at: datetime) -> None:
    Checkpoint.objects.get_or_create(size=head.size, defaults={"root": head.root, "note": head.note, "signed_at": at})
    # Another worker may have stored a larger head meanwhile.
    Log.objects.filter(published_size__lt=head.size).update(published_size=head.size, published_root=head.root)
