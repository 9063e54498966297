import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from tanghulu.core import canonical

KEYS = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1, max_size=8)
STRINGS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
INTEGERS = st.integers(-(2**53) + 1, 2**53 - 1)
VALUES = st.recursive(
    STRINGS | INTEGERS | st.booleans(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


def refused(code: str, raw: bytes) -> None:
    with pytest.raises(canonical.CanonicalError) as caught:
        canonical.loads(raw)
    assert caught.value.code == code


def nested(levels: int) -> bytes:
    return b"[" * levels + b"]" * levels


class TestDumps:
    @given(VALUES)
    def test_writes_what_rfc_8785_says(self, value: canonical.Value) -> None:
        assert canonical.dumps(value) == rfc8785.dumps(value)

    @given(VALUES)
    def test_is_undone_by_loads(self, value: canonical.Value) -> None:
        assert canonical.loads(canonical.dumps(value)) == value

    def test_escapes_only_what_must_be(self) -> None:
        text = '\b\t\n\f\r"\\\x00\x1f\x7f\u2028é断'
        expected = '"\\b\\t\\n\\f\\r\\"\\\\\\u0000\\u001f\x7f\u2028é断"'
        assert canonical.dumps(text) == expected.encode()

    def test_writes_tuples_as_arrays(self) -> None:
        assert canonical.dumps({"a": (1, 2)}) == b'{"a":[1,2]}'

    @pytest.mark.parametrize(
        ("value", "code"),
        [
            (None, "json_null"),
            ([1.0], "json_fraction"),
            (float("nan"), "json_fraction"),
            (2**53, "json_number_too_large"),
            (-(2**53), "json_number_too_large"),
            ({"": 1}, "json_bad_key"),
            ({"é": 1}, "json_bad_key"),
            ({"\n": 1}, "json_bad_key"),
            ({1: 1}, "json_bad_key"),
            ("\ud800", "json_lone_surrogate"),
            ({"a": b"bytes"}, "json_malformed"),
            ("x" * 65_534, "json_too_large"),
        ],
    )
    def test_refuses_what_has_no_canonical_form(self, value: canonical.Value, code: str) -> None:
        with pytest.raises(canonical.CanonicalError) as caught:
            canonical.dumps(value)
        assert caught.value.code == code

    def test_takes_32_levels_and_no_more(self) -> None:
        value = json.loads(nested(32))
        assert canonical.dumps(value) == nested(32)
        with pytest.raises(canonical.CanonicalError):
            canonical.dumps([value])

    def test_takes_65_535_bytes(self) -> None:
        assert len(canonical.dumps("x" * 65_533)) == 65_535


class TestLoads:
    @pytest.mark.parametrize(
        ("raw", "code"),
        [
            (b"", "json_malformed"),
            (b"{", "json_malformed"),
            (b"\xff", "json_malformed"),
            (b"\xef\xbb\xbf1", "json_malformed"),
            (b"1 2", "json_malformed"),
            (b"null", "json_null"),
            (b'{"a":[null]}', "json_null"),
            (b"1.5", "json_fraction"),
            (b"1e2", "json_fraction"),
            (b"NaN", "json_fraction"),
            (b"-Infinity", "json_fraction"),
            (b"9007199254740992", "json_number_too_large"),
            (b"-9007199254740992", "json_number_too_large"),
            (b"1" * 10_000, "json_number_too_large"),
            (b'{"a":1,"a":1}', "json_duplicate_key"),
            (b'{"b":{"a":1,"a":2}}', "json_duplicate_key"),
            (b'{"":1}', "json_bad_key"),
            ('{"é":1}'.encode(), "json_bad_key"),
            (b'"\\ud800"', "json_lone_surrogate"),
            (nested(33), "json_too_deep"),
            (nested(30_000), "json_too_deep"),
            (b'"' + b"x" * 65_534 + b'"', "json_too_large"),
            (b" 1", "json_not_canonical"),
            (b"1\n", "json_not_canonical"),
            (b"-0", "json_not_canonical"),
            (b'{"b":1,"a":2}', "json_not_canonical"),
            (b'{"a": 1}', "json_not_canonical"),
            (b'"\\u00e9"', "json_not_canonical"),
            (b'"\\/"', "json_not_canonical"),
            (b'"\\u000A"', "json_not_canonical"),
        ],
    )
    def test_refuses_what_is_not_canonical(self, raw: bytes, code: str) -> None:
        refused(code, raw)

    def test_reads_the_largest_integers(self) -> None:
        assert canonical.loads(b"[9007199254740991,-9007199254740991]") == [2**53 - 1, 1 - 2**53]

    @given(st.binary(max_size=40))
    def test_never_fails_in_another_way(self, raw: bytes) -> None:
        try:
            value = canonical.loads(raw)
        except canonical.CanonicalError:
            return
        assert canonical.dumps(value) == raw

    @pytest.mark.parametrize("name", ["arrays", "french", "structures", "unicode", "values", "weird"])
    def test_agrees_with_the_published_vectors(self, material: Path, name: str) -> None:
        folder = material / "vectors" / "json-canonicalization" / "testdata"
        source = (folder / "input" / f"{name}.json").read_bytes()
        output = (folder / "output" / f"{name}.json").read_bytes()
        if _is_inside(output):
            assert canonical.dumps(canonical.parse(source)) == output
            assert canonical.dumps(canonical.loads(output)) == output
        else:
            with pytest.raises(canonical.CanonicalError):
                canonical.loads(output)


def _is_inside(raw: bytes) -> bool:
    """Whether a vector stays inside our restrictions, as an independent reader sees it."""

    def inside(value: object) -> bool:
        if isinstance(value, dict):
            return all(key and key.isascii() and key.isprintable() and inside(one) for key, one in value.items())
        if isinstance(value, list):
            return all(map(inside, value))
        return isinstance(value, (str, int))

    return inside(json.loads(raw))


class TestParse:
    def test_takes_any_spelling(self) -> None:
        assert canonical.parse(b' { "b" : 1,\n"a":"\\u00e9" } ') == {"a": "é", "b": 1}

    def test_refuses_a_key_twice(self) -> None:
        with pytest.raises(canonical.CanonicalError) as caught:
            canonical.parse(b'{"a":1, "a":1}')
        assert caught.value.code == "json_duplicate_key"

    def test_refuses_lone_surrogates(self) -> None:
        with pytest.raises(canonical.CanonicalError) as caught:
            canonical.parse(b'["\\udfff"]')
        assert caught.value.code == "json_lone_surrogate"


class TestIsDecimal:
    @pytest.mark.parametrize("text", ["0", "-1", "19.50", "0.000000001", "999999999999999.999999999", "-0.5"])
    def test_takes_decimals(self, text: str) -> None:
        assert canonical.is_decimal(text)

    @pytest.mark.parametrize(
        "text", ["", "-0", "-0.0", "01", "1.", ".5", "+1", "1e3", "1 ", "１", "1000000000000000", "0.0000000001", "1\n"]
    )
    def test_refuses_the_rest(self, text: str) -> None:
        assert not canonical.is_decimal(text)


class TestIsTime:
    @pytest.mark.parametrize("text", ["2026-02-28T23:59:59.999Z", "2024-02-29T00:00:00.000Z"])
    def test_takes_moments_that_exist(self, text: str) -> None:
        assert canonical.is_time(text)

    @pytest.mark.parametrize(
        "text",
        [
            "2026-02-29T00:00:00.000Z",
            "2026-01-01T24:00:00.000Z",
            "2026-01-01T00:00:60.000Z",
            "2026-01-01T00:00:00Z",
            "2026-01-01T00:00:00.000+00:00",
            "2026-01-01 00:00:00.000Z",
            "",
        ],
    )
    def test_refuses_the_rest(self, text: str) -> None:
        assert not canonical.is_time(text)


class TestIsDate:
    def test_takes_days_that_exist(self) -> None:
        assert canonical.is_date("2024-02-29")
        assert not canonical.is_date("2026-02-29")
        assert not canonical.is_date("20260228")


class TestParseTime:
    def test_gives_an_aware_moment(self) -> None:
        assert canonical.parse_time("2026-03-02T04:05:06.007Z") == datetime(2026, 3, 2, 4, 5, 6, 7_000, tzinfo=UTC)

    def test_refuses_what_is_no_time(self) -> None:
        with pytest.raises(canonical.CanonicalError, match="time_malformed"):
            canonical.parse_time("yesterday")


class TestFormatTime:
    def test_cuts_to_milliseconds_in_utc(self) -> None:
        beijing = timezone(timedelta(hours=8))
        assert canonical.format_time(datetime(2026, 3, 2, 8, 0, 0, 1_999, tzinfo=beijing)) == "2026-03-02T00:00:00.001Z"

    @given(st.datetimes(timezones=st.just(UTC)))
    def test_is_always_read_back(self, at: datetime) -> None:
        assert canonical.parse_time(canonical.format_time(at)) == at.replace(microsecond=at.microsecond // 1000 * 1000)
