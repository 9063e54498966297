"""What the events of a run name as having come before them."""

from __future__ import annotations

from tanghulu.apps.evidence.models import Entry
from tanghulu.core.chain import envelope as envelopes
from tanghulu.core.chain import event as events


def named_in(run: str) -> set[str]:
    """The payload hashes that events of the run name in `prev_run`."""
    found = Entry.objects.filter(run=run).values_list("envelope", flat=True).iterator(chunk_size=500)
    return {name for raw in found for name in events.parse_payload(envelopes.parse_entry(bytes(raw)).payload).prev_run}
