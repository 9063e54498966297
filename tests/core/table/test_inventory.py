import pytest

from tanghulu.core.errors import Invalid
from tanghulu.core.table.inventory import HEADERS, Column, Inventory, read_inventory
from tanghulu.core.table.roster import folded

TOP = ("设备编号", "设备名称", "类别", "地点", "备注")


def read(*rows: tuple[str, ...], top: tuple[str, ...] = TOP) -> Inventory:
    return read_inventory([top, *rows], kinds={"带式输送机": "conveyor"})


def told(inventory: Inventory) -> list[tuple[int, str, str]]:
    return [(one.line, one.column.value, one.refusal.code) for one in inventory.problems]


class TestReadInventory:
    def test_reads_equipment_and_places(self) -> None:
        found = read(("C9", "九号皮带机", "带式输送机", "码头 / 北侧", "x"), (), ("", "", "", "料场"))
        machine, place = found.items
        assert (machine.line, machine.number, machine.kind, machine.place) == (2, "C9", "conveyor", ("码头", "北侧"))
        assert (place.line, place.number, place.place) == (4, "", ("料场",))
        assert found.columns[-1] is None

    def test_keeps_a_kind_of_the_companys_own(self) -> None:
        assert read(("R1", "堆取料机", "堆取料机")).items[0].kind == "堆取料机"

    @pytest.mark.parametrize(
        ("row", "column", "code"),
        [
            (("", "九号", "带式输送机", ""), "number", "import_equipment_number_missing"),
            (("C9", "九" * 101, "", ""), "name", "import_too_long"),
            (("C9", "九号", "", "码头//北侧"), "place", "import_place_malformed"),
            (("C9", "九号", "", "码" * 101), "place", "import_too_long"),
        ],
    )
    def test_holds_a_row_back(self, row: tuple[str, ...], column: str, code: str) -> None:
        found = read(row)
        assert told(found) == [(2, column, code)]
        assert found.items == ()

    def test_holds_a_number_back_the_second_time(self) -> None:
        found = read(("C9", "a"), ("C9", "b"))
        assert told(found) == [(3, "number", "import_equipment_twice")]
        assert [one.name for one in found.items] == ["a"]

    def test_needs_numbers_or_places(self) -> None:
        assert read(("料场",), top=("地点",)).items[0].place == ("料场",)
        with pytest.raises(Invalid, match="import_column_missing"):
            read(("九号",), top=("设备名称",))
        with pytest.raises(Invalid, match="import_column_twice"):
            read(("1", "2"), top=("设备编号", "tag"))

    def test_knows_each_header_once(self) -> None:
        names = [folded(name) for headers in HEADERS.values() for name in headers]
        assert len(names) == len(set(names))
        assert set(HEADERS) == set(Column)
