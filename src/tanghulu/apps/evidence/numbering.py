"""The numbers that devices gave their events in a run, as far as they have come."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from tanghulu.apps.evidence.models import Entry
from tanghulu.core.chain.admission import Standing
from tanghulu.core.chain.numbering import has_gap


@dataclass(frozen=True, slots=True)
class Numbers:
    """Every `rseq` of one device in one run; `aside` are those of events that came when its key had ended."""

    run: str
    device: str
    judged: list[int] = field(default_factory=list)
    aside: list[int] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many events the device has in the run."""
        return len(self.judged) + len(self.aside)

    @property
    def last(self) -> int:
        """The highest number, whatever came under it."""
        return max((*self.judged, *self.aside), default=0)

    @property
    def is_whole(self) -> bool:
        """Whether each number that counts is there, and once."""
        return len(set(self.judged)) == len(self.judged) and not has_gap(self.judged, self.aside)


def numbers_in(runs: Collection[str]) -> Sequence[Numbers]:
    """The numbers in these runs, by run and device."""
    found: dict[tuple[str, str], Numbers] = {}
    columns = Entry.objects.filter(run__in=runs).values_list("run", "device", "rseq", "standing")
    for run, device, rseq, standing in columns:
        numbers = found.setdefault((run, device), Numbers(run, device))
        (numbers.aside if standing == Standing.REVOKED.value else numbers.judged).append(rseq or 0)
    return list(found.values())
