import pytest
from django.contrib.auth import authenticate

from tanghulu.apps.directory import actions, queries
from tanghulu.apps.directory.models import Account
from tanghulu.apps.tenancy import scope
from tanghulu.core.access import Actor, Role
from tanghulu.core.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.support.cast import NOON, Cast

PASSWORD = "three-haws-on-a-stick"


class TestAddMember:
    def test_adds_a_person_with_roles(self, at_harbour: Cast) -> None:
        unit = queries.units(at_harbour["zheng"])[0]
        ref = actions.add_member(
            at_harbour["zheng"],
            name="  丁 一 ",
            roles=["guardian", "worker", "worker"],
            number="0299",
            unit=unit.id,
            at=NOON,
        )
        added = queries.member(at_harbour["zheng"], ref=ref)
        assert (added.name, added.number, added.unit, added.username) == ("丁 一", "0299", unit.name, "")
        assert added.roles == (Role.GUARDIAN, Role.WORKER)

    def test_gives_a_ref_that_says_nothing_of_the_person(self, at_harbour: Cast) -> None:
        refs = {actions.add_member(at_harbour["zheng"], name="丁一", roles=[], at=NOON) for _ in range(2)}
        assert len(refs) == 2
        assert all(len(ref) == 32 and int(ref, 16) >= 0 for ref in refs)

    def test_gives_a_way_to_sign_in(self, at_harbour: Cast) -> None:
        actions.add_member(
            at_harbour["zheng"],
            name="丁一",
            roles=[],
            username="ding",
            email="Ding@Example.com",
            password=PASSWORD,
            at=NOON,
        )
        assert authenticate(None, username="ding", password=PASSWORD) is not None
        assert Account.objects.get(username="ding").email == "ding@example.com"

    @pytest.mark.parametrize(
        ("values", "code"),
        [
            ({"name": " "}, "text_missing"),
            ({"name": "x" * 101}, "text_too_long"),
            ({"roles": ["emperor"]}, "role_unknown"),
            ({"number": "0231"}, "member_number_taken"),
            ({"unit": 999_999}, "unit_not_found"),
            ({"username": "WEN"}, "account_username_taken"),
            ({"username": "a b", "password": PASSWORD}, "text_malformed"),
            ({"username": "ding", "password": "12345678901"}, "password_weak"),
        ],
    )
    def test_refuses(self, at_harbour: Cast, values: dict[str, object], code: str) -> None:
        with pytest.raises((Invalid, Conflict, NotFound)) as refused:
            actions.add_member(at_harbour["zheng"], **{"name": "丁一", "roles": [], "at": NOON, **values})  # type: ignore[arg-type]
        assert refused.value.code == code
        assert queries.members(at_harbour["zheng"]).total == 14

    def test_refuses_the_unit_of_another_company(self, at_harbour: Cast) -> None:
        with scope.within("quarry"):
            theirs = queries.units(at_harbour["qiu"])[0].id
        with pytest.raises(NotFound):
            actions.add_member(at_harbour["zheng"], name="丁一", roles=[], unit=theirs, at=NOON)

    def test_lets_the_operator_join_an_account_to_a_second_company(self, cast: Cast) -> None:
        with scope.within("quarry"):
            actions.add_member(Actor.operator("quarry"), name="郑洁", roles=["auditor"], username="zheng", at=NOON)
        seats = queries.seats_of(Account.objects.get(username="zheng").pk)
        assert {seat.actor.tenant: seat.actor.roles for seat in seats} == {
            "harbour": frozenset({Role.ADMINISTRATOR}),
            "quarry": frozenset({Role.AUDITOR}),
        }

    def test_is_for_administrators(self, at_harbour: Cast) -> None:
        with pytest.raises(NotAllowed):
            actions.add_member(at_harbour["chen"], name="丁一", roles=[], at=NOON)


class TestChangeMember:
    def test_changes_what_is_known(self, at_harbour: Cast) -> None:
        wen = at_harbour["wen"].member
        actions.change_member(
            at_harbour["zheng"], member=wen, name="王伟", number="0999", unit=None, active=True, language="en"
        )
        row = queries.member(at_harbour["zheng"], ref=wen)
        assert (row.name, row.number, row.unit_id, row.language) == ("王伟", "0999", None, "en")

    def test_lets_a_person_keep_the_number(self, at_harbour: Cast) -> None:
        actions.change_member(
            at_harbour["zheng"], member=at_harbour["wen"].member, name="王维", number="0231", unit=None, active=True
        )

    def test_takes_the_seat_of_somebody_who_left(self, at_harbour: Cast) -> None:
        wen = at_harbour["wen"].member
        actions.change_member(at_harbour["zheng"], member=wen, name="王维", number="0231", unit=None, active=False)
        assert queries.seats_of(Account.objects.get(username="wen").pk) == []
        with pytest.raises(NotFound, match="member_not_found"):
            queries.actor_for(wen)
        assert queries.facts_of([wen]) == {wen: {"roles": [], "certificates": {}}}

    def test_keeps_the_last_administrator(self, at_harbour: Cast) -> None:
        zheng = at_harbour["zheng"]
        with pytest.raises(Conflict, match="last_administrator"):
            actions.change_member(zheng, member=zheng.member, name="郑洁", number="", unit=None, active=False)

    def test_does_not_find_people_of_another_company(self, at_harbour: Cast) -> None:
        with pytest.raises(NotFound, match="member_not_found"):
            actions.change_member(
                at_harbour["zheng"], member=at_harbour["quentin"].member, name="x", number="", unit=None, active=True
            )


class TestChangeRoles:
    def test_leaves_exactly_these(self, at_harbour: Cast) -> None:
        wen = at_harbour["wen"].member
        actions.change_roles(at_harbour["zheng"], member=wen, roles=["guardian", "worker"])
        actions.change_roles(at_harbour["zheng"], member=wen, roles=["guardian"])
        assert queries.actor_for(wen).roles == {Role.GUARDIAN}

    def test_keeps_the_last_administrator(self, at_harbour: Cast) -> None:
        zheng = at_harbour["zheng"]
        with pytest.raises(Conflict, match="last_administrator"):
            actions.change_roles(zheng, member=zheng.member, roles=["worker"])
        assert queries.actor_for(zheng.member).roles == {Role.ADMINISTRATOR}

    def test_lets_an_administrator_go_when_there_is_another(self, at_harbour: Cast) -> None:
        zheng = at_harbour["zheng"]
        actions.change_roles(zheng, member=at_harbour["zhou"].member, roles=["administrator"])
        actions.change_roles(zheng, member=zheng.member, roles=[])

    def test_is_for_administrators(self, at_harbour: Cast) -> None:
        with pytest.raises(NotAllowed):
            actions.change_roles(at_harbour["wen"], member=at_harbour["wen"].member, roles=["administrator"])
