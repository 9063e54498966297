import pytest

from tanghulu.gateways import network


class TestHasAddress:
    @pytest.mark.loopback
    def test_is_true_of_this_machine_alone(self) -> None:
        assert network.has_address("127.0.0.1")
        assert not network.has_address("203.0.113.7")


class TestOwnAddress:
    @pytest.mark.allow_hosts(["198.51.100.1"])
    def test_is_one_of_this_machine_or_nothing(self) -> None:
        found = network.own_address()
        assert found == "" or network.has_address(found)
        assert not found.startswith("127.")
