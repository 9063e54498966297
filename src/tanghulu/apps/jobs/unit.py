"""The runs of a company opened for change: what one transaction does to them, written at its end.

The order in which runs are folded here is the order of their entries in the log, because both happen in the log's
book, whose lock keeps everybody else out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from tanghulu.apps.directory import queries as directory
from tanghulu.apps.evidence import actions as evidence
from tanghulu.apps.jobs import fold
from tanghulu.apps.jobs.models import Run, RunMember, RunPhoto
from tanghulu.apps.photos import queries as photos
from tanghulu.core.chain.event import Event
from tanghulu.core.chain.event_types import EventType


@contextmanager
def open_unit(*, at: datetime) -> Iterator[Unit]:
    """Open the present company's runs for change, in a transaction, until the block ends.

    Raises NotFound `log_not_open`.
    """
    with evidence.open_book(at=at) as book:
        unit = Unit(book, at)
        yield unit
        unit.close()


class Unit:
    """What one transaction does. `at` is the server's time for all of it."""

    def __init__(self, book: evidence.Book, at: datetime) -> None:
        self.book = book
        self.at = at
        self._runs: dict[str, fold.OpenRun] = {}
        self._changed: set[str] = set()
        self._stored: dict[str, bool] = {}
        self._waiting: dict[str, list[RunPhoto]] = {}
        self._fresh: list[RunPhoto] = []
        self._old: list[RunPhoto] = []

    def run(self, ref: str) -> fold.OpenRun:
        """The run with this ref; a new one when none of its events has come yet."""
        if ref not in self._runs:
            row = Run.objects.filter(ref=ref).first() or fold.new_row(ref, at=self.at)
            self._runs[ref] = fold.open_row(row)
        return self._runs[ref]

    def apply(self, run: fold.OpenRun, event: Event) -> tuple[str, ...]:
        """Fold an event into its run; the codes by which it contradicts the rules."""
        self._changed.add(run.ref)
        return fold.apply(run, {**event.value, "hash": event.hash})

    def state_fact(self, run: fold.OpenRun, kind: EventType, data: Mapping[str, Any]) -> None:
        """Let the server state a fact about the run: sign it, append it to the log, fold it."""
        self.apply(run, self.book.state_fact(kind, run=run.ref, data=data))

    def resolve(self, run: fold.OpenRun, members: Iterable[str]) -> None:
        """State who these members are to the company, for those of whom the run does not know it yet."""
        missing = sorted(set(members) - run.state["facts"].keys())
        facts = directory.facts_of(missing) if missing else {}
        for member in missing:
            if member in facts:
                self.state_fact(run, EventType.PEOPLE_RESOLVED, {"member": member, **facts[member]})

    # --- photos -------------------------------------------------------------------------------------------------------

    def look_up_photos(self, names: Iterable[str]) -> None:
        """Find out with two queries which photos (by SHA-256) are stored, and which runs wait for them."""
        wanted = {name for name in names if name} - self._stored.keys()
        if not wanted:
            return
        present = photos.stored(wanted)
        self._stored |= {name: name in present for name in wanted}
        self._waiting |= {name: [] for name in wanted}
        for row in RunPhoto.objects.filter(sha256__in=wanted, stated_at=None).select_related("run").order_by("pk"):
            self._waiting[row.sha256].append(row)

    def expect_photos(self, run: fold.OpenRun, event: Event, names: Mapping[str, str]) -> None:
        """Remember the event's photos; `names` gives the SHA-256 of each commitment whose opening has come."""
        for photo in event.photos:
            row = RunPhoto(run=run.row, commitment=photo.commitment, sha256=names.get(photo.commitment, ""))
            self._fresh.append(row)
            self._await(row)

    def open_photos(self, names: Mapping[str, str]) -> None:
        """Take openings that came after their events: commitments to SHA-256."""
        for row in RunPhoto.objects.filter(commitment__in=names, sha256="").select_related("run"):
            row.sha256 = names[row.commitment]
            self._old.append(row)
            self._await(row)

    def photo_arrived(self, name: str) -> None:
        """State, on the chain of every run that waits for it, that a photo is stored."""
        self.look_up_photos([name])
        self._stored[name] = True
        for row in self._waiting.pop(name, []):
            if row not in self._fresh and row not in self._old:
                self._old.append(row)
            self._state_stored(row)
        self._waiting[name] = []

    def _await(self, row: RunPhoto) -> None:
        if not row.sha256:
            return
        self.look_up_photos([row.sha256])
        if self._stored[row.sha256]:
            self._state_stored(row)
        else:
            self._waiting[row.sha256].append(row)

    def _state_stored(self, row: RunPhoto) -> None:
        run = self.run(row.run.ref)
        self.state_fact(run, EventType.PHOTO_STORED, {"commitment": row.commitment})
        row.stated_at = self.at
        self.seal_if_ended(run)

    # --- seals --------------------------------------------------------------------------------------------------------

    def seal_if_ended(self, run: fold.OpenRun) -> None:
        """Seal the run, or seal it again, when it has ended and nothing of it is missing."""
        if run.state["status"] != "ended" or run.state["sealed"] or self._lacks_photos(run):
            return
        sealed = self.book.seal(run.ref)
        if sealed is not None:
            self.apply(run, sealed)

    def _lacks_photos(self, run: fold.OpenRun) -> bool:
        mine = [row for row in (*self._fresh, *self._old) if row.run.ref == run.ref]
        if any(row.stated_at is None for row in mine):
            return True
        if run.row.pk is None:
            return False
        done = [row.commitment for row in mine]
        return RunPhoto.objects.filter(run=run.row, stated_at=None).exclude(commitment__in=done).exists()

    # --- the end ------------------------------------------------------------------------------------------------------

    def close(self) -> None:
        """Write the rows."""
        for ref in sorted(self._changed):
            self._write(self._runs[ref])
        # Another run may have used the same commitment first; then the photo stays that run's.
        RunPhoto.objects.bulk_create(self._fresh, ignore_conflicts=True)
        for row in self._old:
            row.save(update_fields=["sha256", "stated_at"])

    def _write(self, run: fold.OpenRun) -> None:
        is_new = run.row.pk is None
        before = set() if is_new else fold.people_of(run.row.state)
        fold.columns(run, at=self.at)
        run.row.save(force_insert=is_new)
        added = fold.people_of(run.state) - before
        if added:
            rows: Sequence[RunMember] = [RunMember(run=run.row, member=member) for member in sorted(added)]
            RunMember.objects.bulk_create(rows, ignore_conflicts=True)
