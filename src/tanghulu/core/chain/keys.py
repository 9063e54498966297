"""Device keys: ECDSA P-256 with SHA-256, signatures as r || s (IEEE P1363 form, as WebCrypto gives them)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from tanghulu.core.errors import Invalid

SECRET_BYTES: Final = 48
"""Random bytes that make a key: 128 bits more than the order, so the reduction leaves no bias (FIPS 186-5, A.2.1)."""

SIGNATURE_BYTES: Final = 64

_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_SPKI_HEAD = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200" + "04")
_SPKI_BYTES = 91
_VERIFY = ec.ECDSA(hashes.SHA256())
# RFC 6979: the signature follows from key and message, so signing needs no chance.
_SIGN = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)


def device_id(spki: bytes) -> str:
    """The name of a device: SHA-256, in hex, of its public key as DER SubjectPublicKeyInfo."""
    return hashlib.sha256(spki).hexdigest()


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A P-256 public key that can verify."""

    spki: bytes
    device: str
    _key: ec.EllipticCurvePublicKey

    def verifies(self, signature: bytes, message: bytes) -> bool:
        """Whether `signature` (64 bytes r || s, high s allowed) is this key's over `message`."""
        if len(signature) != SIGNATURE_BYTES:
            return False
        r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
        try:
            self._key.verify(encode_dss_signature(r, s), message, _VERIFY)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A P-256 private key held in memory, for the server, API clients and simulated phones."""

    spki: bytes
    device: str
    _key: ec.EllipticCurvePrivateKey

    def sign(self, message: bytes) -> bytes:
        """64 bytes r || s; the same bytes for the same message (RFC 6979)."""
        r, s = decode_dss_signature(self._key.sign(message, _SIGN))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    def pkcs8(self) -> bytes:
        """The private key as unencrypted DER PKCS #8, to be kept where secrets are kept."""
        return self._key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )


def public_key(spki: bytes) -> PublicKey:
    """Read a public key: DER SubjectPublicKeyInfo with the named curve and the uncompressed point, 91 bytes.

    A key has one encoding only, so that it has one device id only.

    Raises:
        Invalid: `key_malformed`.
    """
    if len(spki) != _SPKI_BYTES or not spki.startswith(_SPKI_HEAD):
        raise Invalid("key_malformed")
    try:
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), spki[len(_SPKI_HEAD) - 1 :])
    except ValueError:
        raise Invalid("key_malformed") from None
    return PublicKey(spki, device_id(spki), key)


def signing_key(secret: bytes) -> SigningKey:
    """The key that 48 random bytes stand for.

    Raises:
        Invalid: `key_malformed` when `secret` is not 48 bytes.
    """
    if len(secret) != SECRET_BYTES:
        raise Invalid("key_malformed")
    return _signing_key(ec.derive_private_key(int.from_bytes(secret, "big") % (_ORDER - 1) + 1, ec.SECP256R1()))


def load_signing_key(pkcs8: bytes) -> SigningKey:
    """Read what `SigningKey.pkcs8` wrote.

    Raises:
        Invalid: `key_malformed`, also for keys of another kind.
    """
    try:
        key = serialization.load_der_private_key(pkcs8, None)
    except (TypeError, ValueError):
        raise Invalid("key_malformed") from None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise Invalid("key_malformed")
    return _signing_key(key)


def _signing_key(key: ec.EllipticCurvePrivateKey) -> SigningKey:
    spki = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return SigningKey(spki, device_id(spki), key)
