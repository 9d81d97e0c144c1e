from contextlib import suppress
from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from address_model.elements import Elements, Numbered
from service.core.sheets import Row, RowFault, open_rows, write_errors
from service.imports.headings import FIELDS
from service.imports.rows import ImportRow, SkippedRow, open_reader

CODE = "3301061234567833"


def read(**cells: str) -> ImportRow | SkippedRow | tuple[RowFault, ...]:
    return open_reader(list(cells)).read(Row(2, MappingProxyType(cells)))


def fault_of(**cells: str) -> RowFault:
    faults = read(**cells)
    assert isinstance(faults, tuple)
    (fault,) = faults
    assert fault.hint
    return fault


def test_a_column_of_text_is_the_address() -> None:
    row = read(地址=" 河坊街1号\n", 经度="120.17", 纬度="30.24°", 编号="S1", 示例="示例数据")
    assert row == ImportRow(2, "河坊街1号", (), 120.17, 30.24, "", "S1", is_sample=True)


@pytest.mark.parametrize(
    ("text", "full"),
    [
        ("河坊街1号", "浙江省杭州市上城区河坊街1号"),
        ("上城区河坊街1号", "浙江省杭州市上城区河坊街1号"),
        ("浙江省杭州市上城区河坊街1号", "浙江省杭州市上城区河坊街1号"),
        ("杭州市河坊街1号", "浙江省杭州市上城区河坊街1号"),
    ],
)
def test_divisions_of_other_columns_are_put_before_the_text_once(text: str, full: str) -> None:
    row = read(省="浙江省", 市="杭州市", 区="上城区", 街道="无", 地址=text)
    assert isinstance(row, ImportRow)
    assert row.text == full


@pytest.mark.parametrize(
    ("text", "full"),
    [
        ("浙江省丽水市云和县中山路1号", "浙江省丽水市云和县中山路1号"),
        ("浙江省云和县中山路1号", "浙江省丽水市云和县中山路1号"),
        ("丽水市云和县中山路1号", "丽水市云和县中山路1号"),
        ("云和县中山路1号", "丽水市云和县中山路1号"),
        ("丽水大道1号", "丽水市丽水大道1号"),
    ],
)
def test_a_short_division_and_the_full_one_of_the_text_are_one(text: str, full: str) -> None:
    row = read(prefecture="丽水", 地址=text)
    assert isinstance(row, ImportRow)
    assert row.text == full


def test_a_municipality_is_named_once() -> None:
    row = read(省="北京市", 市="北京市", 区="海淀区", 地址="中关村大街1号")
    assert isinstance(row, ImportRow)
    assert row.text == "北京市海淀区中关村大街1号"


def test_columns_of_elements_make_elements_and_a_level_that_is_absent_stays_empty() -> None:
    row = read(
        省="浙江省", 市="杭州市", 区县="上城区", 乡镇街道="清波街道", 社区="无", 街路巷="河坊 街",
        弄="12弄3支弄", 小区="无", 门牌号="47-1", 幢="3栋", 单元="二单元", 楼层="NULL", 室="201",
    )  # fmt: skip
    assert isinstance(row, ImportRow)
    assert row.text == ""
    (plate,) = row.plates
    assert plate == Elements(
        province="浙江省",
        city="杭州市",
        county="上城区",
        township="清波街道",
        thoroughfare="河坊街",
        lanes=(Numbered("12", "弄"), Numbered("3", "支弄")),
        number=Numbered("47", "号", "", "1"),
        building=Numbered("3", "栋"),
        unit=Numbered("2", "单元"),
        room=Numbered("201", "室"),
    )


def test_elements_stand_in_where_the_text_is_empty() -> None:
    row = read(地址="无", 街路巷="河坊街", 门牌号="1")
    assert isinstance(row, ImportRow)
    assert row.plates == (Elements(thoroughfare="河坊街", number=Numbered("1", "号")),)


def test_every_fault_of_a_row_is_told_under_the_name_of_its_column() -> None:
    faults = read(街路巷="河坊街12号", 门牌号="3、", 经度="abc", 纬度="30", 地址编码="123")
    assert isinstance(faults, tuple)
    assert [fault.field for fault in faults] == ["街路巷", "门牌号", "经度", "地址编码"]
    assert all(fault.row == 2 and fault.reason and fault.hint for fault in faults)


