import pytest

from tanghulu.core import canonical
from tanghulu.core.chain import admission
from tanghulu.core.chain.keys import public_key, signing_key
from tanghulu.core.errors import Invalid

SAID = admission.Admission(
    tenant="harbour",
    device="a" * 64,
    dseq=2,
    payload="b" * 64,
    index=7,
    received_at="2026-03-02T00:00:00.000Z",
    standing=admission.Standing.CONTRADICTING,
    codes=("step_closed",),
)


def value(**changes: canonical.Value) -> bytes:
    read = canonical.loads(admission.build_admission(SAID))
    assert isinstance(read, dict)
    return canonical.dumps({**read, **changes})


class TestSignAdmission:
    def test_says_it_in_an_envelope_of_the_server(self) -> None:
        key = signing_key(b"s" * 48)
        signed = admission.sign_admission(SAID, key)
        assert signed.signed_by(public_key(key.spki))
        assert admission.parse_admission(signed.payload) == SAID

    def test_gives_equal_bytes_for_equal_words(self) -> None:
        key = signing_key(b"s" * 48)
        assert admission.sign_admission(SAID, key).entry == admission.sign_admission(SAID, key).entry


class TestParseAdmission:
    @pytest.mark.parametrize(
        "raw",
        [
            b"",
            b"[]",
            value(extra=1),
            value(v=2),
            value(v=True),
            value(tenant="Harbour"),
            value(device="a"),
            value(dseq=0),
            value(dseq="2"),
            value(payload=["b"]),
            value(index=-1),
            value(received_at="now"),
            value(standing="welcome"),
            value(standing=["accepted"]),
            value(codes="step_closed"),
            value(codes=["Step closed"]),
            value(codes=[1]),
            admission.build_admission(SAID) + b" ",
        ],
    )
    def test_refuses_what_is_not_of_the_form(self, raw: bytes) -> None:
        with pytest.raises(Invalid, match="admission_malformed"):
            admission.parse_admission(raw)
