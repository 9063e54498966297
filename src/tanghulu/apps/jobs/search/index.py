"""The index is brought up to where the log is, thrown away and made anew, and made to forget."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.db import transaction

from tanghulu.apps.evidence import queries as chain
from tanghulu.apps.jobs.models import Run, SearchMark, SearchText
from tanghulu.apps.jobs.rotation import Rotation
from tanghulu.apps.jobs.search import engine, texts
from tanghulu.apps.jobs.search.tokens import tenant_token, tokens
from tanghulu.apps.tenancy import scope
from tanghulu.core.access import Actor, Permission

_BATCH = 500
_WAITING = Rotation()


def index_texts(actor: Actor, *, limit: int = 500) -> int:
    """Index the next entries of the log, and openings that have come since; how many texts are new.

    Of texts that wait for their openings at most `limit` are looked at, the next time those after them.
    """
    actor.require(Permission.JOBS_RUN_ACT)
    with transaction.atomic():
        mark, _ = SearchMark.objects.select_for_update().get_or_create(defaults={"tenant_id": scope.current()})
        entries = chain.run_entries(start=mark.next_entry, limit=_BATCH)
        added = _add(entries.records)
        mark.next_entry = entries.following
        mark.save()
    return added + _open_waiting(limit)


def _add(records: Sequence[chain.EventRecord]) -> int:
    refs = {str(record.payload.get("run", "")) for record in records}
    runs = dict(Run.objects.filter(ref__in=refs).values_list("ref", "pk"))
    commitments = [one for record in records for one in _commitments(record)]
    opened = chain.openings_of(commitments)
    rows = []
    for record in records:
        run = runs.get(str(record.payload.get("run", "")))
        if run is None:
            continue
        said = texts.on_the_log(record.payload)
        rows += [_row(run, record, "", _tokens(said))] if said else []
        for one in _commitments(record):
            rows.append(_row(run, record, one, _tokens(texts.beside_it(opened[one].value)) if one in opened else None))
    SearchText.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _commitments(record: chain.EventRecord) -> list[str]:
    return [str(one) for one in record.payload.get("commitments", {}).values()]


def _row(run: int, record: chain.EventRecord, commitment: str, found: str | None) -> SearchText:
    return SearchText(run_id=run, entry=record.index, commitment=commitment, tokens=found)


def _tokens(text: str) -> str:
    return " ".join([tenant_token(scope.current()), *tokens(text)])


def _open_waiting(limit: int) -> int:
    """Those whose openings came after their events."""
    waiting = _WAITING.page(SearchText.objects.filter(tokens__isnull=True), limit)
    opened: dict[str, Any] = chain.openings_of(row.commitment for row in waiting)
    rows = [row for row in waiting if row.commitment in opened]
    for row in rows:
        row.tokens = _tokens(texts.beside_it(opened[row.commitment].value))
        row.save(update_fields=["tokens"])
    return len(rows)


def forget(actor: Actor, *, commitments: Collection[str]) -> int:
    """Take out of the index what these commitments said; how many texts there were. For erasure."""
    actor.require(Permission.JOBS_RUN_ACT)
    found = SearchText.objects.filter(commitment__in=set(commitments))
    count, _ = found.delete()
    if count:
        engine.wipe()
    return count


def rebuild(actor: Actor) -> int:
    """Throw the company's index away and make it anew; how many texts it has."""
    actor.require(Permission.JOBS_RUN_ACT)
    with transaction.atomic():
        SearchText.objects.all().delete()
        SearchMark.objects.all().delete()
    while True:
        before = SearchMark.objects.values_list("next_entry", flat=True).first() or 0
        index_texts(actor)
        if SearchMark.objects.values_list("next_entry", flat=True).get() == before:
            return SearchText.objects.count()
