import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime

import openpyxl
import pytest

from tanghulu.core.errors import Invalid
from tanghulu.core.table.sheet import COLUMN_LIMIT, FILE_LIMIT, ROW_LIMIT, blank_book, read_sheet, written

LIST = [("工号", "姓名"), ("0231", "王维")]


def book(*rows: tuple[object, ...]) -> bytes:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def with_part(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The same file with another text in one of its parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, change(old.read(part)) if part == name else old.read(part))
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


class TestReadSheet:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
    @pytest.mark.parametrize("separator", [",", ";", "\t"])
    def test_reads_csv_as_offices_write_it(self, encoding: str, separator: str) -> None:
        text = "\r\n".join(separator.join(row) for row in LIST)
        assert read_sheet(text.encode(encoding)) == LIST

    def test_reads_xlsx_with_days_and_whole_numbers_as_they_are_typed(self) -> None:
        data = book(
            ("a", "b", "c", "d"),
            (231, 231.0, datetime.fromisoformat("2027-03-31"), date(2027, 4, 1)),
            ("0231", 1.5, True),
        )
        assert read_sheet(data)[1:] == [("231", "231", "2027-03-31", "2027-04-01"), ("0231", "1.5", "True")]

    def test_keeps_the_numbers_of_the_rows(self) -> None:
        assert read_sheet(b"a,b\n\n1,2\n,\n\n") == [("a", "b"), (), ("1", "2")]
        assert read_sheet(book(("a",), (), ("1",))) == [("a",), (), ("1",)]

    def test_works_out_no_formula(self) -> None:
        assert read_sheet(book(("a", "b"), ("=1+1", "x")))[1] == ("", "x")

    def test_takes_out_what_nobody_sees(self) -> None:
        assert read_sheet("a,b\n\u202e1\u200b\x07, 王\u3000 维 \n".encode()) == [("a", "b"), ("1", "王 维")]

    @pytest.mark.parametrize(
        ("data", "code"),
        [
            (b" \n , \n", "sheet_empty"),
            (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "sheet_old_excel"),
            (b"a,b\n1,\0\n", "sheet_unreadable"),
            (b"\x81\x20\xff\xff", "sheet_unreadable"),
            (b"PK\x03\x04 and nothing else", "sheet_unreadable"),
            (b"a\n" + b"1\n" * ROW_LIMIT, "sheet_too_large"),
            (b"1," * COLUMN_LIMIT + b"1", "sheet_too_large"),
            (b"x" * (FILE_LIMIT + 1), "sheet_too_large"),
        ],
    )
    def test_refuses(self, data: bytes, code: str) -> None:
        with pytest.raises(Invalid) as refused:
            read_sheet(data)
        assert refused.value.code == code

    def test_refuses_what_unpacks_to_too_much(self) -> None:
        data = with_part(book(("a",)), SHEET, lambda text: text + b" " * 61_000_000)
        assert len(data) < FILE_LIMIT
        with pytest.raises(Invalid, match="sheet_too_large"):
            read_sheet(data)

    def test_leaves_a_row_that_no_spreadsheet_can_have(self) -> None:
        data = with_part(book(("a",), ("b",)), SHEET, lambda text: text.replace(b'r="2"', b'r="99999999999"'))
        assert read_sheet(data) == [("a",)]

    def test_bears_every_file_of_the_material(self, material) -> None:  # type: ignore[no-untyped-def]
        read = refused = 0
        for path in sorted((material / "material" / "tables").glob("*.*")) + sorted(
            (material / "material" / "hostile").glob("*.*")
        ):
            try:
                read += bool(read_sheet(path.read_bytes()))
            except Invalid:
                refused += 1
        assert read > 20
        assert refused > 5


class TestWritten:
    def test_can_be_read_again(self) -> None:
        rows = [("a", "b"), ('with "quotes", and a comma', "=1+1"), ("@x", "-5")]
        assert read_sheet(written(rows)) == rows

    def test_begins_no_formula(self) -> None:
        assert written([("=1+1", "+86 1", "-x", "@x")]).decode("utf-8-sig") == "'=1+1,'+86 1,'-x,'@x\r\n"


class TestBlankBook:
    def test_keeps_what_is_typed_as_text(self) -> None:
        book = openpyxl.load_workbook(io.BytesIO(blank_book([("People", [("a", "b")], 12)], typed_rows=3)))
        cell = book["People"]["A3"]
        assert (cell.value, cell.number_format) == (None, "@")
        assert read_sheet(blank_book([("People", [("a", "b")], 12)], typed_rows=3)) == [("a", "b")]
