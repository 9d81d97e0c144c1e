"""Lists in the layouts that offices use: each row is read correctly or refused by a rule."""

from pathlib import Path
from typing import Any

import pytest

from service.core.database import Database
from service.core.sheets import HeadingRows
from service.imports.headings import ColumnUnknown
from service.imports.list_file import open_list
from tests.factories.lists import counts, rules, take_file, take_in, texts
from tests.factories.office_lists import FORM, form_row, write_book, write_form

BASE = "浙江省杭州市上城区清波街道"


def local(database: Database) -> list[str]:
    """The texts of the register without their divisions."""
    return [text.removeprefix(BASE) for text in texts(database)]


def test_a_form_with_title_two_lines_total_and_signature(
    database: Database, tmp_path: Path
) -> None:
    rows = [
        form_row(1, "竹竿路", "2号"),
        form_row(2, "竹竿路", "１０－１号"),
        form_row(3, "竹竿路", "一百零三号"),
        form_row(4, "上城区清波街道竹竿路", "45号"),
        form_row(5, "竹竿路", "3、5、7号"),
        form_row(6, "竹竿路", "18号之1"),
        form_row(7, "青竹佳苑", "竹竿路66号", 1, 101),
        form_row(8, None, "88号", remark="路名待定"),
        form_row(9, "竹竿路", "附2号"),
        form_row(10, "竹竿路", None, remark="没有号"),
    ]
    file = write_form(tmp_path / "form.xlsx", rows)
    with open_list(file) as opened:
        assert opened.taken == "取自工作表「台账」，标题在第 4 行"
    report = take_file(database, file)
    assert local(database) == sorted(
        [
            *("竹竿路2号", "竹竿路10-1号", "竹竿路103号", "竹竿路45号", "竹竿路3号", "竹竿路5号"),
            *("竹竿路7号", "竹竿路18号之一", "竹竿路66号青竹佳苑1幢101室"),
        ]
    )
    assert rules(tmp_path) == {
        "12": "name-pending",
        "13": "annex-without-number",
        "14": "no-plate",
    }
    assert report.skipped == {"合计行": [15], "签名行": [16]}
    again = take_file(database, file)
    assert counts(again) == (0, 0, report.new + report.same, 0, 3)


def test_a_cover_and_an_empty_sheet_before_the_list(database: Database, tmp_path: Path) -> None:
    rows = [["编号", "详细地址", "采集单位"], [" 0001", f"{BASE}竹竿路1号", "采集队"]]
    sheets = {"封面": [["普查成果"], ["2026年11月"]], "空": [], "数据": rows}
    file = write_book(tmp_path / "book.xlsx", sheets)
    with open_list(file) as opened:
        assert (opened.sheet, opened.reader.unknown) == ("数据", ("采集单位",))
    assert counts(take_file(database, file)) == (1, 0, 0, 0, 0)


def test_two_sheets_that_look_like_lists_are_asked_about(tmp_path: Path) -> None:
    rows = [["县", "街路巷", "门牌号"], ["上城区", "竹竿路", "1号"]]
    file = write_book(tmp_path / "book.xlsx", {"一月": rows, "二月": rows})
    with pytest.raises(ColumnUnknown) as caught, open_list(file):
        pass
    assert "一月" in caught.value.detail
    assert "--sheet" in caught.value.hint
    with open_list(file, sheet="二月") as opened:
        assert opened.taken == "取自工作表「二月」，标题在第 1 行"


def test_a_sheet_without_headings_names_the_options(tmp_path: Path) -> None:
    file = write_book(tmp_path / "book.xlsx", {"甲": [["填表说明"]], "乙": [["说明二"], ["三"]]})
    with pytest.raises(ColumnUnknown) as caught, open_list(file):
        pass
    assert "--header-row" in caught.value.hint
    assert "甲、乙" in caught.value.hint
    assert "=text" in caught.value.hint


def test_headings_repeated_on_every_page_are_skipped(database: Database, tmp_path: Path) -> None:
    content = f"地址,经度,纬度\n{BASE}竹竿路1号,,\n地址,经度,纬度\n{BASE}竹竿路3号,,\n"
    report = take_in(database, tmp_path, content)
    assert (report.new, report.skipped) == (2, {"重复的标题行": [3]})


def test_cells_merged_over_rows_are_filled(database: Database, tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["县", "街道", "街路巷", "门牌号"],
        ["上城区", "清波街道", "竹竿路", 1],
        [None, None, None, 3],
    ]
    file = write_book(tmp_path / "a.xlsx", {"表": rows}, merges=["A2:A3", "B2:B3", "C2:C3"])
    take_file(database, file)
    assert local(database) == ["竹竿路1号", "竹竿路3号"]


ROOMS = ["小区", "所在道路", "楼幢", "单元", "楼层", "房号"]


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ((2, 1, 3, 301), ["竹影路青竹四区2幢1单元3层301室"]),
        ((2, 1, 3, 301.0), ["竹影路青竹四区2幢1单元3层301室"]),
        (("3#", "二单元", 6, "601"), ["竹影路青竹四区3号楼2单元6层601室"]),
        (
            (7, 1, 1, "101、102"),
            ["竹影路青竹四区7幢1单元1层101室", "竹影路青竹四区7幢1单元1层102室"],
        ),
        (("1、3幢", None, None, None), ["竹影路青竹四区1幢", "竹影路青竹四区3幢"]),
        ((2, 1, "顶层", 601), "unclear-number"),
        ((8, 1, 0, 101), "unclear-number"),
        ((8, 1, 1, "储藏室"), "unclear-number"),
        (("5-6", 1, 1, 101), "connected-range"),
        (("1-10幢", None, None, None), "connected-range"),
        (("1、3幢", None, None, 101), "several-above"),
        ((None, "1单元", 1, 102), "unit-without-building"),
        ((2, 1, 1, "2026-01-02"), "date-cell"),
    ],
)
def test_rooms_of_an_estate(
    database: Database, tmp_path: Path, cells: tuple[object, ...], found: list[str] | str
) -> None:
    rows = [ROOMS, ["青竹四区", "竹影路", *cells]]
    file = write_book(tmp_path / "rooms.xlsx", {"Sheet": rows})  # type: ignore[dict-item]
    take_file(database, file, division="330102001")
    if isinstance(found, str):
        assert list(rules(tmp_path).values())[:1] == [found]
    else:
        assert local(database) == found


