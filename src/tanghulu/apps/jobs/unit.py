"""The runs of a company opened for change: what one transaction does to them, written at its end.

The order in which runs are folded here is the order of their entries in the log, because both happen in the log's
book, whose lock keeps everybody else out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
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
from tanghulu.core.photo.claims import Likeness, differences


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
    said: Likeness
    stated_at: datetime | None = None


_RUN = (
    "template", "version", "equipment", "status", "outcome", "is_sealed", "is_overdue", "awaits_photos", "state",
    "opened_at", "changed_at", "ended_at", "next_timer_at", "urgency", "inside", "contradictions",
)  # fmt: skip

_WAITING = f"""
    SELECT photo.id, run.ref, photo.commitment, photo.sha256, photo.media_type, photo.size
    FROM {RunPhoto._meta.db_table} photo JOIN {Run._meta.db_table} run ON run.id = photo.run_id
    WHERE photo.tenant_id = %%s AND photo.sha256 IN (%s) AND photo.stated_at IS NULL
    ORDER BY photo.id
"""  # noqa: S608 - nothing but names of tables is put in


_PHOTO = ("commitment", "sha256", "media_type", "size", "stated_at")


def _columns(one: _Awaited) -> tuple[str, str, str, int, datetime | None]:
    return one.commitment, one.sha256, one.said.media_type, one.said.size, one.stated_at


class Unit:
    """What one transaction does. `at` is the server's time for all of it."""

    def __init__(self, book: evidence.Book, at: datetime) -> None:
        self.book = book
        self.at = at
        self._runs: dict[str, fold.OpenRun] = {}
        self._changed: set[str] = set()
        self._stored: dict[str, Likeness | None] = {}
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

    def _look_up_runs(self, refs: set[str]) -> None:
        """Read these runs and their chains with two queries."""
        wanted = refs - self._runs.keys() - self.book.runs.keys()
        if not wanted:
            return
        self._runs |= {run.ref: run for run in fold.open_rows(list(Run.objects.filter(ref__in=wanted)))}
        self.book.look_up_chains(wanted)

    def _read(self, ref: str) -> fold.OpenRun:
        row = Run.objects.filter(ref=ref).first()
        return fold.open_row(row or fold.new_row(ref, at=self.at), is_stored=row is not None)

    def apply(self, run: fold.OpenRun, event: Event, *, is_revoked: bool = False) -> tuple[str, ...]:
        """Fold an event into its run; the codes by which it contradicts the rules."""
        self._changed.add(run.ref)
        return fold.apply(run, fold.as_event(event.value, event.hash, is_revoked=is_revoked), at=self.at)

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
        present = photos.about_each(wanted)
        self._stored |= {name: present.get(name) for name in wanted}
        self._waiting |= {name: [] for name in wanted}
        found = rows.ask(_WAITING % rows.marks(len(wanted)), [self.book.tenant, *wanted])
        for pk, run, commitment, sha256, media_type, size in found:
            said = Likeness(media_type, size)
            self._waiting[sha256].append(self._old.get(pk) or _Awaited(pk, run, commitment, sha256, said))

    def expect_photos(self, run: fold.OpenRun, event: Event, names: Mapping[str, str]) -> None:
        """Remember the event's photos; `names` gives the SHA-256 of each commitment whose opening has come."""
        for photo in event.photos:
            said = Likeness(photo.media_type, photo.size)
            awaited = _Awaited(None, run.ref, photo.commitment, names.get(photo.commitment, ""), said)
            self._fresh.append(awaited)
            self._await(awaited)

    def open_photos(self, names: Mapping[str, str]) -> None:
        """Take openings that came after their events: commitments to SHA-256."""
        nameless = [one for one in self._fresh if one.commitment in names and not one.sha256]
        for row in RunPhoto.objects.filter(commitment__in=names, sha256="").select_related("run"):
            if row.pk not in self._old:
                said = Likeness(row.media_type, row.size)
                self._old[row.pk] = _Awaited(row.pk, row.run.ref, row.commitment, "", said)
                nameless.append(self._old[row.pk])
        for awaited in nameless:
            awaited.sha256 = names[awaited.commitment]
            self._await(awaited)
        self._seal_all(nameless)

    def keep_photo(self, kept: photo_actions.Kept) -> bool:
        """Write that a photo's bytes are durable, and state it; False when that was written before."""
        self.look_up_photos([kept.sha256])
        is_new = self._stored[kept.sha256] is None
        if is_new:
            self._kept.append(kept)
            self._stored[kept.sha256] = Likeness(kept.media_type, kept.size)
        self.photos_arrived([kept.sha256])
        return is_new

    def photos_arrived(self, names: Collection[str]) -> int:
        """State, on the chain of every run that waits for one of them, what came; return how many were waited for."""
        self.look_up_photos(names)
        waiting = [(one, found) for name in names if (found := self._stored[name]) for one in self._waiting[name]]
        self._waiting |= {name: [] for name in names if self._stored[name]}
        self._look_up_runs({one.run for one, _ in waiting})
        for awaited, found in waiting:
            self._state_what_came(awaited, found)
        self._seal_all(one for one, _ in waiting)
        return len(waiting)

    def photo_unusable(self, name: str) -> None:
        """State, on the chain of every run that waits for it, that these bytes are no photo of any type that counts."""
        self.look_up_photos([name])
        waiting, self._waiting[name] = self._waiting[name], []
        for awaited in waiting:
            self._state(awaited, EventType.PHOTO_REFUSED, {"codes": ["type_differs"]})
        self._seal_all(waiting)

    def _await(self, awaited: _Awaited) -> None:
        if not awaited.sha256:
            return
        self.look_up_photos([awaited.sha256])
        found = self._stored[awaited.sha256]
        if found is not None:
            self._state_what_came(awaited, found)
        else:
            self._waiting[awaited.sha256].append(awaited)

    def _state_what_came(self, awaited: _Awaited, found: Likeness) -> None:
        # A row of before they were kept has no size.
        codes = differences(awaited.said, found) if awaited.said.size else []
        if codes:
            self._state(awaited, EventType.PHOTO_REFUSED, {"codes": codes})
        else:
            self._state(awaited, EventType.PHOTO_STORED, {})

    def _state(self, awaited: _Awaited, kind: EventType, more: Mapping[str, Any]) -> None:
        if awaited.pk is not None:
            self._old[awaited.pk] = awaited
        self.state_fact(self.run(awaited.run), kind, {"commitment": awaited.commitment, **more})
        awaited.stated_at = self.at

    def _seal_all(self, stated: Iterable[_Awaited]) -> None:
        for ref in sorted({one.run for one in stated if one.stated_at is not None}):
            self.seal_if_ended(self.run(ref))

    # --- seals --------------------------------------------------------------------------------------------------------

    def seal_if_ended(self, run: fold.OpenRun) -> None:
        """Seal the run, or seal it again, when it has ended and nothing of it is missing."""
        if run.state["status"] != "ended" or run.state["sealed"] or fold.awaits_photos(run.state):
            return
        sealed = self.book.seal(run.ref)
        if sealed is not None:
            self.apply(run, sealed)

    # --- the end ------------------------------------------------------------------------------------------------------

    def close(self) -> None:
        """Write the rows."""
        changed = [self._runs[ref] for ref in sorted(self._changed)]
        self._write_runs(changed)
        photo_actions.record(self._kept, at=self.at)
        # An act that contradicts the rules may have named the same commitment in the run before.
        fresh = [(self._runs[one.run].row.pk, *_columns(one)) for one in self._fresh]
        rows.insert_missing(RunPhoto, ("run", *_PHOTO), fresh)
        old = [(one.sha256, one.stated_at, pk) for pk, one in self._old.items()]
        rows.update(RunPhoto, ("sha256", "stated_at"), old)
        # Taken out and put in again, so that what was used last is forgotten last.
        for run in changed:
            self.book.runs.pop(run.ref, None)
            self.book.runs[run.ref] = run

    def _write_runs(self, changed: Sequence[fold.OpenRun]) -> None:
        known, new = [], []
        for run in changed:
            fold.columns(run, at=self.at)
            values = [getattr(run.row, name) for name in _RUN]
            if run.is_stored:
                known.append((*values, run.row.pk))
            else:
                new.append((run.ref, *values))
        rows.update(Run, _RUN, known)
        if new:
            self._write_new(new)
        for run in changed:
            self._write_members(run)

    def _write_new(self, new: Sequence[Sequence[Any]]) -> None:
        rows.insert(Run, ("ref", *_RUN), new)
        for pk, ref in rows.select(Run, ("id", "ref"), where="ref", among=[ref for ref, *_ in new]):
            run = self._runs[ref]
            run.row.pk, run.is_stored = pk, True

    def _write_members(self, run: fold.OpenRun) -> None:
        added = sorted(fold.people_of(run.state) - run.members)
        parts = [(run.row.pk, member, run.row.opened_at) for member in added]
        rows.insert_missing(RunMember, ("run", "member", "opened_at"), parts)
        run.members.update(added)
