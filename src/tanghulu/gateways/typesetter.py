"""Typesetting: a document and its files in, a PDF out, made by Typst in a process of its own.

That process has limits of time and memory, and ends with everything that it holds when it runs over them: pictures and
texts come from outside. Its files lie in memory where the system has a folder for that, and are deleted at the end.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path

import typst

from tanghulu.core.errors import Conflict

_LOG = logging.getLogger(__name__)
_SECONDS = 60
_LONGEST = 1000
_MEMORY = Path("/dev/shm")  # noqa: S108 - only a folder that nobody else can enter is made there
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


def pdf(document: bytes, *, files: Mapping[str, bytes], at: datetime) -> bytes:
    """The document with its files (plain names) as a PDF that says it was made `at`.

    The same input gives the same bytes. Raises Conflict `pdf_failed`.
    """
    with tempfile.TemporaryDirectory(prefix="tanghulu-pdf-", dir=_MEMORY if _MEMORY.is_dir() else None) as name:
        folder = Path(name)
        for file, content in {**files, "main.typ": document}.items():
            (folder / file).write_bytes(content)
        return _made(folder, at)


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
