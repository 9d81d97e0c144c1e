from pathlib import Path
from typing import Any

import pytest

from service.core.sheets import (
    HeadingRows,
    HeadingsUnclear,
    find_heading,
    open_rows,
    preview_sheets,
    read_heading_rows,
)
from service.core.sheets.reader import SheetPreview
from tests.factories.office_lists import FORM, FORM_MERGES, write_book

KNOWN = {"县", "街路巷", "门牌号", "序号", "幢号", "室号"}


def guess(*rows: tuple[str, ...]) -> HeadingRows | None:
    numbered = tuple(enumerate(rows, start=1))
    found = find_heading(SheetPreview("", numbered), KNOWN.__contains__)
    return found.rows if found else None


def test_the_row_with_most_known_headings_is_the_heading() -> None:
    title, heading, row = ("门牌清单",), ("序号", "县", "街路巷"), ("1", "上城区", "竹竿路")
    assert guess(heading, row) == HeadingRows(1, 1)
    assert guess(title, heading, row, row) == HeadingRows(2, 2)
    assert guess(title, row, row) is None


def test_two_lines_are_joined_only_where_that_names_more_columns() -> None:
    upper, lower = ("县", "地址", ""), ("", "街路巷", "门牌号")
    assert guess(upper, lower, ("上城区", "竹竿路", "3号")) == HeadingRows(1, 2)
    assert guess(("清单", "", ""), ("县", "街路巷", "门牌号")) == HeadingRows(2, 2)


def test_a_cell_far_below_that_looks_like_a_heading_is_none() -> None:
    rows = [("县", "街路巷"), *[("上城区", "竹竿路")] * 40, *[("县", "街路巷", "门牌号")]]
    assert guess(*rows) == HeadingRows(1, 1)


def test_rows_above_the_headings_are_left_out_and_two_lines_are_one(tmp_path: Path) -> None:
    rows: list[list[Any]] = [[1, "上城区", "清波街道", None, "竹竿路", "3号", None, None, None]]
    path = write_book(tmp_path / "a.xlsx", {"台账": [*FORM, *rows]}, merges=FORM_MERGES)
    with open_rows(path, heading=HeadingRows(3, 4)) as source:
        divisions = ("县（市、区）", "镇（街道）", "村（社区）")
        local = ("街路巷（小区）名称", "门牌号", "幢号", "室号")
        assert source.headings == ("序号", *divisions, *local, "备注")
        (row,) = source
    assert (row.number, row.values["门牌号"], row.values["备注"]) == (5, "3号", "")
    assert row.fault is None
    with pytest.raises(HeadingsUnclear) as caught:
        open_rows(path, heading=HeadingRows(90, 90))
    assert "90" in caught.value.detail


def test_every_visible_sheet_is_looked_at(tmp_path: Path) -> None:
    path = write_book(
        tmp_path / "a.xlsx", {"封面": [["普查"]], "空": [], "数据": [["县"], ["上城区"]]}
    )
    assert [one.name for one in preview_sheets(path)] == ["封面", "空", "数据"]
    assert preview_sheets(path, sheet="数据")[0].rows == ((1, ("县",)), (2, ("上城区",)))


def test_what_is_merged_over_rows_stands_in_each(tmp_path: Path) -> None:
    heading: list[Any] = ["县", "街路巷", "门牌号"]
    rows = [heading, ["上城区", "竹竿路", 1], [None, None, 3], [None, None, 5]]
    path = write_book(tmp_path / "a.xlsx", {"数据": rows}, merges=["A2:A4", "B2:B3"])
    with open_rows(path) as source:
        assert [tuple(row.values.values()) for row in source] == [
            ("上城区", "竹竿路", "1"), ("上城区", "竹竿路", "3"), ("上城区", "", "5"),
        ]  # fmt: skip


def test_a_first_line_that_names_the_separator_is_no_row(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("\ufeffsep=;\n县;街路巷\n上城区;竹竿,路\n", "utf-8")
    with open_rows(path) as source:
        (row,) = source
    assert (row.number, dict(row.values)) == (2, {"县": "上城区", "街路巷": "竹竿,路"})


@pytest.mark.parametrize(("text", "rows"), [("3", (3, 3)), (" 3-4 ", (3, 4)), ("12–13", (12, 13))])
def test_heading_rows_are_read_as_people_write_them(text: str, rows: tuple[int, int]) -> None:
    assert read_heading_rows(text) == rows


@pytest.mark.parametrize("text", ["", "0", "三", "4-3", "3-90", "A3"])
def test_anything_else_is_refused_with_the_hint(text: str) -> None:
    with pytest.raises(HeadingsUnclear) as caught:
        read_heading_rows(text)
    assert "3-4" in caught.value.hint
