"""Tables for the spreadsheet programs of the city hall.

A cell that a resident wrote must never be read as a formula: what begins like one gets an
apostrophe in front, as those programs themselves write a text.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import openpyxl
from starlette.responses import Response

Cell = str | int | float | None

#: What begins a formula in Excel or LibreOffice, also after it cut white space away.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def safe(cell: Cell) -> Cell:
    """Give a cell that is no formula."""
    if isinstance(cell, str) and cell.lstrip(" ").startswith(_FORMULA):
        return f"'{cell}"
    return cell


def csv_file(name: str, head: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Response:
    """Give a CSV file; its mark at the beginning lets Excel read Georgian."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return _file(name, "csv", "text/csv; charset=utf-8", out.getvalue().encode("utf-8-sig"))


def xlsx_file(name: str, head: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Response:
    """Give an Excel file."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(name)
    sheet.append(list(head))
    for row in rows:
        sheet.append([_without_controls(safe(cell)) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return _file(name, "xlsx", _XLSX, out.getvalue())


def _without_controls(cell: Cell) -> Cell:
    if not isinstance(cell, str):
        return cell
    return openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.sub("", cell)


def _file(name: str, ending: str, kind: str, content: bytes) -> Response:
    disposition = f'attachment; filename="{name}.{ending}"'
    return Response(content, media_type=kind, headers={"Content-Disposition": disposition})
