from datetime import date

import pytest

from tanghulu.core.access import Role
from tanghulu.core.errors import Invalid
from tanghulu.core.table.roster import HEADERS, Column, Licence, Roster, bad_rows, day_of, folded, read_roster

ROLES = {"worker": "worker", "作业人员": "worker", "safetyofficer": "safety_officer"}
TOP = ("工号", "姓名", "部门", "角色", "登录名", "证书", "证书编号", "有效期至", "电话")


def read(*rows: tuple[str, ...], top: tuple[str, ...] = TOP) -> Roster:
    return read_roster([top, *rows], roles=ROLES, certificates={"电工": "electrical"})


def told(roster: Roster) -> list[tuple[int, str, str]]:
    return [(one.line, one.column.value, one.refusal.code) for one in roster.problems]


class TestReadRoster:
    def test_reads_a_person(self) -> None:
        found = read(
            ("0231", "王维", "操作部 / 甲班", "作业人员、Safety Officer", "wang", "电工", "E-1", "2027年3月31日")
        )
        (one,) = found.people
        assert (one.number, one.name, one.unit) == ("0231", "王维", ("操作部", "甲班"))
        assert one.roles == (Role.SAFETY_OFFICER, Role.WORKER)
        assert one.licences == (Licence("electrical", "E-1", date(2027, 3, 31)),)
        assert found.columns[-1] is None

    def test_counts_rows_as_the_file_does(self) -> None:
        found = read((), ("", "无名"))
        assert told(found) == [(3, "number", "import_number_missing")]

    def test_joins_the_rows_of_a_person(self) -> None:
        first = ("1", "王", "", "", "", "电工", "E-1", "2027-01-01")
        found = read(first, ("1", "", "", "", "", "焊工", "W-1", "2027-02-01"), first)
        assert [(one.lines, len(one.licences)) for one in found.people] == [((2, 3, 4), 2)]

    @pytest.mark.parametrize(
        ("row", "problem"),
        [
            (("1",), ("name", "import_name_missing")),
            (("1" * 41, "王"), ("number", "import_too_long")),
            (("1", "王", "操作部 / "), ("unit", "import_unit_malformed")),
            (("1", "王", "x" * 101), ("unit", "import_too_long")),
            (("1", "王", "", "皇帝"), ("roles", "role_unknown")),
            (("1", "王", "", "", "", "电工", "E-1", "31.3.2027"), ("valid_until", "import_day_malformed")),
            (
                ("1", "王", "", "", "", "电工", "", "2027-03-31"),
                ("certificate_number", "import_certificate_incomplete"),
            ),
        ],
    )
    def test_says_what_is_wrong_and_where(self, row: tuple[str, ...], problem: tuple[str, str]) -> None:
        found = read(row, ("2", "李"))
        assert told(found) == [(2, *problem)]
        assert [one.number for one in found.people] == ["2"]

    def test_leaves_a_person_out_of_whom_one_row_is_bad(self) -> None:
        found = read(("1", "王"), ("1", "王", "", "皇帝"))
        assert found.people == ()
        assert told(found) == [(2, "number", "import_other_row_bad"), (3, "roles", "role_unknown")]

    @pytest.mark.parametrize(
        ("second", "code"),
        [
            (("1", "李"), "import_rows_differ"),
            (("1", "王", "", "", "", "电工", "E-1", "2028-01-01"), "import_certificate_twice"),
        ],
    )
    def test_believes_no_two_rows_that_differ(self, second: tuple[str, ...], code: str) -> None:
        found = read(("1", "王", "", "", "", "电工", "E-1", "2027-01-01"), second)
        assert found.people == ()
        assert code in {one.refusal.code for one in found.problems}

    @pytest.mark.parametrize(
        ("top", "code"),
        [(("姓名",), "import_column_missing"), (("工号", "姓名", "Number"), "import_column_twice")],
    )
    def test_refuses(self, top: tuple[str, ...], code: str) -> None:
        with pytest.raises(Invalid) as refused:
            read(top=top)
        assert refused.value.code == code

    def test_knows_each_header_once(self) -> None:
        known = [folded(header) for headers in HEADERS.values() for header in headers]
        assert len(known) == len(set(known))


class TestDayOf:
    @pytest.mark.parametrize("text", ["2027-03-31", "2027/3/31", "2027.3.31", "2027年3月31日", "2027-03-31 00:00:00"])
    def test_reads(self, text: str) -> None:
        assert day_of(text) == date(2027, 3, 31)

    @pytest.mark.parametrize("text", ["", "3/4/2027", "2027-02-30", "46112", "2027-03"])
    def test_guesses_nothing(self, text: str) -> None:
        assert day_of(text) is None


class TestBadRows:
    def test_gives_the_rows_with_their_reasons_and_those_alone(self) -> None:
        rows = [("工号", "姓名", "需要修改"), ("1", "王"), ("2", "李", "old")]
        told = bad_rows(rows, [(3, "a."), (3, "b.")], header="需要修改")
        assert told == [("工号", "姓名", "需要修改"), ("2", "李", "a. b.")]

    def test_can_be_read_again(self) -> None:
        top = bad_rows([TOP, ("1",)], [(2, "x")], header="What to mend")[0]
        assert read(("1", "王"), top=top).columns[-1] is Column.PROBLEM
