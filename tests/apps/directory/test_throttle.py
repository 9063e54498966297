from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from tanghulu.apps.directory import throttle
from tanghulu.apps.directory.models import Attempts
from tanghulu.apps.directory.throttle import Rate, Try
from tanghulu.core.errors import NotAllowed
from tests.support.cast import NOON

THRICE = Rate("thrice", 3, 60)
WEN = Try(THRICE, "wen")


@pytest.mark.django_db
class TestSpend:
    def test_refuses_one_more_and_says_how_long_to_wait(self) -> None:
        for second in range(3):
            throttle.spend([WEN], at=NOON + timedelta(seconds=second))
        with pytest.raises(NotAllowed) as refused:
            throttle.spend([WEN], at=NOON + timedelta(seconds=10))
        assert (refused.value.code, dict(refused.value.params)) == ("too_many_attempts", {"seconds": 50, "minutes": 1})

    def test_allows_again_after_the_time(self) -> None:
        for _ in range(3):
            throttle.spend([WEN], at=NOON)
        throttle.spend([WEN], at=NOON + timedelta(seconds=60))

    def test_counts_each_key_apart(self) -> None:
        for _ in range(3):
            throttle.spend([WEN], at=NOON)
        throttle.spend([Try(THRICE, "li")], at=NOON)

    def test_counts_all_tries_or_none(self) -> None:
        li = Try(THRICE, "li")
        for _ in range(3):
            throttle.spend([WEN], at=NOON)
        for _ in range(5):
            with pytest.raises(NotAllowed):
                throttle.spend([li, WEN], at=NOON)
        throttle.spend([li], at=NOON)

    def test_keeps_no_names(self) -> None:
        throttle.spend([WEN], at=NOON)
        assert "wen" not in Attempts.objects.get().key

    def test_forgets_what_is_a_day_old(self) -> None:
        throttle.spend([WEN], at=NOON)
        throttle.spend([Try(THRICE, "li")], at=NOON + timedelta(days=1, seconds=1))
        assert Attempts.objects.count() == 1


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_lets_no_more_through_than_the_rate(self) -> None:
        def tried(_: int) -> bool:
            try:
                throttle.spend([WEN], at=NOON)
            except NotAllowed:
                return False
            finally:
                connection.close()
            return True

        with ThreadPoolExecutor(8) as pool:
            assert sum(pool.map(tried, range(16))) == 3


@pytest.mark.django_db
class TestGiveBack:
    def test_leaves_the_tries_as_they_were(self) -> None:
        for _ in range(9):
            throttle.spend([WEN], at=NOON)
            throttle.give_back([WEN])


@pytest.mark.django_db
class TestSpendFailed:
    def test_writes_nothing_any_more_once_it_is_too_much(self) -> None:
        for _ in range(3):
            throttle.spend_failed(WEN, at=NOON)
        for _ in range(3):
            with pytest.raises(NotAllowed, match="too_many_attempts"):
                throttle.spend_failed(WEN, at=NOON)
        assert Attempts.objects.get().count == 3


class TestNetworkOf:
    @pytest.mark.parametrize(
        ("address", "network"),
        [("203.0.113.7", "203.0.113.7"), ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"), ("", ""), ("unix", "unix")],
    )
    def test_is_what_one_customer_has(self, address: str, network: str) -> None:
        assert throttle.network_of(address) == network


class TestSignIn:
    def test_counts_a_known_browser_by_itself_alone(self) -> None:
        assert [each.rate.name for each in throttle.sign_in(name="7", address="::1", browser="m")] == ["browser"]
        unknown = throttle.sign_in(name="7", address="::1", browser="")
        assert [each.rate.name for each in unknown] == ["name_address", "name", "address"]
