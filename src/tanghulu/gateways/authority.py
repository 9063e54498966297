"""The certificate authority of this installation, in a folder of its own: made once, its leaf renewed before it ends.

`issuer.key` is readable by its owner only. The folder lies in the data directory beside everything else, is served by
nothing, and belongs into no backup: without it a new authority is made, which each phone then trusts once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tanghulu.core import authority
from tanghulu.core.errors import Conflict, NotFound
from tanghulu.gateways import durable

_ROOT, _ISSUER, _ISSUER_KEY = "root.crt", "issuer.crt", "issuer.key"
_SERVED, _SERVED_KEY = "server.crt", "server.key"


@dataclass(frozen=True, slots=True)
class Authority:
    """The authority in a folder."""

    folder: Path

    @classmethod
    def of(cls, data: Path) -> Authority:
        """The authority of the installation in this data directory."""
        return cls(data / "authority")

    @property
    def certificate(self) -> Path:
        """What the server shows: leaf and issuer, PEM."""
        return self.folder / _SERVED

    @property
    def key(self) -> Path:
        """The leaf's key, PEM."""
        return self.folder / _SERVED_KEY

    @property
    def host(self) -> str:
        """The only host that it speaks for; empty when there is no authority yet."""
        path = self.folder / "host"
        return path.read_text(encoding="ascii").strip() if path.is_file() else ""

    def root(self) -> x509.Certificate:
        """What phones trust; `tls_authority_missing` when there is none."""
        try:
            return x509.load_pem_x509_certificate((self.folder / _ROOT).read_bytes())
        except FileNotFoundError as error:
            raise NotFound("tls_authority_missing") from error

    def open(self, *, host: str, at: datetime) -> None:
        """Make the authority for this host unless it is there; one for another host is never replaced."""
        if not self.host:
            self._make(host, at)
        elif self.host != host:
            raise Conflict("tls_authority_of_another_host", host=self.host, wanted=host)

    def renew(self, *, at: datetime) -> bool:
        """Issue the leaf when there is none or it comes near its end; say whether there is another now."""
        issuer = x509.load_pem_x509_certificate((self.folder / _ISSUER).read_bytes())
        if self._is_good(issuer, at):
            return False
        issuer_key = serialization.load_pem_private_key((self.folder / _ISSUER_KEY).read_bytes(), password=None)
        if not isinstance(issuer_key, ec.EllipticCurvePrivateKey):
            message = f"{self.folder / _ISSUER_KEY} is not the key of this authority"
            raise TypeError(message)
        key = _new_key()
        leaf = authority.make_leaf(
            key, issuer=issuer, issuer_key=issuer_key, host=self.host, serial=x509.random_serial_number(), at=at
        )
        # Where a cut comes between the two files the pair does not fit, and the next look issues another.
        durable.write(self.key, _pem_key(key))
        durable.write(self.certificate, _pem(leaf) + _pem(issuer), mode=0o644)
        return True

    def _is_good(self, issuer: x509.Certificate, at: datetime) -> bool:
        if not (self.certificate.is_file() and self.key.is_file()):
            return False
        leaf = x509.load_pem_x509_certificates(self.certificate.read_bytes())[0]
        key = serialization.load_pem_private_key(self.key.read_bytes(), password=None)
        return leaf.public_key() == key.public_key() and not authority.must_renew(leaf, issuer=issuer, at=at)

    def _make(self, host: str, at: datetime) -> None:
        root_key, key = _new_key(), _new_key()
        root = authority.make_root(root_key, host=host, serial=x509.random_serial_number(), at=at)
        issuer = authority.make_issuer(
            key, root=root, root_key=root_key, host=host, serial=x509.random_serial_number(), at=at
        )
        durable.write(self.folder / _ISSUER_KEY, _pem_key(key))
        durable.write(self.folder / _ISSUER, _pem(issuer), mode=0o644)
        durable.write(self.folder / _ROOT, _pem(root), mode=0o644)
        # Written last: where it is missing everything is made again.
        durable.write(self.folder / "host", f"{host}\n".encode("ascii"), mode=0o644)


def _new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _pem_key(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
