import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanghulu.core.chain import proof
from tanghulu.core.errors import Invalid

HASHES = (bytes(32), b"\xff" * 32)
PROOF = proof.Proof(73894, HASHES, b"checkpoint\n")
RAW = PROOF.encode()


class TestParseProof:
    def test_reads_what_the_specification_shows(self) -> None:
        lines = [
            "c2sp.org/tlog-proof@v1",
            "index 73894",
            *(base64.b64encode(one).decode() for one in HASHES),
            "",
            "checkpoint",
            "",
        ]
        assert "\n".join(lines).encode() == RAW
        assert proof.parse_proof(RAW) == PROOF

    @given(
        st.integers(0, 10**15),
        st.lists(st.binary(min_size=32, max_size=32), max_size=40),
        st.binary(min_size=1, max_size=40),
        st.none() | st.binary(min_size=1, max_size=9),
    )
    def test_makes_the_round_trip(
        self, index: int, hashes: list[bytes], checkpoint: bytes, extra: bytes | None
    ) -> None:
        made = proof.Proof(index, tuple(hashes), checkpoint, extra)
        assert proof.parse_proof(made.encode()) == made

    @pytest.mark.parametrize(
        "raw",
        [
            b"",
            RAW.replace(b"@v1", b"@v2"),
            RAW.replace(b"index 73894", b"index 073894"),
            RAW.replace(b"index 73894", b"index -1"),
            RAW.replace(b"index 73894\n", b""),
            RAW.replace(b"\n\n", b"\n"),
            RAW.replace(b"index", b"extra !!\nindex"),
            RAW.replace(b"index", b"note\nindex"),
            RAW.replace(b"AAA=\n", b"AA==\n"),
            RAW.replace(b"AAA=\n", b"AAAAAAA=\n"),
            RAW.replace(b"AAA=\n", b"AAB=\n"),
            RAW.replace(b"AAA=\n", b"AAA= \n"),
            RAW.partition(b"\n\n")[0] + b"\n\n",
            RAW.replace(b"c2sp", "ç2sp".encode()),
            proof.Proof(1, HASHES * 33, b"c\n").encode(),
        ],
    )
    def test_refuses_what_would_not_print_back(self, raw: bytes) -> None:
        with pytest.raises(Invalid, match="proof_malformed"):
            proof.parse_proof(raw)

    @given(st.binary(max_size=80))
    def test_never_fails_in_another_way(self, raw: bytes) -> None:
        try:
            found = proof.parse_proof(b"c2sp.org/tlog-proof@v1\n" + raw)
        except Invalid:
            return
        assert found.encode() == b"c2sp.org/tlog-proof@v1\n" + raw