@pytest.mark.parametrize(
    ("lon", "lat", "field", "rule"),
    [
        ("30.24", "120.17", "经度", "point-exchanged"),
        ("120.17", "", "纬度", "point-half"),
        ("", "30", "经度", "point-half"),
        ("0", "0", "经度", "point-zero"),
        ("40512345.6", "3345678.9", "经度", "point-metres"),
        ("120.17", "60", "纬度", "point-abroad"),
        ("10", "30", "经度", "point-abroad"),
        ("nan", "30", "经度", "point-half"),
        ("1e2", "30", "经度", "point-no-number"),
        ("120°10'12\"", "30", "经度", "point-no-number"),
        ("120,17", "30", "经度", "point-no-number"),
        ("१२०", "30", "经度", "point-no-number"),
        ("1_20", "30", "经度", "point-no-number"),
    ],
)
def test_wrong_points_are_refused_with_the_hint(lon: str, lat: str, field: str, rule: str) -> None:
    fault = fault_of(地址="河坊街1号", 经度=lon, 纬度=lat)
    assert fault.field == field
    assert fault.rule == rule


@pytest.mark.parametrize(
    ("lon", "lat"), [("120.17", "30.24"), ("120.17°E", "30.24 N"), ("东经１２０.17度", "北纬30.24")]
)
def test_degrees_are_read_with_their_marks(lon: str, lat: str) -> None:
    row = read(地址="河坊街1号", 经度=lon, 纬度=lat)
    assert isinstance(row, ImportRow)
    assert (row.lon, row.lat) == (120.17, 30.24)


def test_no_point_is_no_fault() -> None:
    row = read(地址="河坊街1号", 经度="", 纬度="无")
    assert isinstance(row, ImportRow)
    assert (row.lon, row.lat) == (None, None)


def test_codes_are_checked() -> None:
    row = read(地址="河坊街1号", 地址编码="3301 0612 3456 7833")
    assert isinstance(row, ImportRow)
    assert row.code == CODE
    assert fault_of(地址="河坊街1号", 地址编码="3301061234567830").rule == "code-wrong"


def test_a_row_without_an_address_is_refused() -> None:
    assert fault_of(地址="无", 经度="120", 纬度="30").rule == "no-address"
    assert fault_of(区县="上城区", 街路巷="", 门牌号="").rule == "no-address"


def test_a_cell_without_end_is_refused() -> None:
    fault = fault_of(地址="长" * 301)
    assert fault.field == "地址"
    assert "300" in fault.reason


def test_a_row_that_could_not_be_read_keeps_its_fault() -> None:
    fault = RowFault(2, "", "ragged", "hint")
    row = Row(2, MappingProxyType({"地址": "x"}), fault)
    assert open_reader(["地址"]).read(row) == (fault,)


def test_a_corrected_errors_file_is_read_like_the_list_it_came_from(tmp_path: Path) -> None:
    path, out = tmp_path / "in.csv", tmp_path / "errors.csv"
    path.write_text("地址,经度,纬度\n+河坊街,30,120\n河坊街2号,120,30\n")
    with open_rows(path) as source, write_errors(out, source.headings) as errors:
        reader = open_reader(source.headings)
        for row in source:
            got = reader.read(row)
            if isinstance(got, tuple):
                errors.add(row, got)
    assert errors.count == 1
    out.write_text(out.read_text("utf-8-sig").replace("30,120", "120,30"), "utf-8-sig")
    with open_rows(out, unprotect=True) as source:
        reader = open_reader(source.headings)
        rows = [reader.read(row) for row in source]
    assert reader.unknown == ()
    assert rows == [ImportRow(2, "+河坊街", (), 120.0, 30.0)]


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(sorted({*FIELDS} - {"text"})), st.text(max_size=40)))
def test_any_cells_are_read_or_refused(cells: dict[str, str]) -> None:
    with suppress(KeyError):
        lacking = {"lon": "lat", "lat": "lon"}
        cells |= {lacking[name]: "" for name in list(cells) if lacking.get(name, name) not in cells}
    got = read(**{"text": "", **cells})
    if isinstance(got, ImportRow):
        assert got.text or got.plates
    elif isinstance(got, tuple):
        assert all(fault.reason and fault.hint for fault in got)
