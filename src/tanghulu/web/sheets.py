"""Lists that are brought in: the question for a file, and the rows on their way from one page to the next.

Between looking and writing the server keeps nothing: the page carries the rows, which are read and checked anew.
"""

from __future__ import annotations

import json

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy
from pydantic import TypeAdapter, ValidationError

from tanghulu.core.errors import Invalid
from tanghulu.core.table.sheet import COLUMN_LIMIT, FILE_LIMIT, ROW_LIMIT, Row, bounded, read_sheet

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
_CARRIED_LIMIT = 3_000_000  # bytes, below what a form may bring (DATA_UPLOAD_MAX_MEMORY_SIZE)
_CARRIED: TypeAdapter[list[list[str]]] = TypeAdapter(list[list[str]])


class ListForm(forms.Form):
    """A file with a list."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        widget=forms.FileInput({"accept": ".csv,.txt,.xlsx"}),
        help_text=gettext_lazy("XLSX or CSV, up to 5 MB and 10,000 rows. The first row names the columns."),
    )


def rows_in(form: ListForm) -> list[Row]:
    """The rows of the file that was chosen. Raises Invalid as `read_sheet` does."""
    rows = read_sheet(form.cleaned_data["file"].read(FILE_LIMIT + 1))
    if len(carried(rows).encode()) > _CARRIED_LIMIT:
        raise Invalid("sheet_too_large", rows=ROW_LIMIT, columns=COLUMN_LIMIT, megabytes=FILE_LIMIT // 1_000_000)
    return rows


def carried(rows: list[Row]) -> str:
    """The rows as a page carries them."""
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def brought(request: HttpRequest) -> list[Row]:
    """The rows that the page carried; what came back is trusted as little as a file. Raises `request_malformed`."""
    try:
        return bounded(_CARRIED.validate_json(request.POST.get("rows", "")))
    except ValidationError as error:
        raise Invalid("request_malformed") from error


def file(data: bytes, name: str, kind: str) -> HttpResponse:
    """A file to keep."""
    return HttpResponse(data, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
