import pytest

from tanghulu.core.flow.scalars import elapsed, is_date, is_decimal, is_time, later, milliseconds


class TestIsTime:
    @pytest.mark.parametrize(
        "text", ["2026-05-19T00:55:00.000Z", "2024-02-29T23:59:59.999Z", "0001-01-01T00:00:00.000Z"]
    )
    def test_takes_a_time_that_exists(self, text):
        assert is_time(text)

    @pytest.mark.parametrize(
        "value",
        [
            "2026-02-29T00:00:00.000Z",
            "2026-05-19T24:00:00.000Z",
            "2026-05-19T23:59:60.000Z",
            "2026-05-19T00:55:00Z",
            "2026-05-19T00:55:00.000+00:00",
            "２026-05-19T00:55:00.000Z",
            "",
            None,
            0,
        ],
    )
    def test_refuses_the_rest(self, value):
        assert not is_time(value)


class TestIsDate:
    def test_knows_the_calendar(self):
        assert is_date("2024-02-29")
        assert not is_date("2026-02-29")
        assert not is_date("20260101")


class TestIsDecimal:
    @pytest.mark.parametrize("text", ["0", "-1", "19.50", "999999999999999.123456789"])
    def test_takes_decimals(self, text):
        assert is_decimal(text)

    @pytest.mark.parametrize("value", ["-0", "-0.0", "01", "1.", ".5", "1e3", "+1", "1.1234567890", 1, True, None])
    def test_refuses_the_rest(self, value):
        assert not is_decimal(value)


class TestLater:
    def test_adds_seconds_over_the_end_of_a_year(self):
        assert later("2026-12-31T23:59:59.500Z", 1) == "2027-01-01T00:00:00.500Z"

    def test_stays_within_the_calendar(self):
        assert later("9999-12-31T23:00:00.000Z", 7200) == "9999-12-31T23:59:59.999Z"


class TestElapsed:
    def test_is_in_milliseconds(self):
        assert elapsed("2026-05-19T00:00:00.000Z", "2026-05-19T00:00:01.250Z") == 1250

    def test_takes_a_negative_span_for_nought(self):
        assert elapsed("2026-05-19T00:00:01.000Z", "2026-05-19T00:00:00.000Z") == 0


class TestMilliseconds:
    def test_count_from_1970(self):
        assert milliseconds("1970-01-02T00:00:00.001Z") == 86_400_001
