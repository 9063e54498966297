"""How a server is: what was measured in, one line each out. Thresholds stand here and nowhere else.

Times are seconds. A line is *good*, wants somebody to *look*, or wants somebody to *act*; `finding` says why and stays
the same for ever, `values` are what its sentence needs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

MINUTE, HOUR, DAY = 60, 3600, 86_400

WAITS_LOOK, WAITS_ACT = 2 * MINUTE, 10 * MINUTE
"""How long work may wait for the worker."""
UNPUBLISHED_LOOK, UNPUBLISHED_ACT = MINUTE, 10 * MINUTE
"""How long an entry may wait for its checkpoint; the worker publishes every half second."""
WORKER_LOOK, WORKER_ACT = MINUTE, 5 * MINUTE
"""How long the worker may be silent; it says every 10 seconds that it is there."""
DISK_LOOK, DISK_ACT = (15, 5_000_000_000), (5, 1_000_000_000)
"""Per cent and bytes that must be free: below either of them."""
CLOCK_LOOK, CLOCK_ACT = 5, MINUTE
"""How far the clocks of server and database may be apart."""
PHONES_AHEAD = 2 * MINUTE
"""How far a phone's clock may be ahead. Behind means nothing: it may have been offline."""
JUMP, JUMP_REMEMBERED = 5, 2 * DAY
"""By how much a clock must have been set to be spoken of, and for how long it is."""
BACKUP_LOOK, BACKUP_ACT = 2 * DAY, 8 * DAY
"""How old the newest backup may be."""
CERTIFICATE_LOOK, CERTIFICATE_ACT = 30, 7
"""Days that the certificate must still have. One of our own is renewed 60 days before its end."""


class State(StrEnum):
    """What a line wants of its reader, the worst last."""

    GOOD = "good"
    LOOK = "look"
    ACT = "act"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was looked at."""

    name: str
    state: State
    finding: str
    values: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Beat:
    """The worker was there: `at` by a clock that can be set, `mono_ms` by one that cannot, since `boot`."""

    at: datetime
    boot: str
    mono_ms: int


def jump_between(before: Beat, now: Beat) -> int:
    """By how many milliseconds the clock was set between two beats of one process; 0 for less than `JUMP` seconds."""
    if before.boot != now.boot:
        return 0
    apart = round((now.at - before.at).total_seconds() * 1000) - (now.mono_ms - before.mono_ms)
    return apart if abs(apart) >= JUMP * 1000 else 0


def worker(silent: float | None) -> Line:
    """The worker, by how long it has been silent; None where it has never been there."""
    if silent is None:
        return Line("worker", State.ACT, "worker_never")
    state = _grade(silent, WORKER_LOOK, WORKER_ACT)
    finding = "worker_there" if state is State.GOOD else "worker_silent"
    return Line("worker", state, finding, {"seconds": int(silent)})


def queue(waiting: int, oldest: float | None) -> Line:
    """What waits for the worker, and for how long the oldest of it has."""
    state = _grade(oldest or 0, WAITS_LOOK, WAITS_ACT)
    finding = "queue_stuck" if state is not State.GOOD else "queue_moves" if waiting else "queue_empty"
    return Line("queue", state, finding, {"count": waiting, "seconds": int(oldest or 0)})


def log(entries: int, unpublished: int, *, oldest: float | None, checkpoint: float | None) -> Line:
    """The evidence log: its length, what no checkpoint covers and since when, and the age of the newest checkpoint."""
    if not entries:
        return Line("log", State.LOOK, "log_not_open")
    state = _grade(oldest or 0, UNPUBLISHED_LOOK, UNPUBLISHED_ACT)
    values = {"count": entries, "waiting": unpublished, "seconds": int(oldest or 0)}
    if checkpoint is not None:
        values["age"] = int(checkpoint)
    finding = "log_behind" if state is not State.GOOD else "log_published" if checkpoint is not None else "log_begins"
    return Line("log", state, finding, values)


def disk(free: int, total: int) -> Line:
    """The disk of the data directory, in bytes."""
    share = 100 * free // total if total else 0
    state = State.GOOD
    for worse, (per_cent, least) in ((State.LOOK, DISK_LOOK), (State.ACT, DISK_ACT)):
        if share < per_cent or free < least:
            state = worse
    return Line("disk", state, "disk_room" if state is State.GOOD else "disk_low", {"free": free, "share": share})


def clock(database: float | None, *, phones: Sequence[float], jump: tuple[int, float] | None) -> Line:
    """The server's clock against others.

    `database` is the database's clock minus ours, None where both are one; `phones` by how much each phone claimed to
    be ahead of us when it was last heard; `jump` the milliseconds by which the clock was set, and how long ago.
    """
    if database is not None and abs(database) >= CLOCK_LOOK:
        state = State.ACT if abs(database) >= CLOCK_ACT else State.LOOK
        return Line("clock", state, "clock_database", {"seconds": round(abs(database))})
    ahead = [seconds for seconds in phones if seconds >= PHONES_AHEAD]
    if ahead:
        values = {"seconds": round(min(ahead)), "phones": len(ahead), "all": len(phones)}
        # Phones have their time from the network: when most agree, it is the server that is behind.
        if len(ahead) > 1 and 2 * len(ahead) > len(phones):
            return Line("clock", State.ACT, "clock_behind_phones", values)
        return Line("clock", State.LOOK, "clock_phone_ahead", values)
    if jump is not None and jump[1] < JUMP_REMEMBERED:
        return Line("clock", State.LOOK, "clock_jumped", {"seconds": round(abs(jump[0]) / 1000), "age": int(jump[1])})
    return Line("clock", State.GOOD, "clock_right", {"phones": len(phones)})


def backup(age: float | None, *, missing: int, with_keys: bool) -> Line:
    """The newest backup that was made on this machine."""
    if age is None:
        return Line("backup", State.ACT, "backup_never")
    values = {"age": int(age), "count": missing}
    state = _grade(age, BACKUP_LOOK, BACKUP_ACT)
    if state is State.ACT:
        return Line("backup", state, "backup_old", values)
    if missing:
        return Line("backup", State.ACT, "backup_incomplete", values)
    if state is State.LOOK:
        return Line("backup", state, "backup_old", values)
    if not with_keys:
        return Line("backup", State.LOOK, "backup_without_keys", values)
    return Line("backup", State.GOOD, "backup_new", values)


def certificate(days: int) -> Line:
    """The certificate that phones are shown, by the whole days that it still has."""
    if days < 0:
        return Line("certificate", State.ACT, "certificate_ended", {"days": -days})
    state = State.ACT if days < CERTIFICATE_ACT else State.LOOK if days < CERTIFICATE_LOOK else State.GOOD
    return Line(
        "certificate", state, "certificate_ends" if state is not State.GOOD else "certificate_good", {"days": days}
    )


def worst(lines: Sequence[Line]) -> State:
    """The state of all of them together."""
    order = list(State)
    return max((line.state for line in lines), key=order.index, default=State.GOOD)


def _grade(seconds: float, look: float, act: float) -> State:
    return State.ACT if seconds >= act else State.LOOK if seconds >= look else State.GOOD
