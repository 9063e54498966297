import pytest

from tanghulu.apps.directory import actions, queries
from tanghulu.apps.directory.inventory import InventoryPlan, plan_inventory
from tanghulu.core.errors import Conflict, NotAllowed
from tanghulu.core.table.inventory import Inventory, read_inventory
from tests.support.cast import Cast

TOP = ("number", "name", "kind", "place")
BELT = ("C9", "九号皮带机", "conveyor", "码头 / 北侧")


def listed(*rows: tuple[str, ...]) -> Inventory:
    return read_inventory([TOP, *rows], kinds={"conveyor": "conveyor"})


def done(cast: Cast, *rows: tuple[str, ...], by: str = "zheng") -> InventoryPlan:
    digest = plan_inventory(cast[by], inventory=listed(*rows)).digest
    return actions.import_inventory(cast[by], inventory=listed(*rows), digest=digest)


def machine(cast: Cast, number: str) -> queries.EquipmentRow:
    (row,) = (row for row in queries.equipment(cast["zheng"]) if row.number == number)
    return row


def codes(plan: InventoryPlan) -> list[tuple[int, str]]:
    return [(one.line, one.refusal.code) for one in plan.problems]


class TestImportInventory:
    def test_adds_equipment_with_its_places(self, at_harbour: Cast) -> None:
        plan = done(at_harbour, BELT, ("", "", "", "料场"), by="chen")
        assert plan.places == (("料场",), ("码头",), ("码头", "北侧"))
        row = machine(at_harbour, "C9")
        assert (row.name, row.kind, row.place) == ("九号皮带机", "conveyor", "北侧")
        paths = {row.path for row in queries.places(at_harbour["zheng"])}
        assert {("料场",), ("码头", "北侧")} <= paths

    def test_changes_nothing_the_second_time(self, at_harbour: Cast) -> None:
        done(at_harbour, BELT)
        again = done(at_harbour, BELT)
        assert (again.added, again.changed, again.same, again.places) == ((), (), 1, ())

    def test_changes_what_is_said_and_leaves_the_rest(self, at_harbour: Cast) -> None:
        ref = machine(at_harbour, "C1").ref
        plan = done(at_harbour, ("C1", "一号皮带机", "", "2号转运站"))
        assert [change.column.value for change in plan.changed[0].changes] == ["name", "place"]
        row = machine(at_harbour, "C1")
        assert (row.ref, row.name, row.kind, row.place) == (ref, "一号皮带机", "conveyor", "2号转运站")

    def test_leaves_out_the_rows_that_are_not_good(self, at_harbour: Cast) -> None:
        plan = done(at_harbour, ("C8", "八号"), ("C7", "", "conveyor"), BELT)
        assert codes(plan) == [(2, "import_equipment_kind_missing"), (3, "import_equipment_name_missing")]
        assert [one.item.number for one in plan.added] == ["C9"]

    def test_refuses_a_name_that_several_places_have(self, at_harbour: Cast) -> None:
        done(at_harbour, ("", "", "", "甲 / 北侧"), ("", "", "", "乙 / 北侧"))
        assert codes(done(at_harbour, ("C1", "", "", "北侧"))) == [(2, "import_place_ambiguous")]

    def test_refuses_when_something_has_changed_since_it_was_looked_at(self, at_harbour: Cast) -> None:
        digest = plan_inventory(at_harbour["zheng"], inventory=listed(BELT)).digest
        actions.add_equipment(at_harbour["zheng"], number="C9", name="x", kind="conveyor")
        with pytest.raises(Conflict, match="import_changed"):
            actions.import_inventory(at_harbour["zheng"], inventory=listed(BELT), digest=digest)

    def test_sees_nothing_of_another_company(self, at_harbour: Cast) -> None:
        plan = plan_inventory(at_harbour["zheng"], inventory=listed(("P1", "破碎机", "conveyor", "破碎车间")))
        assert plan.places == (("破碎车间",),)
        assert len(plan.added) == 1

    def test_is_not_for_workers(self, at_harbour: Cast) -> None:
        with pytest.raises(NotAllowed):
            done(at_harbour, BELT, by="wen")
