"""What `up --lan` adds: the certificate, the two servers for phones, and what is said about them."""

from __future__ import annotations

import argparse
import hashlib
import io
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import segno

from tanghulu.cli.halves import Half
from tanghulu.cli.lan_words import told
from tanghulu.config import env
from tanghulu.core import authority
from tanghulu.core.errors import Invalid, NotFound, Refusal
from tanghulu.gateways import network
from tanghulu.gateways.authority import Authority


@dataclass
class Network:
    """How phones reach this machine, decided once at the start."""

    host: str
    phones: str  # https://host:port
    welcome: str  # http://host:port, or empty where phones trust the certificate already
    files: tuple[Path, Path]
    own: Authority | None
    notes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._served = self._state()

    @property
    def environment(self) -> dict[str, str]:
        """For the parts that speak plain HTTP."""
        return env.for_network(phones=self.phones, welcome=self.welcome, shown=self.files[0])

    def halves(self, given: argparse.Namespace) -> list[Half]:
        """Start the server for phones and, with an authority of our own, the page that leads them in."""
        listen = ("--host", given.listen)
        secure = env.for_network(phones=self.phones, welcome=self.welcome, shown=self.files[0], certificate=self.files)
        words = ("web", *listen, "--port", str(given.lan_port), "--threads", str(given.threads))
        served = [Half(*words, environment=secure)]
        if self.own:
            served.append(Half("welcome", *listen, "--port", str(given.welcome_port), environment=self.environment))
        return served

    def look(self, half: Half) -> None:
        """Renew what comes near its end; where the files are others now and good, let the server read them."""
        now = datetime.now(UTC)
        try:
            if self.own:
                self.own.renew(at=now)
            state = self._state()
            if state == self._served:
                return
            if not self.own:
                _examined(self.files, self.host, now)
        except Refusal as refusal:
            # What is served goes on being served; the next look may find the files whole.
            print(told(refusal), file=sys.stderr, flush=True)
            return
        except (OSError, ValueError) as error:
            print(f"证书没能续期 / the certificate could not be renewed: {error}", file=sys.stderr, flush=True)
            return
        self._served = state
        half.begin_again()
        print("证书已更新 / the certificate has been renewed", flush=True)

    def _state(self) -> bytes:
        return hashlib.sha256(b"".join(map(_content, self.files))).digest()

    @property
    def announcement(self) -> str:
        """What the terminal says: the address, the code to scan, the fingerprint and the ports to open."""
        start = self.welcome or f"{self.phones}/capture/"
        drawing = io.StringIO()
        segno.make_qr(start).terminal(out=drawing, compact=True)
        ports = " ".join(address.rpartition(":")[2] for address in (self.phones, self.welcome) if address)
        lines = [
            f"手机 / phones: {self.phones}",
            f"扫码接入 / scan to bring a phone in: {start}",
            drawing.getvalue().rstrip("\n"),
        ]
        if self.own:
            lines += [
                "证书指纹 / fingerprint of the certificate (SHA-256):",
                *_rows(authority.fingerprint(self.own.root())),
            ]
        lines += [f"防火墙放行 TCP 端口 / open these TCP ports in the firewall: {ports}", *self.notes]
        return "\n".join(lines)


def prepared(given: argparse.Namespace) -> Network:
    """Decide the host and have its certificate ready; refused with a `tls_...` code where that cannot be."""
    now = datetime.now(UTC)
    name = authority.checked_host(given.name) if given.name else ""
    if given.cert or given.key:
        return _with_given(given, name, now)
    own = Authority.of(env.data_directory())
    host = _host(name, own)
    own.open(host=host, at=now)
    own.renew(at=now)
    return Network(
        host=host,
        phones=_address("https", host, given.lan_port),
        welcome=_address("http", host, given.welcome_port),
        files=(own.certificate, own.key),
        own=own,
    )


def _with_given(given: argparse.Namespace, name: str, now: datetime) -> Network:
    if given.cert is None or given.key is None:
        raise Invalid("tls_pair_incomplete")
    files = (given.cert.absolute(), given.key.absolute())
    found = _examined(files, name, now)
    notes = []
    if found.chain_missing:
        notes.append(
            "注意：证书文件里没有中间证书，多数手机会不信任 / warning: the file holds no intermediate certificate; "
            "most phones will not trust it. Put the whole chain into it, the server's own first."
        )
    return Network(
        host=found.host,
        phones=_address("https", found.host, given.lan_port),
        welcome="",
        files=files,
        own=None,
        notes=notes,
    )


def _examined(files: tuple[Path, Path], host: str, now: datetime) -> authority.Given:
    certificate, key = map(_content, files)
    return authority.examined(certificate, key, host=host, at=now)


def _host(name: str, own: Authority) -> str:
    """The name that was asked for, or the host as at the last start, or this machine's address."""
    host = name or own.host or network.own_address()
    if not host:
        raise NotFound("tls_host_unknown")
    if authority.is_address(host) and not network.has_address(host):
        raise Invalid("tls_address_not_here", host=host, address=network.own_address() or "-")
    return host


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise NotFound("tls_file_unreadable", file=str(path), reason=error.strerror or "") from error


def _address(scheme: str, host: str, port: int) -> str:
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"


def _rows(text: str) -> list[str]:
    """The fingerprint in two rows of sixteen pairs."""
    half = len(text) // 2
    return [f"  {text[:half]}", f"  {text[half + 1 :]}"]
