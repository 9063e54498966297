"""A certificate authority for one host: what it issues, and whether a given certificate can be served.

Three certificates (X.509, RFC 5280). The *root* is what a phone trusts. The *issuer* is signed by it and signs the
*leaf*, which the server shows. Root and issuer carry the same critical name constraints: the host, and nothing else.
The root's key is thrown away as soon as it has signed the issuer, because some verifiers do not apply the constraints
of what they trust; all of them apply those of the issuer. So whoever steals the issuer's key can speak for this host
alone.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes, PublicKeyTypes
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tanghulu.core.errors import Conflict, Invalid

AUTHORITY_LIFE = timedelta(days=3650)
# Browsers refuse a leaf of more than 398 days; the day before it begins is part of its life.
LEAF_LIFE = timedelta(days=397)
RENEW_BEFORE = timedelta(days=60)
# A phone whose clock is a little behind takes a new certificate too.
_SLACK = timedelta(days=1)
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_LONGEST_NAME = 253

Key = ec.EllipticCurvePrivateKey
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def checked_host(text: str) -> str:
    """A host name or a bare address, in its one spelling; anything else is refused as `tls_host_malformed`."""
    address = _address(text)
    if address is not None:
        return str(address)
    name = text.lower()
    labels = name.split(".")
    # What ends in digits alone is a misspelt address to every browser.
    if len(name) > _LONGEST_NAME or not all(map(_LABEL.fullmatch, labels)) or labels[-1].isdigit():
        raise Invalid("tls_host_malformed", host=text)
    return name


def is_address(host: str) -> bool:
    """Say whether the host is a bare address rather than a name."""
    return _address(host) is not None


def make_root(key: Key, *, host: str, serial: int, at: datetime) -> x509.Certificate:
    """The certificate that phones trust."""
    return _signed(_authority(host, depth=1, at=at), key, key, issuer=_subject(host, "Root", key), serial=serial)


def make_issuer(
    key: Key, *, root: x509.Certificate, root_key: Key, host: str, serial: int, at: datetime
) -> x509.Certificate:
    """The certificate whose key is kept to sign leaves; it ends with the root."""
    built = _authority(host, depth=0, at=at).subject_name(_subject(host, "Issuer", key))
    return _signed(built, key, root_key, issuer=root.subject, serial=serial, above=root)


def make_leaf(
    key: Key, *, issuer: x509.Certificate, issuer_key: Key, host: str, serial: int, at: datetime
) -> x509.Certificate:
    """The certificate that the server shows, for 397 days at most and never longer than its issuer."""
    begins = at - _SLACK
    built = (
        x509.CertificateBuilder()
        # With a blank: OpenSSL takes a common name that could be a host for one, and the constraints exclude it.
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Tanghulu {host}"[:64])]))
        .not_valid_before(begins)
        .not_valid_after(min(begins + LEAF_LIFE, issuer.not_valid_after_utc))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_data=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([_general_name(host)]), critical=False)
    )
    return _signed(built, key, issuer_key, issuer=issuer.subject, serial=serial, above=issuer)


def covers(certificate: x509.Certificate, host: str) -> bool:
    """Say whether a browser would take the certificate for this host: by its subject alternative names alone."""
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return False
    address = _address(host)
    if address is not None:
        return address in names.get_values_for_type(x509.IPAddress)
    given = [name.lower() for name in names.get_values_for_type(x509.DNSName)]
    return host in given or f"*.{host.partition('.')[2]}" in given


def must_renew(leaf: x509.Certificate, *, issuer: x509.Certificate, at: datetime) -> bool:
    """Say whether another leaf should take this one's place: before its beginning, or near an end of its own."""
    if at >= issuer.not_valid_after_utc:
        raise Conflict("tls_authority_ended", ended=f"{issuer.not_valid_after_utc:%Y-%m-%d}")
    last = leaf.not_valid_after_utc >= issuer.not_valid_after_utc
    return at < leaf.not_valid_before_utc or (not last and at >= leaf.not_valid_after_utc - RENEW_BEFORE)


def fingerprint(certificate: x509.Certificate) -> str:
    """The SHA-256 of the certificate as phones show it: 32 pairs of capital hex digits between colons."""
    return certificate.fingerprint(hashes.SHA256()).hex(":").upper()


@dataclass(frozen=True, slots=True)
class Given:
    """A certificate from elsewhere that can be served. Without its chain most phones will not trust it."""

    host: str
    leaf: x509.Certificate
    chain_missing: bool


