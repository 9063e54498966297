"""Runs are what their events make them: every run is folded anew and compared with its row."""

from __future__ import annotations

from collections.abc import Iterator

from tanghulu.apps.evidence import queries as chain
from tanghulu.apps.evidence.fsck import Finding
from tanghulu.apps.flows import queries as flows
from tanghulu.apps.jobs import fold, standing
from tanghulu.apps.jobs.models import Run
from tanghulu.core import flow
from tanghulu.core.errors import Refusal


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
    about = f"run {row.ref}"
    template: flow.Template | None = None
    state = flow.new_state()
    for logged in chain.logged_events(row.ref):
        event = logged.event
        folded = fold.as_event(event.value, event.hash, is_revoked=logged.is_revoked)
        if template is None and fold.opens(folded) and event.data["version"] == row.version:
            template = flows.compiled(row.version).template
        fold.take_in(template, state, folded)
        last = state["contradictions"][-1:]
        codes = tuple(last[0]["codes"]) if last and last[0]["event"] == event.hash else ()
        if codes != logged.codes:
            yield Finding("codes_differ", f"entry {logged.index}", "it contradicts its run otherwise than was answered")
    if flow.state_to_json(state) != row.state:
        yield Finding("run_state_differs", about, "its state is not the fold of its events")
    registers = template.registers if template is not None else {}
    found = standing.standing(registers, state, is_overdue=row.is_overdue)
    kept = (row.status, row.outcome, row.is_sealed, row.urgency, row.inside, row.contradictions)
    if kept != (
        *(state["status"], state.get("outcome", ""), state["sealed"]),
        *(found.urgency, found.inside, found.contradictions),
    ):
        yield Finding("run_row_differs", about, "what it is searched by is not what its state says")