def test_columns_of_another_system(database: Database, tmp_path: Path) -> None:
    heading = "province,city,county,town,grid,residential_quarters,building,unit,room_floor,room\n"
    row = "浙江省,杭州市,上城区,清波街道,第一网格,{},{},无,3层,301室\n"
    names = ("青竹苑-北苑", "滨河•青竹")
    report = take_in(
        database, tmp_path, heading + "".join(row.format(name, "2幢") for name in names)
    )
    assert local(database) == sorted(f"{name}2幢3层301室" for name in names)
    assert any("网格" in line for line in report.left_out)


def test_two_towns_in_the_street_cell_are_two_streets(database: Database, tmp_path: Path) -> None:
    content = (
        "市,县,街路巷,门牌号\n宁波市,余姚市,余姚市泗门镇竹竿路,1\n宁波市,余姚市,临山镇竹竿路,1\n"
    )
    assert counts(take_in(database, tmp_path, content)) == (2, 0, 0, 0, 0)
    assert texts(database) == [
        "浙江省宁波市余姚市临山镇竹竿路1号",
        "浙江省宁波市余姚市泗门镇竹竿路1号",
    ]


@pytest.mark.parametrize(
    ("street", "rule"),
    [("望江街道竹竿路", "divisions-disagree"), ("西湖区竹竿路", "divisions-disagree")],
)
def test_a_street_cell_with_other_divisions_is_refused(
    database: Database, tmp_path: Path, street: str, rule: str
) -> None:
    take_in(database, tmp_path, f"县,街道,街路巷,门牌号\n上城区,清波街道,{street},1\n")
    assert list(rules(tmp_path).values()) == [rule]


def test_a_division_of_another_county_is_told_where_it_lies(
    database: Database, tmp_path: Path
) -> None:
    take_in(database, tmp_path, "县,街道,街路巷,门牌号\n西湖区,清波街道,竹竿路,1\n")
    assert rules(tmp_path) == {"2": "division-unknown"}
    assert "上城区" in (tmp_path / "errors.csv").read_text("utf-8-sig")


def test_an_unknown_community_is_kept_and_said(database: Database, tmp_path: Path) -> None:
    report = take_in(
        database, tmp_path, "县,街道,社区,街路巷,门牌号\n上城区,清波街道,青竹社区,竹竿路,1\n"
    )
    assert report.new == 1
    (note,) = report.taken
    assert "青竹社区" in note


def test_the_column_of_samples_is_obeyed(database: Database, tmp_path: Path) -> None:
    take_in(database, tmp_path, f"地址,示例\n{BASE}竹竿路1号,示例数据\n{BASE}竹竿路3号,\n")
    with database.reading() as session:
        marked = session.connection().exec_driver_sql(
            "select right(standard_text, 2), is_sample from address order by 1"
        )
        assert [tuple(row) for row in marked] == [("1号", True), ("3号", False)]


def test_a_running_number_tells_no_address(database: Database, tmp_path: Path) -> None:
    take_in(database, tmp_path, f"序号,地址\n1,{BASE}竹竿路1号\n")
    report = take_in(database, tmp_path, f"序号,地址\n1,{BASE}竹竿路3号\n")
    assert counts(report) == (1, 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("headings", "cells", "column"),
    [
        ("县,路段名目,门牌号", "上城区,竹竿路,1号", "路段名目"),
        ("县,住所,室号", "上城区,青竹花园,101", "住所"),
    ],
)
def test_a_column_that_an_address_needs_is_not_lost(
    tmp_path: Path, headings: str, cells: str, column: str
) -> None:
    file = tmp_path / "list.csv"
    file.write_text(f"{headings}\n{cells}\n", "utf-8")
    with pytest.raises(ColumnUnknown) as caught, open_list(file):
        pass
    assert column in caught.value.detail
    assert f"--map {column}=ignore" in caught.value.hint
    with open_list(file, overrides=[f"{column}=thoroughfare"]) as opened:
        assert opened.reader.unknown == ()


def test_a_list_stays_within_the_declared_division(database: Database, tmp_path: Path) -> None:
    content = "地址\n竹竿路1号\n上城区清波街道竹竿路3号\n西湖区竹影路5号\n"
    report = take_in(database, tmp_path, content, division="上城区")
    assert report.new == 2
    assert rules(tmp_path) == {"4": "outside-division"}


def test_the_form_can_be_given_by_row(tmp_path: Path) -> None:
    file = write_book(tmp_path / "form.xlsx", {"台账": [*FORM, form_row(1, "竹竿路", "2号")]})
    with open_list(file) as opened:
        assert opened.taken.endswith("标题在第 3-4 行")
        assert opened.rows.headings[4] == "街路巷（小区）名称"
    with open_list(file, heading=HeadingRows(4, 4)) as opened:
        assert opened.taken.endswith("标题在第 4 行")
