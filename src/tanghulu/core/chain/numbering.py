"""A device's numbers in a run, and which of them must be there (docs/formats/log.md)."""

from __future__ import annotations

from collections.abc import Iterable


def has_gap(judged: Iterable[int], aside: Iterable[int]) -> bool:
    """Whether a number is missing below the last of `judged`, the `rseq` of events that count.

    `aside` are those of events under a key that had ended: they fill a gap and make none, whatever they claim.
    """
    counted = set(judged)
    last = max(counted, default=0)
    return len(counted | {number for number in aside if number <= last}) != last
