"""Print the link with which a new installation is set up, while there is no company; `up` runs it at its start.

Whoever opens the link within a day becomes the administrator of the first company.
"""

from __future__ import annotations

import argparse
import io
import shlex
from datetime import UTC, datetime

import segno
from django.conf import settings

from tanghulu.apps.tenancy.first_link import make_first_link


def main(arguments: list[str]) -> int:
    """Run the command; its exit code. Prints nothing where there is a company."""
    parser = argparse.ArgumentParser(prog="tanghulu first-link", description=__doc__)
    parser.add_argument("--address", default="", help="where the server is opened; default: as TANGHULU_HOST says")
    parser.add_argument("--network", default="", help="where it is opened from the network; shown as a code to scan")
    parser.add_argument(
        "--mention", action="store_true", help="say only which command prints it, for logs that others read"
    )
    given = parser.parse_args(arguments)
    code = make_first_link(at=datetime.now(UTC))
    if code is None:
        return 0
    if given.mention:
        words = [word for word in arguments if word != "--mention"]
        print(f"第一次使用，请运行 / first use, run: {shlex.join(['tanghulu', 'first-link', *words])}")
        return 0
    scheme = "https" if settings.HTTPS or settings.CERTIFICATE else "http"
    print("第一次使用，请打开这个链接（一天内有效） / first use: open this link within a day")
    print(f"  {given.address or f'{scheme}://{settings.HOST}'}/begin/{code}/")
    if given.network:
        address = f"{given.network}/begin/{code}/"
        drawing = io.StringIO()
        segno.make_qr(address).terminal(out=drawing, compact=True)
        print(f"  {address}\n{drawing.getvalue().rstrip()}")
    return 0
