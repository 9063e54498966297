"""Typesetting: a document and its files in, a PDF out, made by Typst in a process of its own.

That process has limits of time and memory, and ends with everything that it holds when it runs over them: pictures and
texts come from outside. Its files lie in memory where the system has a folder for that, and are deleted at the end.
"""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import cache
from pathlib import Path
from threading import BoundedSemaphore

import typst

from tanghulu.core.errors import Conflict

_LOG = logging.getLogger(__name__)
_SECONDS = 60
_LONGEST = 1000
_MEMORY = Path("/dev/shm")  # noqa: S108 - only a folder that nobody else can enter is made there
_PREFIX = "tanghulu-pdf-"
# No PDF takes so long.
_LEFT_BEHIND = 10 * _SECONDS
# Each may take as much memory as the limit of its process allows.
_PLACES = BoundedSemaphore(2)
_WAIT = 10
_CHILD = Path(__file__).with_name("typst_child.py")
# From the best for reading to whatever shows Chinese at all.
CHINESE = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "PingFang SC",
    "Microsoft YaHei",
    "HarmonyOS Sans SC",
    "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
    "Noto Serif CJK SC",
    "SimSun",
)


def fonts(among: Sequence[str] = CHINESE) -> list[str]:
    """Those of these families that this machine has, in their order. Raises Conflict `fonts_missing` without any."""
    found = [name for name in among if name in _families()]
    if not found:
        raise Conflict("fonts_missing")
    return found


@contextmanager
def turn() -> Iterator[None]:
    """One of the few places for making a PDF in this process, its pictures included. Raises Conflict `pdf_busy`."""
    if not _PLACES.acquire(blocking=False):
        raise Conflict("pdf_busy", seconds=_WAIT)
    try:
        yield
    finally:
        _PLACES.release()


def workplace() -> Path:
    """The folder in which the folders of PDFs are made."""
    return _MEMORY if _MEMORY.is_dir() else Path(tempfile.gettempdir())


def pdf(document: bytes, *, files: Mapping[str, bytes], at: datetime) -> bytes:
    """The document with its files (plain names) as a PDF that says it was made `at`.

    The same input gives the same bytes. Raises Conflict `pdf_failed`.
    """
    with tempfile.TemporaryDirectory(prefix=_PREFIX, dir=workplace()) as name:
        folder = Path(name)
        _sweep(before=folder.stat().st_mtime - _LEFT_BEHIND)
        for file, content in {**files, "main.typ": document}.items():
            (folder / file).write_bytes(content)
        return _made(folder, at)


def _sweep(*, before: float) -> None:
    """Delete what was left behind when a server ended while it made a PDF: memory that nobody would give back."""
    for folder in workplace().glob(f"{_PREFIX}*"):
        # Another server may delete it at the same moment.
        with suppress(OSError):
            found = folder.lstat()
            if found.st_uid == os.getuid() and found.st_mtime < before:
                shutil.rmtree(folder, ignore_errors=True)


def _made(folder: Path, at: datetime) -> bytes:
    command = [sys.executable, "-I", str(_CHILD), str(folder), str(int(at.timestamp())), str(_SECONDS)]
    try:
        done = subprocess.run(  # noqa: S603 - our own program, with a folder that was made just above
            command, capture_output=True, check=True, stdin=subprocess.DEVNULL, timeout=2 * _SECONDS
        )
    except subprocess.SubprocessError as error:
        # What Typst says quotes the document, which is ours, and nothing of what is told in it.
        _LOG.exception("typst: %s", (getattr(error, "stderr", None) or b"").decode(errors="replace")[-_LONGEST:])
        raise Conflict("pdf_failed") from error
    return done.stdout


@cache
def _families() -> frozenset[str]:
    """The families of this machine; what is installed later is found after a restart."""
    return frozenset(typst.Fonts(include_system_fonts=True).families())
