"""Runs are what their events make them: every run is folded anew and compared with its row."""

from __future__ import annotations

from collections.abc import Iterator

from tanghulu.apps.evidence import queries as chain
from tanghulu.apps.evidence.fsck import Finding
from tanghulu.apps.jobs import fold
from tanghulu.apps.jobs.models import Run
from tanghulu.core import flow
from tanghulu.core.errors import Refusal

_KEYS = {"id", "tenant", "ref", "state"}
_COLUMNS = sorted({field.name for field in Run._meta.concrete_fields} - _KEYS)


def check_runs() -> Iterator[Finding]:
    """Compare every run of the current tenant with the fold of its entries in log order."""
    known: set[str] = set()
    for row in Run.objects.order_by("pk").iterator(chunk_size=100):
        known.add(row.ref)
        try:
            yield from _check_run(row)
        except Refusal as refusal:
            yield Finding("run_unreadable", f"run {row.ref}", str(refusal))
    for ref in sorted(set(chain.run_refs()) - known):
        yield Finding("run_row_missing", f"run {ref}", "the log has events of it and there is no row")


def _check_run(row: Run) -> Iterator[Finding]:
    about, at = f"run {row.ref}", row.changed_at
    run = fold.open_row(fold.new_row(row.ref, at=at), is_stored=False)
    for logged in chain.logged_events(row.ref):
        event, at = logged.event, logged.received_at
        folded = fold.as_event(event.value, event.hash, is_revoked=logged.is_revoked)
        codes = fold.apply_again(run, folded, at=at, version=row.version)
        if codes != logged.codes:
            yield Finding("codes_differ", f"entry {logged.index}", "it contradicts its run otherwise than was answered")
    fold.columns(run, at=at)
    if flow.state_to_json(run.state) != row.state:
        yield Finding("run_state_differs", about, "its state is not the fold of its events")
    differing = [name for name in _COLUMNS if getattr(run.row, name) != getattr(row, name)]
    if differing:
        names = ", ".join(differing)
        yield Finding("run_row_differs", about, f"what it is searched by is not what its state says: {names}")
