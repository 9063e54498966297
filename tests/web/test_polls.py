"""A browser that asks again is answered from one look-up, and only while it may be."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tanghulu.apps.evidence.models import Log
from tanghulu.apps.tenancy import scope
from tanghulu.web import polls
from tests.support.cast import Cast


@pytest.fixture
def log(cast: Cast) -> Log:
    with scope.within("harbour"):
        return Log.objects.create(origin="test/log/harbour", server_device="0" * 64, next_index=5)


def ask(browser: Client, address: str, stamp: str) -> Any:
    return browser.get(address, headers={"hx-request": "true", "if-none-match": stamp})


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize("address", ["/jobs/", "/jobs/wall/", "/jobs/inside/", "/jobs/?show=ended"])
class TestNothingNew:
    def test_costs_one_query(self, cast: Cast, address: str) -> None:
        browser = cast.browser("vera")
        for _ in range(3):  # the minute, which is told too, may just have ended
            stamp = browser.get(address)["ETag"]
            with CaptureQueriesContext(connection) as queries:
                again = ask(browser, address, stamp)
            if again.status_code == 304:
                break
        asked = [query["sql"] for query in queries.captured_queries if "set_config" not in query["sql"]]
        assert (again.status_code, len(asked)) == (304, 1)

    def test_is_not_said_when_the_log_has_grown(self, cast: Cast, address: str) -> None:
        browser = cast.browser("vera")
        stamp = browser.get(address)["ETag"]
        with scope.within("harbour"):
            Log.objects.update(next_index=6)
        assert ask(browser, address, stamp).status_code == 200

    def test_is_not_said_to_another_browser_without_asking_who_it_is(self, cast: Cast, address: str) -> None:
        stamp = cast.browser("vera").get(address)["ETag"]
        assert ask(Client(), address, stamp).status_code == 204
        assert ask(cast.browser("quentin"), address, stamp).status_code == 200

    def test_is_not_said_after_signing_out(self, cast: Cast, address: str) -> None:
        browser = cast.browser("vera")
        stamp = browser.get(address)["ETag"]
        browser.logout()
        assert ask(browser, address, stamp).status_code == 204


class TestMinute:
    def test_is_the_same_for_a_minute_only(self) -> None:
        now = timezone.now().replace(second=30)
        assert polls.minute(now) == polls.minute(now.replace(second=59))
        assert polls.minute(now) != polls.minute(now.replace(minute=(now.minute + 1) % 60))
