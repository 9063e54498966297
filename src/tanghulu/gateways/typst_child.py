"""Makes a PDF of FOLDER/main.typ, writes it to standard output, and ends.

`python -I typst_child.py FOLDER TIMESTAMP SECONDS`, run by `typesetter.py` as a program of its own. It sees that folder
alone, and may use SECONDS of the processor and 3 GB of memory.
"""

from __future__ import annotations

import resource
import sys
from pathlib import Path

import typst

_MEMORY = 3 << 30


def main(folder: str, timestamp: str, seconds: str) -> None:
    """Make the PDF."""
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    source = Path(folder, "main.typ")
    sys.stdout.buffer.write(typst.compile(source, root=Path(folder), timestamp=int(timestamp)))


if __name__ == "__main__":
    main(*sys.argv[1:])
