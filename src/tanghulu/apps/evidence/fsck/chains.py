"""The chains that events make: of each device, and of each run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from tanghulu.apps.evidence.fsck.findings import Finding
from tanghulu.apps.evidence.models import RunChain
from tanghulu.core.chain.event import Event
from tanghulu.core.chain.event_types import EventType
from tanghulu.core.chain.numbering import has_gap


@dataclass(slots=True)
class _Device:
    """How far a device's events are without a gap, and those beyond: dseq to (hash, prev_device, about)."""

    dseq: int = 0
    head: str = ""
    beyond: dict[int, tuple[str, str | None, str]] = field(default_factory=dict)


class DeviceChains:
    """Follows `prev_device` of every device. Events may come in any order, so those beyond a gap are kept aside."""

    def __init__(self) -> None:
        self._devices: dict[str, _Device] = {}

    def add(self, event: Event, about: str) -> Iterator[Finding]:
        """Take the next entry of the log."""
        chain = self._devices.setdefault(event.device, _Device())
        if event.dseq <= chain.dseq or event.dseq in chain.beyond:
            yield Finding("event_twice", about, f"device {event.device} has used its number {event.dseq} before")
            return
        chain.beyond[event.dseq] = (event.hash, event.prev_device, about)
        while (found := chain.beyond.pop(chain.dseq + 1, None)) is not None:
            name, before, where = found
            if (before or "") != chain.head:
                yield Finding("device_link_broken", where, "prev_device is not the device's event before")
            chain.dseq, chain.head = chain.dseq + 1, name

    def last(self, device: str) -> tuple[int, str]:
        """The number and hash of the device's last event before any gap."""
        chain = self._devices.get(device, _Device())
        return chain.dseq, chain.head

    def check(self) -> Iterator[Finding]:
        """Note what devices have not sent yet, and compare the links beyond."""
        for device, chain in self._devices.items():
            if not chain.beyond:
                continue
            missing = chain.dseq + 1
            yield Finding("device_gap", f"device {device}", f"its event {missing} has not come", is_note=True)
            for dseq, (_, before, about) in sorted(chain.beyond.items()):
                if dseq - 1 in chain.beyond and before != chain.beyond[dseq - 1][0]:
                    yield Finding("device_link_broken", about, "prev_device is not the device's event before")


@dataclass(slots=True)
class _Run:
    """What the entries of one run make: heads, count, the rseqs of each device, and links to what is not there.

    `aside` are the rseqs of events that came when the device's key had ended.
    """

    heads: list[str] = field(default_factory=list)
    hashes: set[str] = field(default_factory=set)
    rseqs: dict[str, set[int]] = field(default_factory=dict)
    aside: dict[str, set[int]] = field(default_factory=dict)

    def last(self, device: str) -> int:
        """The device's highest number, whatever came under it."""
        return max((*self.rseqs.get(device, ()), *self.aside.get(device, ())), default=0)

    links: dict[str, str] = field(default_factory=dict)


class RunChains:
    """Follows `prev_run` and `rseq` of every run, and compares the rows that hold where each chain stands."""

    def __init__(self, server_device: str) -> None:
        self._server = server_device
        self._runs: dict[str, _Run] = {}

    def add(self, event: Event, about: str, *, is_aside: bool) -> Iterator[Finding]:
        """Take the next entry of the log; `is_aside` when it came when its key had ended."""
        if event.run is None or event.rseq is None:
            return
        run = self._runs.setdefault(event.run, _Run())
        if event.kind is EventType.RUN_SEALED:
            # What came late may have been named by an event that came before it.
            run.heads = [head for head in run.heads if head not in run.links]
            yield from _check_seal(run, event, about)
        run.heads = [*(head for head in run.heads if head not in event.prev_run), event.hash]
        run.hashes.add(event.hash)
        run.links.update(dict.fromkeys(event.prev_run, about))
        if is_aside:
            run.aside.setdefault(event.device, set()).add(event.rseq)
            return
        rseqs = run.rseqs.setdefault(event.device, set())
        if event.rseq in rseqs:
            yield Finding("event_twice", about, f"rseq {event.rseq} of {event.device} is there before")
        rseqs.add(event.rseq)

    def check(self) -> Iterator[Finding]:
        """Compare with the rows, and note what has not come yet."""
        kept = {row.run: row for row in RunChain.objects.all()}
        for ref, run in self._runs.items():
            about = f"run {ref}"
            row = kept.pop(ref, None)
            server = run.last(self._server)
            if row is None or (row.heads, row.count, row.server_rseq) != (run.heads, len(run.hashes), server):
                yield Finding("run_chain_differs", about, "the row is not what the run's entries make")
            for link, where in run.links.items():
                if link not in run.hashes:
                    yield Finding("link_missing", where, f"the event {link} has not come", is_note=True)
            for device, rseqs in run.rseqs.items():
                if has_gap(rseqs, run.aside.get(device, ())):
                    yield Finding("run_gap", about, f"events of device {device} have not come", is_note=True)
        for ref in kept:
            yield Finding("run_chain_differs", f"run {ref}", "there is a row and no entry")


def _check_seal(run: _Run, event: Event, about: str) -> Iterator[Finding]:
    devices = {device: run.last(device) for device in run.rseqs.keys() | run.aside.keys()}
    said = event.data
    if (said["count"], said["heads"], said["devices"]) != (len(run.hashes), sorted(run.heads), devices):
        yield Finding("seal_differs", about, "the seal is not what the run's entries before it make")
