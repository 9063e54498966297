import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanghulu.core import canonical
from tanghulu.core.chain import envelope, keys
from tanghulu.core.errors import Invalid

WEN = keys.signing_key(b"wen." * 12)
VERA = keys.signing_key(b"vera" * 12)
SIGNED = envelope.sign(b'{"v":1}', WEN)


def spelled(**changes: object) -> bytes:
    """The envelope's JSON with some members replaced; None takes one away."""
    value = {**json.loads(SIGNED.entry), **changes}
    return json.dumps({name: member for name, member in value.items() if member is not None}).encode()


class TestPae:
    def test_counts_bytes_as_dsse_does(self) -> None:
        # The example of the DSSE protocol.
        assert envelope.pae("http://example.com/HelloWorld", b"hello world") == (
            b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
        )


class TestSign:
    @given(st.binary(max_size=300))
    def test_makes_an_envelope_that_is_read_back(self, payload: bytes) -> None:
        signed = envelope.sign(payload, WEN)
        assert envelope.parse_entry(signed.entry) == signed
        assert signed.signed_by(keys.public_key(WEN.spki))

    def test_binds_the_type(self) -> None:
        other = envelope.Envelope(SIGNED.payload, envelope.ADMISSION_TYPE, SIGNED.signatures)
        assert not other.signed_by(keys.public_key(WEN.spki))

    def test_is_not_signed_by_anybody_else(self) -> None:
        assert not SIGNED.signed_by(keys.public_key(VERA.spki))


class TestEntry:
    def test_is_canonical(self) -> None:
        signed = envelope.countersign(SIGNED, VERA)
        assert canonical.dumps(canonical.loads(signed.entry)) == signed.entry


class TestCountersign:
    def test_comes_behind_the_first(self) -> None:
        signed = envelope.countersign(SIGNED, VERA)
        assert [one.keyid for one in signed.signatures] == [WEN.device, VERA.device]
        assert signed.signed_by(keys.public_key(VERA.spki))

    def test_is_made_once(self) -> None:
        with pytest.raises(Invalid, match="envelope_malformed"):
            envelope.countersign(SIGNED, WEN)

    def test_stops_at_four(self) -> None:
        signed = SIGNED
        for letter in (b"a", b"b", b"c"):
            signed = envelope.countersign(signed, keys.signing_key(letter * 48))
        with pytest.raises(Invalid, match="envelope_malformed"):
            envelope.countersign(signed, VERA)


class TestParseEnvelope:
    def test_takes_any_spelling_and_stores_the_canonical_one(self) -> None:
        raw = json.dumps(json.loads(SIGNED.entry), indent=3).encode()
        assert envelope.parse_envelope(raw).entry == SIGNED.entry

    @pytest.mark.parametrize(
        "raw",
        [
            b"",
            b"[]",
            b"1",
            spelled(extra=1),
            spelled(payload=None),
            spelled(payload=7),
            spelled(payload="e30"),
            spelled(payload="e3 0="),
            spelled(payload="e31="),
            spelled(payloadType="application/json"),
            spelled(payloadType=["application/json"]),
            spelled(signatures=[]),
            spelled(signatures={}),
            spelled(signatures=[1]),
            spelled(signatures=[{"keyid": "x", "sig": ""}]),
            spelled(signatures=[{"keyid": ["x"], "sig": ""}]),
            spelled(signatures=[{"keyid": "0" * 64, "sig": "AAAA"}]),
            spelled(signatures=[{"keyid": "0" * 64, "sig": "A" * 86 + "==", "note": "x"}]),
            spelled(signatures=json.loads(SIGNED.entry)["signatures"] * 2),
            spelled(signatures=[{"keyid": f"{n:064x}", "sig": "A" * 86 + "=="} for n in range(5)]),
            SIGNED.entry.replace(b'"payload"', b'"payload":"","payload"'),
        ],
    )
    def test_refuses_what_is_not_of_the_form(self, raw: bytes) -> None:
        with pytest.raises(Invalid, match="envelope_malformed"):
            envelope.parse_envelope(raw)

    def test_refuses_more_than_65_535_bytes(self) -> None:
        with pytest.raises(Invalid, match="envelope_malformed"):
            envelope.parse_envelope(envelope.sign(b"x" * 49_000, WEN).entry)


class TestParseEntry:
    def test_takes_the_canonical_spelling_only(self) -> None:
        assert envelope.parse_entry(SIGNED.entry) == SIGNED
        with pytest.raises(Invalid, match="envelope_malformed"):
            envelope.parse_entry(SIGNED.entry + b"\n")

    def test_tells_events_and_admissions_apart(self) -> None:
        with pytest.raises(Invalid, match="envelope_malformed"):
            envelope.parse_entry(SIGNED.entry, payload_type=envelope.ADMISSION_TYPE)
