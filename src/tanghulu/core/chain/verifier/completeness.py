"""COMPLETENESS: nothing was left out, as of the newest seal (docs/formats/pack.md, log.md)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tanghulu.core.chain.event import Event
from tanghulu.core.chain.event_types import SERVER, EventType
from tanghulu.core.chain.numbering import has_gap
from tanghulu.core.chain.verifier.contents import Contents, Record
from tanghulu.core.chain.verifier.photos import check_arrivals
from tanghulu.core.chain.verifier.report import Reason, fails, note, unproven


def check_completeness(contents: Contents) -> Iterator[Reason]:
    """The reasons for and against COMPLETENESS."""
    readable = contents.readable
    if len(readable) < len(contents.events):
        yield unproven("event_unreadable")
    seal = _newest_seal(contents)
    if seal is None:
        yield unproven("seal_missing")
        return
    record, sealed = seal
    placed = [(one, event) for one, event in readable if one is not record]
    if any(_index(one) > _index(record) for one, _ in placed):
        yield unproven("seal_outdated", record.name)
    before = [(one, event) for one, event in placed if _index(one) < _index(record)]
    yield from check_seal(sealed, [event for _, event in before], record.name)
    yield from _gaps(before)
    yield from check_arrivals(before)
    yield note("complete_as_of_seal", record.name)


def check_seal(seal: Event, before: Sequence[Event], about: str) -> Iterator[Reason]:
    """What the seal says about the run's events before it equals what the pack holds."""
    said: Mapping[str, Any] = seal.data
    named = {link for event in before for link in event.prev_run}
    heads = sorted({event.hash for event in before} - named)
    last: dict[str, int] = {}
    for event in before:
        if event.rseq is not None:
            last[event.device] = max(event.rseq, last.get(event.device, 0))
    if said["count"] != len(before):
        yield fails("seal_count_differs", about)
    if said["heads"] != heads or list(seal.prev_run) != heads:
        yield fails("seal_heads_differ", about)
    if said["devices"] != last:
        yield fails("seal_devices_differ", about)


def _gaps(before: Sequence[tuple[Record, Event]]) -> Iterator[Reason]:
    """No number of a device is missing, but for those beside events under a key that had ended."""
    judged: dict[str, list[int]] = {}
    aside: dict[str, list[int]] = {}
    for record, event in before:
        if event.rseq is not None:
            (aside if record.is_aside else judged).setdefault(event.device, []).append(event.rseq)
    for device in sorted(judged.keys() | aside.keys()):
        mine, other = judged.get(device, []), aside.get(device, [])
        if has_gap(mine, other):
            yield fails("rseq_gap", device)
        elif has_gap([*mine, *other], ()):
            yield note("revoked_gap", device)


def _newest_seal(contents: Contents) -> tuple[Record, Event] | None:
    """The seal with the highest index that the server's key made; anybody else's seals nothing."""
    server = None if contents.anchor is None else contents.anchor.server.device
    seals = [
        (record, event)
        for record, event in contents.readable
        if event.kind is EventType.RUN_SEALED and event.actor == SERVER and event.device == server
    ]
    return max(seals, key=lambda one: _index(one[0]), default=None)


def _index(record: Record) -> int:
    return -1 if record.index is None else record.index
