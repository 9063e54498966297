"""ORDER: the order shown is the order that was signed (docs/formats/pack.md)."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence

from tanghulu.core.chain.admission import Standing
from tanghulu.core.chain.event import Event
from tanghulu.core.chain.event_types import EventType
from tanghulu.core.chain.verifier.contents import Contents, Record
from tanghulu.core.chain.verifier.report import Reason, fails, note, unproven


def check_order(contents: Contents) -> Iterator[Reason]:
    """The reasons for and against ORDER."""
    readable = contents.readable
    if len(readable) < len(contents.events):
        yield unproven("event_unreadable")
    events = [event for _, event in readable]
    yield from _indexes(contents)
    aside = contents.aside
    yield from _opening(contents.openings_of_run, aside)
    yield from check_links(events, aside)
    yield from _arrivals(readable)
    yield from _contradictions(contents)
    yield from _not_judged(readable)
    enrolments = [one.event for one in contents.enrolments if one.event is not None]
    yield from check_devices(events, enrolments, aside)


def _indexes(contents: Contents) -> Iterator[Reason]:
    """Log indexes rise strictly with the file numbers, in events and in keys."""
    for records in (contents.events, contents.enrolments):
        placed = [(record.index, record.name) for record in records if record.index is not None]
        for (before, _), (after, name) in itertools.pairwise(placed):
            if after <= before:
                yield fails("index_not_rising", name)


def _opening(opened: Sequence[Event], aside: Collection[str]) -> Iterator[Reason]:
    """Exactly one `run.opened`; the event's form forbids it to have predecessors. Those aside open nothing."""
    if not opened:
        yield fails("run_opened_missing")
    for event in opened[1:]:
        if event.hash not in aside:
            yield fails("run_opened_twice", event.hash)


def check_links(events: Sequence[Event], aside: Collection[str] = ()) -> Iterator[Reason]:
    """Every link leads to an event of this run, and following links always ends; of those `aside` nothing is asked.

    What ends can only end at `run.opened`, the one event without links.
    """
    known = {event.hash for event in events}
    for event in events:
        if event.hash not in aside and any(link not in known for link in event.prev_run):
            yield fails("link_missing", event.hash)
    for name in sorted(known - set(ancestors(events)) - set(aside)):
        yield fails("link_cycle", name)


def _arrivals(readable: Sequence[tuple[Record, Event]]) -> Iterator[Reason]:
    """A link to an event with a higher index: it happened before and arrived later."""
    index_of = {event.hash: record.index for record, event in readable}
    late: set[str] = set()
    for record, event in readable:
        for link in event.prev_run:
            linked = index_of.get(link)
            if linked is not None and record.index is not None and linked > record.index:
                late.add(link)
    for record, event in readable:
        if event.hash in late:
            yield note("arrived_late", record.name)


def _contradictions(contents: Contents) -> Iterator[Reason]:
    """How many events the server received as contradicting, or under a key that had ended: they are evidence too."""
    standings = [record.admitted.standing for record in contents.events if record.admitted is not None]
    for standing, code in ((Standing.CONTRADICTING, "contradicting_acts"), (Standing.REVOKED, "revoked_acts")):
        if standing in standings:
            yield note(code, str(standings.count(standing)))


def _not_judged(readable: Sequence[tuple[Record, Event]]) -> Iterator[Reason]:
    """What came under a key that had ended and would have broken the order: another opening, a link to nowhere."""
    known = {event.hash for _, event in readable}
    for record, event in readable:
        is_loose = event.kind is EventType.RUN_OPENED or any(link not in known for link in event.prev_run)
        if record.is_aside and is_loose:
            yield note("revoked_not_judged", record.name)


def ancestors(events: Sequence[Event]) -> dict[str, int]:
    """For each event, by hash, the set of events that it follows by links, as bits by position in `events`.

    Events on a cycle, and those that follow one, are left out.
    """
    position = {event.hash: at for at, event in enumerate(events)}
    followers: dict[str, list[Event]] = {}
    waiting: dict[str, int] = {}
    for event in events:
        links = {link for link in event.prev_run if link in position}
        waiting[event.hash] = len(links)
        for link in links:
            followers.setdefault(link, []).append(event)
    ready = [event for event in events if waiting[event.hash] == 0]
    found: dict[str, int] = {}
    while ready:
        event = ready.pop()
        bits = 0
        for link in event.prev_run:
            if link in position:
                bits |= found[link] | 1 << position[link]
        found[event.hash] = bits
        for follower in followers.get(event.hash, ()):
            waiting[follower.hash] -= 1
            if waiting[follower.hash] == 0:
                ready.append(follower)
    return found


def check_devices(
    events: Sequence[Event], enrolments: Sequence[Event], aside: Collection[str] = ()
) -> Iterator[Reason]:
    """Each device's events stand in the order in which it numbered, linked and timed them.

    Those `aside` are not compared, but the links of others lead over them: what they name, they name.
    """
    position = {event.hash: at for at, event in enumerate(events)}
    before = ancestors(events)
    judged = [event for event in events if event.hash not in aside]
    for device in sorted({event.device for event in judged}):
        mine = sorted((event for event in judged if event.device == device), key=lambda event: event.dseq)
        yield from _numbers(mine)
        yield from _run_links(mine, before, position)
        whole = sorted([*mine, *(one for one in enrolments if one.device == device)], key=lambda event: event.dseq)
        yield from _device_links(whole)
        yield from _clocks(whole)


def _numbers(mine: Sequence[Event]) -> Iterator[Reason]:
    """No number twice; `dseq` and `rseq` rise together. `mine` is sorted by `dseq`."""
    for earlier, later in itertools.pairwise(mine):
        if earlier.dseq == later.dseq or earlier.rseq == later.rseq:
            yield fails("event_twice", later.hash)
        elif earlier.rseq is not None and later.rseq is not None and later.rseq < earlier.rseq:
            yield fails("device_order_broken", later.hash)


def _run_links(mine: Sequence[Event], before: Mapping[str, int], position: Mapping[str, int]) -> Iterator[Reason]:
    """Each event follows, directly or over others, the device's previous event in the run."""
    for earlier, later in itertools.pairwise(mine):
        # Events on a cycle have no ancestors here and are reported as such.
        if later.hash in before and not before[later.hash] >> position[earlier.hash] & 1:
            yield fails("device_order_broken", later.hash)


def _device_links(whole: Sequence[Event]) -> Iterator[Reason]:
    """Of two events with consecutive `dseq`, the later names the earlier as its `prev_device`."""
    for earlier, later in itertools.pairwise(whole):
        if later.dseq == earlier.dseq + 1 and later.prev_device != earlier.hash:
            yield fails("device_link_broken", later.hash)


def _clocks(whole: Sequence[Event]) -> Iterator[Reason]:
    """Between two starts of the device's clock, it does not run backwards."""
    latest: dict[str, int] = {}
    for event in whole:
        if event.mono_ms < latest.get(event.boot, 0):
            yield fails("clock_fell_back", event.hash)
        latest[event.boot] = max(event.mono_ms, latest.get(event.boot, 0))
