import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tanghulu.apps.directory import actions, queries
from tanghulu.apps.directory.models import Place
from tanghulu.apps.directory.trees import TreeRow
from tanghulu.apps.tenancy import scope
from tanghulu.apps.tenancy.models import Tenant
from tanghulu.core.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.support.cast import Cast


class TestAddUnit:
    def test_adds_below_another(self, at_harbour: Cast) -> None:
        actor = at_harbour["zheng"]
        top = actions.add_unit(actor, name="港务部")
        actions.add_unit(actor, name="一队", parent=top)
        assert [row.path for row in queries.units(actor) if row.path[0] == "港务部"] == [
            ("港务部",),
            ("港务部", "一队"),
        ]

    def test_refuses_a_name_twice_in_one_place(self, at_harbour: Cast) -> None:
        with pytest.raises(Conflict, match="name_taken"):
            actions.add_unit(at_harbour["zheng"], name="维修部")

    def test_refuses_a_parent_of_another_company(self, at_harbour: Cast) -> None:
        with scope.within("quarry"):
            theirs = queries.units(at_harbour["qiu"])[0].id
        with pytest.raises(NotFound, match="unit_not_found"):
            actions.add_unit(at_harbour["zheng"], name="一队", parent=theirs)

    def test_is_for_administrators(self, at_harbour: Cast) -> None:
        with pytest.raises(NotAllowed):
            actions.add_unit(at_harbour["chen"], name="一队")


class TestAddPlace:
    def test_adds_inside_another(self, at_harbour: Cast) -> None:
        actor = at_harbour["chen"]
        top = actions.add_place(actor, name="煤场")
        inside = actions.add_place(actor, name="东侧", parent=top)
        assert TreeRow(inside, "东侧", 1, ("煤场", "东侧")) in queries.places(actor)

    def test_refuses(self, at_harbour: Cast) -> None:
        actor = at_harbour["chen"]
        with pytest.raises(Conflict, match="name_taken"):
            actions.add_place(actor, name="散货堆场")
        with pytest.raises(NotFound, match="place_not_found"):
            actions.add_place(actor, name="东侧", parent=999_999)
        with pytest.raises(Invalid, match="text_missing"):
            actions.add_place(actor, name="")

    def test_is_not_for_workers(self, at_harbour: Cast) -> None:
        with pytest.raises(NotAllowed):
            actions.add_place(at_harbour["wen"], name="东侧")


class TestAddEquipment:
    def test_adds_a_machine_whose_code_names_it_alone(self, at_harbour: Cast) -> None:
        place = queries.places(at_harbour["chen"])[0]
        ref = actions.add_equipment(at_harbour["chen"], number="C4", name="4号皮带机", kind="conveyor", place=place.id)
        row = queries.equipment_by_ref(at_harbour["wen"], ref=ref)
        assert (row.number, row.name, row.kind, row.place) == ("C4", "4号皮带机", "conveyor", place.name)
        assert row.code == f"tanghulu:equipment:{ref}"

    def test_refuses(self, at_harbour: Cast) -> None:
        with pytest.raises(Conflict, match="equipment_number_taken"):
            actions.add_equipment(at_harbour["chen"], number="C3", name="x", kind="conveyor")
        with pytest.raises(NotFound, match="place_not_found"):
            actions.add_equipment(at_harbour["chen"], number="C4", name="x", kind="conveyor", place=999_999)

    def test_lets_two_companies_use_one_number(self, cast: Cast) -> None:
        with scope.within("quarry"):
            actions.add_equipment(cast["quentin"], number="C3", name="x", kind="conveyor")

    def test_is_not_for_workers(self, at_harbour: Cast) -> None:
        with pytest.raises(NotAllowed):
            actions.add_equipment(at_harbour["wen"], number="C4", name="x", kind="conveyor")


class TestAddEquipmentAt:
    def test_adds_the_place_where_there_is_none_of_this_name(self, at_harbour: Cast) -> None:
        chen = at_harbour["chen"]
        for number in ("C4", "C5"):
            actions.add_equipment_at(chen, place_name="煤场", number=number, name="皮带机", kind="conveyor")
        assert [row.name for row in queries.places(chen)].count("煤场") == 1

    def test_waits_for_whoever_adds_places_at_the_same_time(self, at_harbour: Cast) -> None:
        with CaptureQueriesContext(connection) as asked:
            actions.add_equipment_at(at_harbour["chen"], place_name="煤场", number="C4", name="x", kind="conveyor")
        told = [one["sql"] for one in asked]
        lock = next(at for at, sql in enumerate(told) if f'FROM "{Tenant._meta.db_table}"' in sql)
        assert lock < next(at for at, sql in enumerate(told) if f'FROM "{Place._meta.db_table}"' in sql)
