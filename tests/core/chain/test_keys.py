import base64
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from hypothesis import given
from hypothesis import strategies as st

from tanghulu.core.chain import keys
from tanghulu.core.errors import Invalid

KEY = keys.signing_key(b"s" * keys.SECRET_BYTES)
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


class TestSigningKey:
    @given(st.binary(max_size=200))
    def test_signs_what_its_public_key_verifies(self, message: bytes) -> None:
        assert keys.public_key(KEY.spki).verifies(KEY.sign(message), message)

    def test_signs_the_same_message_with_the_same_bytes(self) -> None:
        assert KEY.sign(b"m") == KEY.sign(b"m")

    def test_survives_being_written_and_read(self) -> None:
        assert keys.load_signing_key(KEY.pkcs8()).spki == KEY.spki

    @pytest.mark.parametrize("secret", [b"", b"s" * 32, b"s" * 49])
    def test_needs_48_bytes(self, secret: bytes) -> None:
        with pytest.raises(Invalid, match="key_malformed"):
            keys.signing_key(secret)


class TestLoadSigningKey:
    @pytest.mark.parametrize("raw", [b"", b"not a key"])
    def test_refuses_what_is_no_key(self, raw: bytes) -> None:
        with pytest.raises(Invalid, match="key_malformed"):
            keys.load_signing_key(raw)

    @pytest.mark.parametrize("other", [ec.generate_private_key(ec.SECP384R1()), ed25519.Ed25519PrivateKey.generate()])
    def test_refuses_keys_of_another_kind(self, other: ec.EllipticCurvePrivateKey) -> None:
        raw = other.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        with pytest.raises(Invalid, match="key_malformed"):
            keys.load_signing_key(raw)


class TestPublicKey:
    def test_is_named_by_the_hash_of_its_encoding(self) -> None:
        assert keys.public_key(KEY.spki).device == keys.device_id(KEY.spki) == KEY.device

    def test_takes_high_s(self) -> None:
        sig = KEY.sign(b"m")
        s = int.from_bytes(sig[32:], "big")
        other = sig[:32] + (ORDER - s).to_bytes(32, "big")
        assert keys.public_key(KEY.spki).verifies(other, b"m")

    @pytest.mark.parametrize("sig", [b"", bytes(64), b"\xff" * 64, bytes(63), bytes(65)])
    def test_refuses_what_is_no_signature(self, sig: bytes) -> None:
        assert not keys.public_key(KEY.spki).verifies(sig, b"m")

    def test_refuses_a_second_encoding_of_the_same_key(self) -> None:
        key = serialization.load_der_public_key(KEY.spki)
        assert isinstance(key, ec.EllipticCurvePublicKey)
        point = key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.CompressedPoint)
        compressed = bytes.fromhex("3039301306072a8648ce3d020106082a8648ce3d030107032200") + point
        assert isinstance(serialization.load_der_public_key(compressed), ec.EllipticCurvePublicKey)
        with pytest.raises(Invalid, match="key_malformed"):
            keys.public_key(compressed)

    def test_refuses_a_point_that_is_not_on_the_curve(self) -> None:
        with pytest.raises(Invalid, match="key_malformed"):
            keys.public_key(KEY.spki[:-1] + bytes([KEY.spki[-1] ^ 1]))

    def test_agrees_with_wycheproof(self, material: Path) -> None:
        path = material / "vectors" / "wycheproof" / "ecdsa_secp256r1_sha256_p1363_test.json"
        if not path.is_file():
            path = next((material / "vectors" / "wycheproof").rglob("ecdsa_secp256r1_sha256_p1363_test.json"))
        tried = 0
        for group in json.loads(path.read_text())["testGroups"]:
            key = keys.public_key(bytes.fromhex(group["publicKeyDer"]))
            for one in group["tests"]:
                verified = key.verifies(bytes.fromhex(one["sig"]), bytes.fromhex(one["msg"]))
                assert verified == (one["result"] == "valid"), one
                tried += 1
        assert tried > 200


class TestDeviceId:
    def test_is_sha_256_in_hex(self) -> None:
        spki = base64.b64decode("AAAA")
        assert keys.device_id(spki) == "709e80c88487a2411e1ee4dfb9f22a861492d20c4765150c0c794abd70f8147c"
