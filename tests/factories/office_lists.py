"""Lists in the layouts that offices use, with invented contents."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl

Cell = str | int | float | None
Sheets = Mapping[str, Sequence[Sequence[Cell]]]

_UPPER: list[Cell] = ["序号", "行政区划", None, None, "地址", None, None, None, "备注"]
_LOWER: list[Cell] = [None, "县（市、区）", "镇（街道）", "村（社区）", "街路巷（小区）名称"]
_LOWER += ["门牌号", "幢号", "室号", None]
FORM: list[list[Cell]] = [
    ["上城区清波街道 2026 年门楼牌制作需求登记表"],
    ["填报单位：清波街道办事处        填报日期：2026年11月2日"],
    _UPPER,
    _LOWER,
]
"""A title, who filled it in, and headings of two lines."""

FORM_MERGES = ("A1:I1", "A2:I2", "B3:D3", "E3:H3", "A3:A4", "I3:I4")
FOOT: list[list[Cell]] = [
    ["合计", None, None, None, "共3条"],
    ["审核人：                 （盖章）"],
]


def form_row(number: int, street: Cell, door: Cell, *inside: Cell, remark: str = "") -> list[Cell]:
    """A row of the form: street or estate, number, then building and room."""
    building, room = (*inside, None, None)[:2]
    return [number, "上城区", "清波街道", None, street, door, building, room, remark or None]


def write_book(path: Path, sheets: Sheets, *, merges: Sequence[str] = ()) -> Path:
    """A workbook of sheets; ``merges`` are ranges of its last sheet."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    for one in merges:
        sheet.merge_cells(one)
    book.save(path)
    return path


def write_form(path: Path, rows: Sequence[Sequence[Cell]]) -> Path:
    """The form with these rows, a total and a signature below."""
    sheets = {"台账": [*FORM, *rows, *FOOT]}
    return write_book(path, sheets, merges=FORM_MERGES)
