from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tanghulu.core.days import beginning, read_day

SHANGHAI = ZoneInfo("Asia/Shanghai")


class TestReadDay:
    @pytest.mark.parametrize("text", ["2026-03-02", "2026/3/2", "2026.3.02", "2026年3月2日", "2026年3月2"])
    def test_reads_what_people_write(self, text: str) -> None:
        assert read_day(text) == date(2026, 3, 2)

    @pytest.mark.parametrize("text", ["", "x", "2026", "2026-02-30", "2026-13-01", "2026-03-02 ", "20260302"])
    def test_gives_nothing_for_what_is_no_day(self, text: str) -> None:
        assert read_day(text) is None

    @pytest.mark.parametrize("text", ["0001-01-01", "1969-12-31", "9000-01-02", "9999-12-31"])
    def test_gives_nothing_for_what_no_job_is_asked_for(self, text: str) -> None:
        assert read_day(text) is None

    @pytest.mark.parametrize("text", ["1970-01-01", "9000-01-01"])
    @pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
    def test_gives_only_days_that_begin_and_end_everywhere(self, text: str, zone: str) -> None:
        day = read_day(text)
        assert day is not None
        begin = beginning(day, ZoneInfo(zone)).astimezone(UTC)
        assert beginning(day + timedelta(days=1), ZoneInfo(zone)).astimezone(UTC) - begin == timedelta(days=1)


class TestBeginning:
    def test_is_midnight_where_somebody_is(self) -> None:
        assert beginning(date(2026, 3, 2), SHANGHAI) == datetime(2026, 3, 1, 16, tzinfo=UTC)
