import pytest
from django.contrib.auth import get_user_model

from tanghulu.apps.directory import actions, sign_ins
from tanghulu.apps.directory.sign_ins import Origin, What
from tanghulu.apps.tenancy import scope
from tanghulu.core.access import Actor
from tanghulu.core.errors import NotAllowed
from tests.support.cast import NOON, Cast

DESK = Origin("192.0.2.7", "Firefox")


def account(username: str) -> int:
    return int(get_user_model().objects.get(username=username).pk)


def names(cast: Cast, **asked: object) -> list[str]:
    return [row.name for row in sign_ins.records(cast["zheng"], **asked).rows]  # type: ignore[arg-type]


@pytest.fixture
def booked(at_harbour: Cast) -> Cast:
    for username, what in (("wen", What.SIGNED_IN), ("li", What.REFUSED), ("wen", What.SIGNED_OUT)):
        sign_ins.note(account(username), what, origin=DESK, at=NOON)
    return at_harbour


class TestAccountNamed:
    @pytest.mark.parametrize("login", ["wen", " WEN ", "wen@example.com"])
    def test_is_found_by_name_and_address(self, cast: Cast, login: str) -> None:
        get_user_model().objects.filter(username="wen").update(email="wen@example.com")
        assert sign_ins.account_named(login) == account("wen")

    @pytest.mark.parametrize("login", ["", "nobody"])
    def test_is_nobody_otherwise(self, cast: Cast, login: str) -> None:
        assert sign_ins.account_named(login) is None


class TestNote:
    def test_is_kept_in_each_company_of_the_person(self, cast: Cast) -> None:
        with scope.within("quarry"):
            actions.add_member(Actor.operator("quarry"), name="王维", roles=[], username="wen", at=NOON)
        sign_ins.note(account("wen"), What.SIGNED_IN, origin=DESK, at=NOON, way="password")
        for tenant, reader in (("harbour", "zheng"), ("quarry", "qiu")):
            with scope.within(tenant):
                (row,) = sign_ins.records(cast[reader]).rows
                assert (row.name, row.what, row.way, row.address) == ("王维", What.SIGNED_IN, "password", "192.0.2.7")

    def test_is_kept_nowhere_for_nobody(self, at_harbour: Cast) -> None:
        sign_ins.note(None, What.REFUSED, origin=DESK, at=NOON)
        assert names(at_harbour) == []


class TestRecords:
    def test_come_newest_first_and_page_by_page(self, booked: Cast) -> None:
        first = sign_ins.records(booked["zheng"], limit=2)
        assert [row.what for row in first.rows] == [What.SIGNED_OUT, What.REFUSED]
        sign_ins.note(account("wen"), What.SIGNED_IN, origin=DESK, at=NOON)  # what is new does not shift a page
        second = sign_ins.records(booked["zheng"], limit=2, before=first.before)
        assert [row.what for row in second.rows] == [What.SIGNED_IN]
        assert second.before is None

    def test_are_found_by_person_and_by_what_happened(self, booked: Cast) -> None:
        assert names(booked, search="李") == ["李强"]
        assert names(booked, search="0231") == ["王维", "王维"]
        assert names(booked, what="refused") == ["李强"]

    def test_are_for_administrators(self, booked: Cast) -> None:
        with pytest.raises(NotAllowed):
            sign_ins.records(booked["chen"])

    def test_of_another_company_do_not_exist(self, booked: Cast) -> None:
        with scope.within("quarry"):
            assert sign_ins.records(booked["qiu"]).rows == ()
