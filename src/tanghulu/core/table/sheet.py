"""A table in a file: CSV and XLSX read into rows of texts, rows written as CSV.

Nothing in a file is trusted: how large it is and what it unpacks to is bounded before it is read, and no formula is
ever worked out; of a formula the result that the spreadsheet stored beside it is taken.
"""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from tanghulu.core.errors import Invalid

# One row of a table; its place in the table, counted from 1, is the number that the spreadsheet shows beside it.
Row = tuple[str, ...]

FILE_LIMIT = 5_000_000  # bytes
ROW_LIMIT = 10_000
COLUMN_LIMIT = 50
CELL_LIMIT = 500  # characters; what is longer belongs into no field, and a longer text is refused there
_UNPACKED_LIMIT = 60_000_000  # bytes
_PARTS_LIMIT = 500
_SHEET_END = 1_048_576  # the last row that a spreadsheet can have
_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_SEPARATORS = ",;\t"
_FORMULA = ("=", "+", "-", "@")
_NOTHING: list[str] = []
# What no database keeps or no reader sees; blanks among them are folded before.
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060\ufeff\ud800-\udfff]")
# The library lets these through from files that are damaged, or were made to harm.
_BROKEN = (
    zipfile.BadZipFile, zlib.error, InvalidFileException, ParseError, EOFError, OSError, RuntimeError,
    NotImplementedError, KeyError, ValueError, TypeError, AttributeError, IndexError, OverflowError,
)  # fmt: skip


def read_sheet(data: bytes) -> list[Row]:
    """The rows of the first sheet of an XLSX file, or of CSV, each cell as clean text without blanks around it.

    CSV may be in UTF-8, UTF-16 with its mark, or GB18030, separated by comma, semicolon or tab. Rows that are empty
    stay, so that the numbers are those of the file; empty ones at the end do not. Raises Invalid `sheet_unreadable`,
    `sheet_old_excel`, `sheet_empty`, `sheet_too_large`.
    """
    if len(data) > FILE_LIMIT:
        raise Invalid("sheet_too_large", rows=ROW_LIMIT, columns=COLUMN_LIMIT, megabytes=FILE_LIMIT // 1_000_000)
    if data.startswith(_OLD_EXCEL):
        raise Invalid("sheet_old_excel")
    return bounded(_xlsx(data) if data.startswith(_ZIP) else _csv(data))


def bounded(rows: Iterable[Sequence[str]]) -> list[Row]:
    """The rows with clean cells. Raises Invalid `sheet_empty`, `sheet_too_large`."""
    kept: list[Row] = []
    for number, row in enumerate(rows, 1):
        if not row:
            continue
        cells = [clean(cell) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        if number > ROW_LIMIT or len(cells) > COLUMN_LIMIT:
            raise Invalid("sheet_too_large", rows=ROW_LIMIT, columns=COLUMN_LIMIT, megabytes=FILE_LIMIT // 1_000_000)
        kept += [()] * (number - 1 - len(kept))
        kept.append(tuple(cells))
    if not kept:
        raise Invalid("sheet_empty")
    return kept


def clean(text: str) -> str:
    """The text on one line, without what nobody sees, and without the mark that keeps it from being a formula."""
    line = " ".join(_UNSEEN.sub("", " ".join(text[: 2 * CELL_LIMIT].split())).split())[:CELL_LIMIT]
    return line[1:] if line.startswith("'") and line[1:].startswith(_FORMULA) else line


def written(rows: Iterable[Sequence[str]]) -> bytes:
    """The rows as CSV that spreadsheets open as UTF-8, in which no cell begins a formula."""
    text = io.StringIO()
    csv.writer(text).writerows([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _csv(data: bytes) -> list[list[str]]:
    text = _decoded(data)
    first = text.lstrip().split("\n", 1)[0]
    separator = max(_SEPARATORS, key=first.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise Invalid("sheet_unreadable") from error


def _decoded(data: bytes) -> str:
    utf_16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if utf_16 else ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise Invalid("sheet_unreadable")


def _xlsx(data: bytes) -> list[list[str]]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what the library leaves out, such as styles that it does not know
            return list(_cells(data))
    except _BROKEN as error:
        raise Invalid("sheet_unreadable") from error


def _cells(data: bytes) -> Iterator[list[str]]:
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        # No part can give more bytes than it is listed with, so the list bounds what comes out.
        listed = parts.infolist()
        if len(listed) > _PARTS_LIMIT or sum(part.file_size for part in listed) > _UNPACKED_LIMIT:
            raise Invalid("sheet_too_large", rows=ROW_LIMIT, columns=COLUMN_LIMIT, megabytes=FILE_LIMIT // 1_000_000)
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    sheet = book.worksheets[0]
    sheet.reset_dimensions()  # what the file says about its own size is not believed
    for row in sheet.iter_rows(max_row=_SHEET_END, max_col=COLUMN_LIMIT + 1, values_only=True):
        # A damaged file may claim a million empty rows, which must cost nothing.
        yield [_text(value) for value in row] if any(value is not None for value in row) else _NOTHING


def _text(value: object) -> str:
    """A cell as somebody would type it: no clock behind a day, no point behind a whole number."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == value.min.time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def blank_book(sheets: Sequence[tuple[str, Sequence[Row], float]], *, typed_rows: int) -> bytes:
    """An XLSX file to fill in: sheets by title with their first rows and how wide their columns are, in characters.

    The first `typed_rows` rows of the first sheet take what is typed as text: a number keeps its leading zeros.
    """
    book = openpyxl.Workbook(write_only=True)
    for index, (title, rows, width) in enumerate(sheets):
        sheet = book.create_sheet(title)
        columns = max(len(row) for row in rows)
        for column in range(1, columns + 1):
            sheet.column_dimensions[get_column_letter(column)].width = width
        for number in range(max(len(rows), 0 if index else typed_rows)):
            cells = rows[number] if number < len(rows) else ("",) * columns
            sheet.append([_typed(sheet, text, strong=number == 0) for text in cells])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _typed(sheet: object, text: str, *, strong: bool) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=text or None)
    cell.number_format = "@"
    cell.font = Font(bold=strong)
    return cell
