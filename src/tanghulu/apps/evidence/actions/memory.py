"""What this process still knows of a log from its own last transaction, so that the next need not read it again.

Everything kept here changes only together with an entry of the log. Whoever holds the log's lock therefore knows from
the log's own row whether it is still true: the number of the next entry and the server's newest event are the same as
when it was kept. Another process's entry, or a transaction that was rolled back, leaves nothing that could be used.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from django.db import transaction

Mark = tuple[int, str]
"""The number of the log's next entry, and the payload hash of the newest event that the server signed."""

_MOST_LOGS = 32
_MOST_RUNS = 128

_kept: dict[str, Memory] = {}


class Memory:
    """The chains of runs, and what the apps above keep of runs, both by the ref of the run."""

    def __init__(self, tenant: str, mark: Mark) -> None:
        self._tenant = tenant
        self.mark = mark
        self.chains: dict[str, Any] = {}
        self.runs: dict[str, Any] = {}

    def keep(self, mark: Mark) -> None:
        """Hand all this on, once the transaction is committed, to whoever finds the log at this mark."""
        self.mark = mark
        _bound(self.chains, _MOST_RUNS)
        _bound(self.runs, _MOST_RUNS)
        transaction.on_commit(self._put)

    def _put(self) -> None:
        _kept.pop(self._tenant, None)
        _kept[self._tenant] = self
        _bound(_kept, _MOST_LOGS)


def take(tenant: str, mark: Mark) -> Memory:
    """What is known of the tenant's log at this mark; nothing when somebody else has appended since.

    It is taken away, so that whatever becomes of this transaction, nobody meets what it has changed half.
    """
    found = _kept.pop(tenant, None)
    return found if found is not None and found.mark == mark else Memory(tenant, mark)


def _bound(kept: MutableMapping[str, Any], most: int) -> None:
    """Forget what was added first; what is in use is added anew and stays."""
    while len(kept) > most:
        try:
            del kept[next(iter(kept))]
        except (KeyError, RuntimeError, StopIteration):
            # Another thread forgets at the same moment.
            return
