"""How much room there is where everything is kept."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Room:
    """The bytes that are free, and all there are."""

    free: int
    total: int


class Disk(Protocol):
    """A disk."""

    def room(self) -> Room:
        """How much room there is now."""


class DataDisk:
    """The disk of the data directory."""

    def room(self) -> Room:
        """Ask the operating system."""
        found = shutil.disk_usage(settings.DATA)
        return Room(found.free, found.total)


@dataclass(frozen=True, slots=True)
class MemoryDisk:
    """A disk that is as full as one says."""

    free: int
    total: int

    def room(self) -> Room:
        """What was said."""
        return Room(self.free, self.total)
