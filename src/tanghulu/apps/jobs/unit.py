"""The runs of a company opened for change: what one transaction does to them, written at its end.

The order in which runs are folded here is the order of their entries in the log, because both happen in the log's
book, whose lock keeps everybody else out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tanghulu.apps.directory import queries as directory
from tanghulu.apps.evidence import actions as evidence
from tanghulu.apps.jobs import fold
from tanghulu.apps.jobs.models import Run, RunMember, RunPhoto
from tanghulu.apps.photos import actions as photo_actions
from tanghulu.apps.photos import queries as photos
from tanghulu.apps.tenancy import rows
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


@dataclass(slots=True)
class _Awaited:
    """A photo that an event of a run speaks of: a row of `RunPhoto`, `pk` None while it is not written."""

    pk: int | None
    run: str
    commitment: str
    sha256: str
    stated_at: datetime | None = None


_RUN = (
    "template", "version", "equipment", "status", "outcome", "is_sealed", "is_overdue", "state", "opened_at",
    "changed_at", "next_timer_at", "urgency", "inside", "contradictions",
)  # fmt: skip

_WAITING = f"""
    SELECT photo.id, run.ref, photo.commitment, photo.sha256
    FROM {RunPhoto._meta.db_table} photo JOIN {Run._meta.db_table} run ON run.id = photo.run_id
    WHERE photo.tenant_id = %%s AND photo.sha256 IN (%s) AND photo.stated_at IS NULL
    ORDER BY photo.id
"""  # noqa: S608 - nothing but names of tables is put in


class Unit:
    """What one transaction does. `at` is the server's time for all of it."""

    def __init__(self, book: evidence.Book, at: datetime) -> None:
        self.book = book
        self.at = at
        self._runs: dict[str, fold.OpenRun] = {}
        self._changed: set[str] = set()
        self._stored: dict[str, bool] = {}
        self._kept: list[photo_actions.Kept] = []
        self._waiting: dict[str, list[_Awaited]] = {}
        self._fresh: list[_Awaited] = []
        self._old: dict[int, _Awaited] = {}

    def run(self, ref: str) -> fold.OpenRun:
        """The run with this ref; a new one when none of its events has come yet."""
        if ref not in self._runs:
            known: fold.OpenRun | None = self.book.runs.get(ref)
            self._runs[ref] = known or self._read(ref)
        return self._runs[ref]

    def _read(self, ref: str) -> fold.OpenRun:
        row = Run.objects.filter(ref=ref).first()
        return fold.open_row(row or fold.new_row(ref, at=self.at), is_stored=row is not None)

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
        wanted = sorted({name for name in names if name} - self._stored.keys())
        if not wanted:
            return
        present = photos.stored(wanted)
        self._stored |= {name: name in present for name in wanted}
        self._waiting |= {name: [] for name in wanted}
        for pk, run, commitment, sha256 in rows.ask(_WAITING % rows.marks(len(wanted)), [self.book.tenant, *wanted]):
            self._waiting[sha256].append(self._old.get(pk) or _Awaited(pk, run, commitment, sha256))

    def expect_photos(self, run: fold.OpenRun, event: Event, names: Mapping[str, str]) -> None:
        """Remember the event's photos; `names` gives the SHA-256 of each commitment whose opening has come."""
        for photo in event.photos:
            awaited = _Awaited(None, run.ref, photo.commitment, names.get(photo.commitment, ""))
            self._fresh.append(awaited)
            self._await(awaited)

    def open_photos(self, names: Mapping[str, str]) -> None:
        """Take openings that came after their events: commitments to SHA-256."""
        nameless = [one for one in self._fresh if one.commitment in names and not one.sha256]
        for row in RunPhoto.objects.filter(commitment__in=names, sha256="").select_related("run"):
            if row.pk not in self._old:
                self._old[row.pk] = _Awaited(row.pk, row.run.ref, row.commitment, "")
                nameless.append(self._old[row.pk])
        for awaited in nameless:
            awaited.sha256 = names[awaited.commitment]
            self._await(awaited)

    def keep_photo(self, kept: photo_actions.Kept) -> bool:
        """Write that a photo's bytes are durable, and state it; False when that was written before."""
        self.look_up_photos([kept.sha256])
        is_new = not self._stored[kept.sha256]
        if is_new:
            self._kept.append(kept)
        self.photo_arrived(kept.sha256)
        return is_new

    def photo_arrived(self, name: str) -> None:
        """State, on the chain of every run that waits for it, that a photo is stored."""
        self.look_up_photos([name])
        self._stored[name] = True
        waiting, self._waiting[name] = self._waiting[name], []
        for awaited in waiting:
            self._state_stored(awaited)

    def _await(self, awaited: _Awaited) -> None:
        if not awaited.sha256:
            return
        self.look_up_photos([awaited.sha256])
        if self._stored[awaited.sha256]:
            self._state_stored(awaited)
        else:
            self._waiting[awaited.sha256].append(awaited)

    def _state_stored(self, awaited: _Awaited) -> None:
        if awaited.pk is not None:
            self._old[awaited.pk] = awaited
        run = self.run(awaited.run)
        self.state_fact(run, EventType.PHOTO_STORED, {"commitment": awaited.commitment})
        awaited.stated_at = self.at
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
        mine = [one for one in (*self._fresh, *self._old.values()) if one.run == run.ref]
        if any(one.stated_at is None for one in mine):
            return True
        if not run.is_stored:
            return False
        done = [one.commitment for one in mine]
        return RunPhoto.objects.filter(run=run.row, stated_at=None).exclude(commitment__in=done).exists()

    # --- the end ------------------------------------------------------------------------------------------------------

    def close(self) -> None:
        """Write the rows."""
        changed = [self._runs[ref] for ref in sorted(self._changed)]
        self._write_runs(changed)
        photo_actions.record(self._kept, at=self.at)
        # Another run may have used the same commitment first; then the photo stays that run's.
        fresh = [(self._runs[one.run].row.pk, one.commitment, one.sha256, one.stated_at) for one in self._fresh]
        rows.insert_missing(RunPhoto, ("run", "commitment", "sha256", "stated_at"), fresh)
        old = [(one.sha256, one.stated_at, pk) for pk, one in self._old.items()]
        rows.update(RunPhoto, ("sha256", "stated_at"), old)
        # Taken out and put in again, so that what was used last is forgotten last.
        for run in changed:
            self.book.runs.pop(run.ref, None)
            self.book.runs[run.ref] = run

    def _write_runs(self, changed: Sequence[fold.OpenRun]) -> None:
        known = []
        for run in changed:
            fold.columns(run, at=self.at)
            if not run.is_stored:
                run.row.save(force_insert=True)
                run.is_stored = True
            else:
                known.append((*(getattr(run.row, name) for name in _RUN), run.row.pk))
        rows.update(Run, _RUN, known)
        for run in changed:
            self._write_members(run)

    def _write_members(self, run: fold.OpenRun) -> None:
        added = sorted(fold.people_of(run.state) - run.members)
        rows.insert_missing(RunMember, ("run", "member"), [(run.row.pk, member) for member in added])
        run.members.update(added)
