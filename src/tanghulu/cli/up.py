"""Set everything up and serve: migrate, then run the web server and the worker until told to end.

With --lan phones on the company's network are served too, by HTTPS: docs/how-to/phones-on-your-network.md.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from tanghulu.cli import lan
from tanghulu.cli.halves import Half, command, watch
from tanghulu.cli.lan_words import told
from tanghulu.config import env
from tanghulu.core.errors import Refusal

_ALL = "0.0.0.0"  # noqa: S104 - phones are meant to come in


def main(arguments: list[str]) -> int:
    """Run the command; its exit code."""
    given = _options().parse_args(arguments)
    try:
        network = lan.prepared(given) if given.lan or given.cert or given.key else None
    except Refusal as refusal:
        print(told(refusal), file=sys.stderr)
        return 1
    environment = network.environment if network else None
    subprocess.run(command("migrate"), check=True, env=environment)
    own = ("--port", str(given.port), "--threads", str(given.threads))
    halves = [Half("web", "--host", given.host, *own, environment=environment), Half("worker", environment=environment)]
    print(f"Tanghulu: http://localhost:{given.port}", flush=True)
    _welcome_first(given, network)
    if network is None:
        return watch(halves)
    served = network.halves(given)
    print(network.announcement, flush=True)
    return watch([*halves, *served], lambda: network.look(served[0]))


def _welcome_first(given: argparse.Namespace, network: lan.Network | None) -> None:
    """Say where a new installation is set up; nothing where there is a company."""
    if env.is_public():
        # Somebody who serves it behind a name of its own is led there.
        words: list[str] = []
    else:
        words = ["--address", f"http://localhost:{given.port}"]
    if network is not None:
        words += ["--network", network.phones]
    if not sys.stdout.isatty():
        # What goes to a log is read by more people than may have the link.
        words.append("--mention")
    subprocess.run(command("first-link", *words), check=True, env=network.environment if network else None)


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tanghulu up", description=__doc__)
    parser.add_argument(
        "--host", default="127.0.0.1", help="the address to listen on by plain HTTP (default 127.0.0.1)"
    )
    parser.add_argument("--port", type=int, default=8000, help="its port (default 8000)")
    parser.add_argument("--threads", type=int, default=8, help="threads of the web server (default 8)")
    phones = parser.add_argument_group("phones on the company's network")
    phones.add_argument(
        "--lan", action="store_true", help="serve phones by HTTPS, with a certificate authority of our own"
    )
    phones.add_argument(
        "--name",
        default="",
        metavar="HOST",
        help="the name (or address) that phones open; default: this machine's address",
    )
    phones.add_argument(
        "--cert",
        type=Path,
        metavar="FILE",
        help="a certificate that phones trust already, with its chain (PEM); implies --lan",
    )
    phones.add_argument("--key", type=Path, metavar="FILE", help="its key (PEM, not encrypted)")
    phones.add_argument("--listen", default=_ALL, metavar="ADDRESS", help="the address to listen on (default: all)")
    phones.add_argument("--lan-port", type=int, default=8443, metavar="PORT", help="the port for phones (default 8443)")
    phones.add_argument(
        "--welcome-port",
        type=int,
        default=8080,
        metavar="PORT",
        help="the port of the page that leads a phone in (default 8080)",
    )
    return parser
