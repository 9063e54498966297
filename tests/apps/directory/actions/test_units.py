import pytest

from tanghulu.apps.directory import actions, queries, units
from tanghulu.apps.tenancy import scope
from tanghulu.core.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.support.cast import Cast


def named(cast: Cast) -> dict[str, int]:
    return {row.name: row.id for row in queries.units(cast["zheng"])}


def theirs(cast: Cast) -> int:
    with scope.within("quarry"):
        return queries.units(cast["qiu"])[0].id


class TestChangeUnit:
    def test_renames_and_moves(self, at_harbour: Cast) -> None:
        ids = named(at_harbour)
        actions.change_unit(at_harbour["zheng"], unit=ids["电气班"], name=" 电气一班 ", parent=ids["安全环保部"])
        assert ("安全环保部", "电气一班") in {row.path for row in queries.units(at_harbour["zheng"])}
        actions.change_unit(at_harbour["zheng"], unit=ids["电气班"], name="电气一班", parent=None)
        assert ("电气一班",) in {row.path for row in queries.units(at_harbour["zheng"])}

    def test_refuses_a_circle_of_any_length(self, at_harbour: Cast) -> None:
        actor, ids = at_harbour["zheng"], named(at_harbour)
        deep = actions.add_unit(actor, name="一组", parent=ids["电气班"])
        for below in (ids["维修部"], ids["电气班"], deep):
            with pytest.raises(Invalid, match="unit_inside_itself"):
                actions.change_unit(actor, unit=ids["维修部"], name="维修部", parent=below)

    def test_refuses_a_name_that_is_there_already(self, at_harbour: Cast) -> None:
        ids = named(at_harbour)
        with pytest.raises(Conflict, match="name_taken"):
            actions.change_unit(at_harbour["zheng"], unit=ids["电气班"], name="维修三班", parent=ids["维修部"])

    def test_knows_nothing_of_another_company(self, at_harbour: Cast) -> None:
        ids, foreign = named(at_harbour), theirs(at_harbour)
        for unit, parent in ((foreign, None), (ids["电气班"], foreign)):
            with pytest.raises(NotFound, match="unit_not_found"):
                actions.change_unit(at_harbour["zheng"], unit=unit, name="x", parent=parent)

    def test_is_for_administrators(self, at_harbour: Cast) -> None:
        with pytest.raises(NotAllowed):
            actions.change_unit(at_harbour["chen"], unit=named(at_harbour)["电气班"], name="x", parent=None)


class TestMoveMembers:
    def test_moves_those_who_are_elsewhere(self, at_harbour: Cast) -> None:
        actor, ids = at_harbour["zheng"], named(at_harbour)
        pair = [at_harbour["wen"].member, at_harbour["li"].member]
        assert actions.move_members(actor, members=pair, unit=ids["电气班"]) == 1
        assert {"王维", "李强"} <= {row.name for row in units.people(actor, unit=ids["电气班"])}
        assert actions.move_members(actor, members=pair, unit=None) == 2
        assert {row.name for row in units.people(actor, unit=None)} == {"王维", "李强"}
        assert units.sizes(actor)[None] == 2

    def test_moves_all_or_nobody(self, at_harbour: Cast) -> None:
        actor, ids = at_harbour["zheng"], named(at_harbour)
        members = [at_harbour["wen"].member, at_harbour["quentin"].member]
        with pytest.raises(NotFound, match="member_not_found"):
            actions.move_members(actor, members=members, unit=ids["电气班"])
        with pytest.raises(NotFound, match="unit_not_found"):
            actions.move_members(actor, members=[at_harbour["wen"].member], unit=theirs(at_harbour))
        assert "王维" in {row.name for row in units.people(actor, unit=ids["维修三班"])}

    def test_is_for_administrators(self, at_harbour: Cast) -> None:
        with pytest.raises(NotAllowed):
            actions.move_members(at_harbour["chen"], members=[], unit=None)
