from datetime import UTC, date, datetime
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.utils import timezone, translation

from tanghulu.web.times import Form, told

AT = datetime(2026, 3, 2, 6, 5, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _in_shanghai():
    with timezone.override(ZoneInfo("Asia/Shanghai")):
        yield


class TestTold:
    @pytest.mark.parametrize(
        ("language", "day", "moment"),
        [
            ("zh-hans", "2026年3月2日", "2026年3月2日 14:05:09"),
            ("zh-hant", "2026年3月2日", "2026年3月2日 14:05:09"),
            ("en", "2 Mar 2026", "2 Mar 2026, 14:05:09"),
        ],
    )
    def test_is_as_the_reader_writes_it_in_the_company_s_time(self, language: str, day: str, moment: str) -> None:
        with translation.override(language):
            assert told(AT, "day") == told(date(2026, 3, 2), "day") == day
            assert told(AT, "moment_exact") == moment
            assert told(AT, "moment") == moment[:-3]
            assert told(AT, "clock") == "14:05"

    def test_knows_the_day_of_the_company_s_time(self) -> None:
        with translation.override("en"):
            assert told(datetime(2026, 3, 2, 17, tzinfo=UTC), "moment_short") == "3 Mar, 01:00"

    @pytest.mark.parametrize("form", get_args(Form))
    def test_is_a_filter_of_templates_too(self, form: Form) -> None:
        with translation.override("zh-hans"):
            written = Template("{% load times %}{{ at|FORM }}".replace("FORM", form))
            assert written.render(Context({"at": AT})) == told(AT, form)
            assert written.render(Context({"at": None})) == ""