def examined(certificate: bytes, key: bytes, *, host: str, at: datetime) -> Given:
    """Read a PEM chain, leaf first, and its PEM key; refused with a `tls_...` code where browsers would refuse it.

    With an empty `host` it is the first name of the certificate that is no wildcard.
    """
    chain = _chain(certificate)
    leaf = chain[0]
    if _spki(_private_key(key).public_key()) != _spki(leaf.public_key()):
        raise Invalid("tls_key_differs")
    if at < leaf.not_valid_before_utc:
        raise Invalid("tls_not_yet_valid", begins=f"{leaf.not_valid_before_utc:%Y-%m-%d %H:%M} UTC")
    if at >= leaf.not_valid_after_utc:
        raise Invalid("tls_expired", ended=f"{leaf.not_valid_after_utc:%Y-%m-%d %H:%M} UTC")
    wanted = host or _first_name(leaf)
    if not wanted:
        raise Invalid("tls_name_needed", covered=", ".join(_names(leaf)) or "-")
    if not covers(leaf, wanted):
        raise Invalid("tls_host_not_covered", host=wanted, covered=", ".join(_names(leaf)) or "-")
    return Given(wanted, leaf, chain_missing=len(chain) == 1 and leaf.issuer != leaf.subject)


def _chain(content: bytes) -> Sequence[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(content)
    except ValueError as error:
        raise Invalid("tls_certificate_unreadable") from error


def _private_key(content: bytes) -> PrivateKeyTypes:
    try:
        return serialization.load_pem_private_key(content, password=None)
    except TypeError as error:
        raise Invalid("tls_key_encrypted") from error
    except ValueError as error:
        raise Invalid("tls_key_unreadable") from error


def _spki(key: PublicKeyTypes) -> bytes:
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def _names(leaf: x509.Certificate) -> list[str]:
    try:
        names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    return [*names.get_values_for_type(x509.DNSName), *map(str, names.get_values_for_type(x509.IPAddress))]


def _first_name(leaf: x509.Certificate) -> str:
    return next((name.lower() for name in _names(leaf) if "*" not in name), "")


def _address(text: str) -> _Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _general_name(host: str) -> x509.GeneralName:
    address = _address(host)
    return x509.DNSName(host) if address is None else x509.IPAddress(address)


def _constraints(host: str) -> x509.NameConstraints:
    """The host alone. A kind of name that is not mentioned would be free, so the other kind is excluded whole.

    Source: RFC 5280, 4.2.1.10; the excluded forms are those that the CA/Browser Forum's baseline requirements name.
    """
    address = _address(host)
    networks = [x509.IPAddress(ipaddress.ip_network(every)) for every in ("0.0.0.0/0", "::/0")]
    if address is None:
        return x509.NameConstraints(permitted_subtrees=[x509.DNSName(host)], excluded_subtrees=networks)
    # An address of the other version lies in no permitted network, so it is excluded as well.
    return x509.NameConstraints(
        permitted_subtrees=[x509.IPAddress(ipaddress.ip_network(address))], excluded_subtrees=[x509.DNSName("")]
    )


def _authority(host: str, *, depth: int, at: datetime) -> x509.CertificateBuilder:
    begins = at - _SLACK
    return (
        x509.CertificateBuilder()
        .not_valid_before(begins)
        .not_valid_after(begins + AUTHORITY_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=depth), critical=True)
        .add_extension(_usage(signs_data=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(_constraints(host), critical=True)
    )


def _subject(host: str, part: str, key: Key) -> x509.Name:
    # The key's own number keeps two authorities for one host apart, also in a phone's list of what it trusts.
    number = x509.SubjectKeyIdentifier.from_public_key(key.public_key()).digest.hex()[:8]
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Tanghulu {part} {number} {host}"[:64])])


def _usage(*, signs_data: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signs_data,
        key_cert_sign=not signs_data,
        crl_sign=not signs_data,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _signed(
    built: x509.CertificateBuilder,
    key: Key,
    by: Key,
    *,
    issuer: x509.Name,
    serial: int,
    above: x509.Certificate | None = None,
) -> x509.Certificate:
    if above is None:
        built = built.subject_name(issuer)
    else:
        identifier = above.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
        authority = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier)
        built = built.add_extension(authority, critical=False)
    return (
        built.issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(serial)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(by, hashes.SHA256())
    )
