"""Named points at which a test may hold the process, to end it from outside as a power cut would.

Nothing happens unless `TANGHULU_PAUSE_AT` names the point: then the marker file is made and the thread stays here.
"""

from __future__ import annotations

import threading
from pathlib import Path

from django.conf import settings


def at(point: str) -> None:
    """Stay here for ever when this is the point that is asked for; else go on."""
    if point == settings.PAUSE_AT:
        Path(settings.PAUSE_MARKER).touch()
        threading.Event().wait()
