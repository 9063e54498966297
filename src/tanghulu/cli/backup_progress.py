"""How far a long copy has come, on standard error."""

from __future__ import annotations

import sys
import time
from typing import Final

_OFTEN, _SELDOM = 0.5, 10.0
_STEP: Final = 1000


class Progress:
    """Called with the bytes of each part. On a terminal one line that renews itself, in a file a line now and then."""

    def __init__(self, what: str, *, total: int = 0) -> None:
        self._what = what
        self._total = total
        self._is_live = sys.stderr.isatty()
        self._began = self._told = time.monotonic()
        self.size = 0
        self.count = 0

    def __call__(self, size: int) -> None:
        """Count a part."""
        self.size += size
        self.count += 1
        now = time.monotonic()
        if now - self._told >= (_OFTEN if self._is_live else _SELDOM):
            self._told = now
            self._tell("\r" if self._is_live else "\n")

    @property
    def seconds(self) -> float:
        """How long it has taken so far."""
        return time.monotonic() - self._began

    def finish(self) -> None:
        """Leave the line behind."""
        if self._is_live:
            self._tell("\n")

    def _tell(self, end: str) -> None:
        share = f" / {readable(self._total)}" if self._total else ""
        rate = readable(int(self.size / max(self.seconds, 0.001)))
        print(f"· {self._what}  {readable(self.size)}{share}  {rate}/s   ", end=end, file=sys.stderr, flush=True)


def readable(size: int) -> str:
    """A number of bytes as a person reads it: `1.5 GB`."""
    number = float(size)
    for unit in ("B", "kB", "MB", "GB"):
        if number < _STEP:
            return f"{number:.0f} {unit}" if unit == "B" else f"{number:.1f} {unit}"
        number /= _STEP
    return f"{number:.1f} TB"


def span(seconds: float) -> str:
    """A length of time in both languages: `3 秒 / s`."""
    if seconds < 100:  # noqa: PLR2004 - a minute and a half is still told in seconds
        return f"{max(round(seconds), 1)} 秒 / s"
    if seconds < 100 * 60:
        return f"{round(seconds / 60)} 分钟 / min"
    return f"{seconds / 3600:.1f} 小时 / h"
