import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from tanghulu.config import settings as own


class TestSettings:
    def test_never_debug(self) -> None:
        assert own.DEBUG is False

    def test_keep_nothing_outside_the_data_directory(self) -> None:
        assert own.STATIC_ROOT.is_relative_to(own.DATA)
        name = own.DATABASES["default"]["NAME"]
        assert not isinstance(name, Path) or name.is_relative_to(own.DATA)

    def test_speak_chinese_first(self) -> None:
        assert settings.LANGUAGE_CODE == "zh-hans"
        assert [code for code, _name in settings.LANGUAGES] == ["zh-hans", "en"]


@pytest.mark.django_db
class TestSqlite:
    @pytest.fixture(autouse=True)
    def on_sqlite(self) -> None:
        if connection.vendor != "sqlite":
            pytest.skip("about SQLite")

    @pytest.mark.parametrize(("pragma", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)])
    def test_is_set_to_keep_what_it_acknowledged(self, pragma: str, value: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA {pragma}")
            assert cursor.fetchone() == (value,)


class TestLogging:
    @pytest.fixture
    def lines(self) -> Iterator[list[str]]:
        written: list[str] = []

        class Keep(logging.Handler):
            def emit(self, record: logging.LogRecord) -> None:
                written.append(self.format(record))

        handler = Keep()
        handler.setFormatter(logging.getLogger().handlers[0].formatter if logging.getLogger().handlers else None)
        logger = logging.getLogger("django.request")
        logger.addHandler(handler)
        yield written
        logger.removeHandler(handler)

    def test_says_nothing_of_a_refusal(self, lines: list[str]) -> None:
        logging.getLogger("django.request").warning("Not Found: /x")
        assert lines == []
