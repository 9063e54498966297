import json
import logging
import os
import subprocess
import sys
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
        assert [code for code, _name in settings.LANGUAGES] == ["zh-hans", "zh-hant", "en"]


class TestHttps:
    """Who may say that a request came by HTTPS, and what browsers are told to remember of it."""

    PROGRAM = """
import json
from tanghulu.config import settings as s
print(json.dumps([s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.LANGUAGE_COOKIE_SECURE,
                  s.SECURE_PROXY_SSL_HEADER, s.SECURE_HSTS_SECONDS > 0, s.ALLOWED_HOSTS]))
"""

    def loaded(self, folder: Path, **own: str) -> tuple[set[bool], object, bool, list[str]]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("TANGHULU_")}
        done = subprocess.run(
            [sys.executable, "-c", self.PROGRAM],
            env={**kept, "PYTHONPATH": "src", "TANGHULU_DATA": str(folder), **own},
            capture_output=True,
            check=True,
        )
        *cookies, header, remembered, hosts = json.loads(done.stdout)
        return set(cookies), header, remembered, hosts

    def test_is_nobodys_word_by_plain_http(self, tmp_path: Path) -> None:
        assert self.loaded(tmp_path)[:3] == ({False}, None, False)

    def test_is_the_proxys_word_where_there_is_one(self, tmp_path: Path) -> None:
        found = self.loaded(tmp_path, TANGHULU_HTTPS="1", TANGHULU_HOST="jobs.example.com")
        assert found[:3] == ({True}, ["HTTP_X_FORWARDED_PROTO", "https"], True)
        assert "jobs.example.com" in found[3]

    @pytest.mark.parametrize("proxy", ["0", "1"])
    def test_is_no_headers_word_and_not_remembered_with_a_certificate_of_our_own(
        self, tmp_path: Path, proxy: str
    ) -> None:
        files = {"TANGHULU_CERT": "a.crt", "TANGHULU_KEY": "a.key", "TANGHULU_PHONES": "https://192.168.1.20:8443"}
        found = self.loaded(tmp_path, TANGHULU_HTTPS=proxy, **files)
        assert found[:3] == ({True}, None, False)
        assert "192.168.1.20" in found[3]


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
