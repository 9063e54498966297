import pytest

from tanghulu.apps.directory import actions, queries
from tanghulu.apps.directory.roster import Plan, plan_people
from tanghulu.apps.tenancy import scope
from tanghulu.core.access import Role
from tanghulu.core.errors import NotAllowed
from tanghulu.core.table.roster import Roster, read_roster
from tests.support.cast import NOON, Cast

TOP = ("number", "name", "unit", "roles", "username", "certificate", "certificate number", "valid until")
ROLES = {role.value: role.value for role in Role}


def listed(*rows: tuple[str, ...]) -> Roster:
    return read_roster([TOP, *rows], roles=ROLES, certificates={})


def planned(cast: Cast, *rows: tuple[str, ...]) -> Plan:
    return plan_people(cast["zheng"], roster=listed(*rows))


def told(plan: Plan) -> list[tuple[int, str, str]]:
    return [(one.line, one.column.value, one.refusal.code) for one in plan.problems]


class TestPlanPeople:
    def test_tells_new_people_from_those_who_are_here(self, at_harbour: Cast) -> None:
        plan = planned(at_harbour, ("0231", "王维"), ("0900", "丁一", "操作部 / 夜班"), ("0303", "改名"))
        assert [one.listed.number for one in plan.added] == ["0900"]
        assert [one.listed.number for one in plan.changed] == ["0303"]
        assert plan.same == 1
        assert plan.units[-1] == ("操作部", "夜班")

    def test_says_what_would_be_different(self, at_harbour: Cast) -> None:
        (one,) = planned(at_harbour, ("0231", "王维维", "", "auditor", "", "crane", "K-1", "2027-01-01")).changed
        assert [(change.column.value, change.after) for change in one.changes] == [
            ("name", ("王维维",)),
            ("roles", ("auditor",)),
            ("certificate", ("crane", "K-1", "2027-01-01")),
        ]

    def test_finds_a_unit_below_others_by_its_name(self, at_harbour: Cast) -> None:
        above = next(unit for unit in queries.units(at_harbour["zheng"]) if unit.depth == 0)
        actions.add_unit(at_harbour["zheng"], name="夜班", parent=above.id)
        plan = planned(at_harbour, ("0900", "丁一", "夜班"))
        assert (plan.added[0].unit, plan.units) == ((above.name, "夜班"), ())

    @pytest.mark.parametrize(
        ("row", "column", "code"),
        [
            (("231", "王维"), "number", "import_number_zeros"),
            (("0900", "丁一", "", "", "li"), "username", "account_username_taken"),
            (("0900", "丁一", "", "", "QUENTIN"), "username", "account_username_taken"),
            (("0900", "丁一", "", "", "a b"), "username", "import_username_malformed"),
            (("0231", "王维", "", "", "other"), "username", "import_username_differs"),
        ],
    )
    def test_says_what_does_not_go_with_what_is_here(
        self, at_harbour: Cast, row: tuple[str, ...], column: str, code: str
    ) -> None:
        plan = planned(at_harbour, row)
        assert told(plan) == [(2, column, code)]
        assert plan.added == plan.changed == ()

    def test_gives_one_name_to_one_person(self, at_harbour: Cast) -> None:
        plan = planned(at_harbour, ("0900", "丁一", "", "", "ding"), ("0901", "丁二", "", "", "Ding"))
        assert told(plan) == [(3, "username", "account_username_taken")]

    def test_asks_about_somebody_without_a_number(self, at_harbour: Cast) -> None:
        actions.add_member(at_harbour["zheng"], name="丁一", roles=[], at=NOON)
        assert told(planned(at_harbour, ("0900", "丁一"))) == [(2, "name", "import_number_unknown")]

    def test_leaves_those_who_left(self, at_harbour: Cast) -> None:
        ref = at_harbour["wen"].member
        actions.change_member(at_harbour["zheng"], member=ref, name="王维", number="0231", unit=None, active=False)
        assert told(planned(at_harbour, ("0231", "王维"))) == [(2, "number", "import_member_left")]

    def test_sees_nobody_of_another_company(self, at_harbour: Cast) -> None:
        with scope.within("quarry"):
            actions.add_member(at_harbour["qiu"], name="外人", number="Q-77", roles=[], at=NOON)
        assert [one.ref for one in planned(at_harbour, ("Q-77", "外人")).added] == [""]

    @pytest.mark.parametrize("username", ["wen", "chen", "wu", "zhou"])
    def test_is_for_administrators(self, at_harbour: Cast, username: str) -> None:
        with pytest.raises(NotAllowed):
            plan_people(at_harbour[username], roster=listed(("1", "丁一")))
