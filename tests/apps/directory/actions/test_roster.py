from datetime import date
from time import perf_counter

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tanghulu.apps.directory import actions, queries
from tanghulu.apps.directory.roster import Plan, plan_people
from tanghulu.core.access import Role
from tanghulu.core.errors import Conflict
from tests.apps.directory.test_roster import listed
from tests.support.cast import NOON, Cast

DING = ("0900", "丁一", "操作部 / 夜班", "guardian,worker", "ding", "crane", "K-1", "2027-01-01")


def done(cast: Cast, *rows: tuple[str, ...]) -> Plan:
    roster = listed(*rows)
    digest = plan_people(cast["zheng"], roster=roster).digest
    return actions.import_people(cast["zheng"], roster=roster, digest=digest, at=NOON)


def found(cast: Cast, number: str) -> queries.MemberRow:
    (row,) = queries.members(cast["zheng"], search=number).rows
    return row


class TestImportPeople:
    def test_adds_people_with_all_that_is_said_of_them(self, at_harbour: Cast) -> None:
        done(at_harbour, DING)
        row = found(at_harbour, "0900")
        assert (row.name, row.unit, row.username, row.active) == ("丁一", "夜班", "ding", True)
        assert row.roles == (Role.GUARDIAN, Role.WORKER)
        assert [(card.kind, card.number, card.valid_until) for card in row.certificates] == [
            ("crane", "K-1", date(2027, 1, 1))
        ]
        assert not get_user_model().objects.get(username="ding").has_usable_password()

    @pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite locks no rows")
    def test_keeps_nobody_waiting_who_only_refers_to_the_company(self, at_harbour: Cast) -> None:
        with CaptureQueriesContext(connection) as captured:
            done(at_harbour, DING)
        locks = [query["sql"] for query in captured if "tenancy_tenant" in query["sql"] and " FOR " in query["sql"]]
        assert len(locks) == 1
        assert "FOR NO KEY UPDATE" in locks[0]

    def test_changes_nothing_the_second_time(self, at_harbour: Cast) -> None:
        done(at_harbour, DING)
        before = (queries.members(at_harbour["zheng"], active=None), queries.units(at_harbour["zheng"]))
        again = done(at_harbour, DING)
        assert (again.added, again.changed, again.same, again.units) == ((), (), 1, ())
        assert (queries.members(at_harbour["zheng"], active=None), queries.units(at_harbour["zheng"])) == before

    def test_changes_what_is_said_and_leaves_the_rest(self, at_harbour: Cast) -> None:
        done(at_harbour, DING)
        done(at_harbour, ("0900", "丁一一", "", "worker", "", "crane", "K-1", "2028-01-01"))
        row = found(at_harbour, "0900")
        assert (row.name, row.unit, row.username, row.roles) == ("丁一一", "夜班", "ding", (Role.WORKER,))
        assert [card.valid_until for card in row.certificates] == [date(2028, 1, 1)]

    def test_lets_somebody_sign_in_who_could_not(self, at_harbour: Cast) -> None:
        done(at_harbour, ("0900", "丁一"))
        done(at_harbour, ("0900", "丁一", "", "", "ding"))
        assert found(at_harbour, "0900").username == "ding"

    def test_leaves_out_the_rows_that_are_not_good(self, at_harbour: Cast) -> None:
        plan = done(at_harbour, DING, ("0901", "丁二", "", "emperor"))
        assert [one.line for one in plan.problems] == [3]
        assert queries.members(at_harbour["zheng"], search="090").total == 1

    def test_does_nothing_else_than_what_was_looked_at(self, at_harbour: Cast) -> None:
        roster = listed(DING)
        digest = plan_people(at_harbour["zheng"], roster=roster).digest
        actions.add_member(at_harbour["zheng"], name="丁一", number="0900", roles=[], at=NOON)
        with pytest.raises(Conflict) as refused:
            actions.import_people(at_harbour["zheng"], roster=roster, digest=digest, at=NOON)
        assert refused.value.code == "import_changed"
        assert found(at_harbour, "0900").roles == ()

    def test_keeps_an_administrator_and_then_nothing_of_the_list(self, at_harbour: Cast) -> None:
        number = queries.member(at_harbour["zheng"], ref=at_harbour["zheng"].member).number
        with pytest.raises(Conflict) as refused:
            done(at_harbour, DING, (number, "郑洁", "", "worker"))
        assert refused.value.code == "last_administrator"
        assert queries.members(at_harbour["zheng"], search="0900").total == 0

    def test_takes_5000_people_in_one_go(self, at_harbour: Cast) -> None:
        rows = [
            (f"N{n}", f"某人{n}", f"部 / 班{n % 40}", "worker", "", "crane", f"K-{n}", "2027-01-01")
            for n in range(5000)
        ]
        begun = perf_counter()
        done(at_harbour, *rows)
        assert queries.members(at_harbour["zheng"], search="某人").total == 5000
        # Seconds on an idle machine; the bound only tells them from a query for each person and field.
        assert perf_counter() - begun < 120
