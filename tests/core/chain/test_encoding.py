import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanghulu.core.chain import encoding


class TestFromBase64:
    @given(st.binary(max_size=70))
    def test_undoes_writing(self, raw: bytes) -> None:
        assert encoding.to_base64(raw) == base64.b64encode(raw).decode()
        assert encoding.from_base64(encoding.to_base64(raw)) == raw

    @given(st.text("AQgw/+=9 \n", max_size=9))
    def test_takes_nothing_that_would_be_written_differently(self, text: str) -> None:
        raw = encoding.from_base64(text)
        assert raw is None or base64.b64encode(raw).decode() == text

    @pytest.mark.parametrize(
        "text", ["AA", "AA=", "AAAA=", "AAAA==", "=", "AA===", "AB==", "AAB=", "=AAA", "A A=", "AA==\n", "é", "-_=="]
    )
    def test_refuses_other_spellings(self, text: str) -> None:
        assert encoding.from_base64(text) is None


class TestIsHash:
    @pytest.mark.parametrize(
        ("value", "expected"),
        [("a" * 64, True), ("A" * 64, False), ("a" * 63, False), ("a" * 64 + "\n", False), (7, False)],
    )
    def test_is_64_lower_case_hex_digits(self, value: object, expected: bool) -> None:
        assert encoding.is_hash(value) == expected


class TestIsRef:
    @pytest.mark.parametrize(
        ("value", "expected"), [("0" * 32, True), ("0" * 33, False), ("g" * 32, False), (None, False)]
    )
    def test_is_32_lower_case_hex_digits(self, value: object, expected: bool) -> None:
        assert encoding.is_ref(value) == expected
