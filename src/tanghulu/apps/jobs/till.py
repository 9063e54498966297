"""Group commit: what several requests bring at the same time is written in one transaction.

A commit waits for the disk, and only one can be under way; whoever comes meanwhile is served together by the next.
Each piece of work stands alone: one that is refused changes nothing and holds up nobody.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db import transaction

from tanghulu.apps.evidence.actions import Identity
from tanghulu.apps.jobs.unit import Unit, open_unit
from tanghulu.apps.tenancy import scope
from tanghulu.core.errors import Refusal

R = TypeVar("R")

_MOST = 64


def _held() -> threading.Lock:
    lock = threading.Lock()
    lock.acquire()
    return lock


@dataclass(slots=True)
class Work(Generic[R]):
    """One piece of work for the present company; what it needs to know is looked up for all pieces together.

    `do` may raise a Refusal, but only before it changes anything.
    """

    do: Callable[[Unit], R]
    at: datetime
    identities: Sequence[Identity] = ()
    photos: Sequence[str] = ()
    tenant: str = ""
    outcome: R | None = None
    failure: BaseException | None = None
    is_done: bool = False
    baton: threading.Lock = field(default_factory=_held)


class Till:
    """Does the work of many threads, one transaction at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._queue: list[Work[Any]] = []
        self._is_busy = False

    def do(self, work: Work[R]) -> R:
        """Do the work, perhaps together with others', and return what it returns or raise what it raises."""
        work.tenant = scope.current()
        with self._lock:
            self._queue.append(work)
            must_wait, self._is_busy = self._is_busy, True
        if must_wait:
            # Until somebody has served it, or has called it up to serve itself and those behind it.
            work.baton.acquire()
        if not work.is_done:
            self._serve()
        if work.failure is not None:
            raise work.failure
        return work.outcome  # type: ignore[return-value] # done without a failure

    def _serve(self) -> None:
        with self._lock:
            batch, self._queue = self._queue[:_MOST], self._queue[_MOST:]
        try:
            _settle(batch)
        finally:
            with self._lock:
                following = self._queue[:1]
                self._is_busy = bool(following)
            for work in (*following, *batch):
                work.baton.release()


def _settle(batch: Sequence[Work[Any]]) -> None:
    try:
        _together(batch)
    except Exception as error:  # noqa: BLE001 - it is raised again in the thread whose work it is
        # Not a refusal but a fault: find out whose by serving each alone.
        for work in batch:
            _alone(work, error, is_only=len(batch) == 1)
    except BaseException as error:
        # This thread is being ended: nobody may take what it had in hand for done.
        for work in batch:
            work.failure = error
        raise
    finally:
        for work in batch:
            work.is_done = True


def _together(batch: Sequence[Work[Any]]) -> None:
    by_tenant: dict[str, list[Work[Any]]] = defaultdict(list)
    for work in batch:
        by_tenant[work.tenant].append(work)
    # One company's book opens a transaction itself; several share one, and so one wait for the disk.
    with transaction.atomic() if len(by_tenant) > 1 else nullcontext():
        # In one order everywhere, so that two processes never wait for each other's logs.
        for tenant in sorted(by_tenant):
            with nullcontext() if tenant == scope.current() else scope.within(tenant):
                _for_company(by_tenant[tenant])


def _for_company(batch: Sequence[Work[Any]]) -> None:
    with open_unit(at=max(work.at for work in batch)) as unit:
        unit.book.look_up(identity for work in batch for identity in work.identities)
        unit.look_up_photos(name for work in batch for name in work.photos)
        for work in batch:
            work.failure = None
            try:
                work.outcome = work.do(unit)
            except Refusal as refusal:
                work.failure = refusal


def _alone(work: Work[Any], error: BaseException, *, is_only: bool) -> None:
    if is_only:
        work.failure = error
        return
    try:
        _together([work])
    except Exception as own:  # noqa: BLE001 - it is raised again in the thread whose work it is
        work.failure = own


TILL = Till()
"""The till of this process."""
