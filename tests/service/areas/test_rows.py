from datetime import date
from pathlib import Path

import pytest

from address_model.coordinates import CoordinateSystem
from service.areas.features import Feature, Features
from service.areas.files import Refusals, read_duties, read_handovers
from service.areas.headings import AREA_FIELDS, DUTY_FIELDS, HeadingsMissing, map_columns
from service.areas.rows import ListedDuty, ListedHandover, read_area_features
from service.core.sheets import Row, open_rows
from tests.factories.areas import box

DUTY = "责任区,角色,姓名,办公电话,是否公开,起始日期,截止日期,最近核对,代班,单位"
GOOD = "G1,网格员,演示甲,（0571）8765 4321,是,2026-01-01,2026年12月31日,2026/11/1,,示例街道"


def duties(tmp_path: Path, *rows: str) -> tuple[list[ListedDuty], Refusals]:
    file = tmp_path / "duties.csv"
    file.write_text("\n".join((DUTY, *rows)) + "\n", "utf-8")
    with open_rows(file) as source:
        return read_duties(source)


def features(*rows: dict[str, str]) -> Features:
    headings = tuple(dict.fromkeys(name for row in rows for name in row))
    listed = [
        Feature(Row(number, {name: row.get(name, "") for name in headings}), box(0, 0, 1, 1))
        for number, row in enumerate(rows, start=1)
    ]
    return Features(headings, listed, CoordinateSystem.CGCS2000)


def test_a_duty_is_read_with_chinese_headings_words_days_and_telephone(tmp_path: Path) -> None:
    [duty], refusals = duties(tmp_path, GOOD)
    assert refusals.faults == {}
    assert (duty.area, duty.role, duty.display_name) == ("G1", "grid_worker", "演示甲")
    assert (duty.phone, duty.publish, duty.organisation) == ("0571-87654321", True, "示例街道")
    assert (duty.valid_from, duty.valid_to) == (date(2026, 1, 1), date(2026, 12, 31))
    assert duty.confirmed_at == date(2026, 11, 1)
    assert duty.is_sample


@pytest.mark.parametrize(
    ("row", "column", "hint"),
    [
        (",网格员,甲,0571-87654321,是,2026-01-01,,,,", "责任区", "fill in 责任区"),
        ("G1,大队长,甲,0571-87654321,是,2026-01-01,,,,", "角色", "社区民警"),
        ("G1,网格员,甲13805710000,0571-87654321,是,2026-01-01,,,,", "姓名", "name only"),
        ("G1,网格员,甲,87654321,是,2026-01-01,,,,", "办公电话", "0571-87654321"),
        ("G1,网格员,甲,110,是,2026-01-01,,,,", "办公电话", "office's number"),
        ("G1,网格员,甲,0571-87654321,也许,2026-01-01,,,,", "是否公开", "是 or 否"),
        ("G1,网格员,甲,0571-87654321,是,2026-02-30,,,,", "起始日期", "2026-12-01"),
        ("G1,网格员,甲,0571-87654321,是,,,,,", "起始日期", "fill in"),
        ("G1,网格员,甲,0571-87654321,是,2026-02-01,2026-01-01,,,", "截止日期", "two days"),
        ("G1,网格员,甲,0571-87654321,是,2026-01-01,,,演示乙,", "截止日期", "until when"),
        ("G1,网格员,甲,,是,2026-01-01,,,,", "办公电话", "office's number"),
    ],
)
def test_a_duty_that_cannot_be_taken_names_row_column_and_hint(
    row: str, column: str, hint: str, tmp_path: Path
) -> None:
    listed, refusals = duties(tmp_path, GOOD, row)
    assert len(listed) == 1
    [(refused, faults)] = refusals.listed()
    assert refused.number == 3  # as the officer's program numbers them, headings first
    assert [fault.field for fault in faults] == [column]
    assert hint in faults[0].hint


def test_all_faults_of_a_row_are_reported_together(tmp_path: Path) -> None:
    _, refusals = duties(tmp_path, "G1,大队长,甲,87654321,是,gestern,,,,")
    [(_, faults)] = refusals.listed()
    assert {fault.field for fault in faults} == {"角色", "办公电话", "起始日期"}


def test_a_sheet_without_a_needed_column_says_how_to_name_it() -> None:
    with pytest.raises(HeadingsMissing, match="no column holds role") as caught:
        map_columns(["网格", "姓名"], DUTY_FIELDS, ("area", "role"))
    assert "角色" in caught.value.hint
    assert "网格, 姓名" in str(caught.value)


def test_a_handover_is_read_and_its_faults_named(tmp_path: Path) -> None:
    file = tmp_path / "handover.csv"
    file.write_text(
        "网格,角色,接任人,办公电话,交接日期,原任\n"
        "G1,网格员,演示丙,0571-87654322,2026-12-01,演示甲\n"
        "G1,网格员,演示丙,0571-87654322,soon,\n",
        "utf-8",
    )
    with open_rows(file) as source:
        listed, refusals = read_handovers(source)
    assert listed == [
        ListedHandover(2, "G1", "grid_worker", "演示丙", date(2026, 12, 1), "", "",
                       "0571-87654322", "演示甲")
    ]  # fmt: skip
    [(row, [fault])] = refusals.listed()
    assert (row.number, fault.field) == (3, "交接日期")


def test_areas_take_their_kind_from_the_file_or_from_the_officer() -> None:
    rows = features({"名称": "清波门社区", "类型": "社区"}, {"名称": "网格 1"})
    listed, faults = read_area_features(rows, kind="grid")
    assert [(area.kind, area.code) for area in listed] == [
        ("community", "清波门社区"),
        ("grid", "网格 1"),
    ]
    assert faults == []


def test_an_area_without_kind_or_name_or_twice_in_the_file_refuses_its_row_only() -> None:
    rows = features(
        {"kind": "grid", "code": "G1", "name": "1"},
        {"kind": "grid", "code": "G1", "name": "2"},
        {"code": "G3", "name": "3"},
        {"kind": "grid", "code": "G4", "name": ""},
        {"kind": "网 格", "code": "G5", "name": "5"},
    )
    listed, faults = read_area_features(rows)
    assert [area.row for area in listed] == [1]
    assert [(fault.row, fault.field) for fault in faults] == [
        (2, "code"),
        (3, "kind"),
        (4, "name"),
        (5, "kind"),
    ]
    assert "is already in feature 1" in faults[0].reason
    assert all(fault.hint for fault in faults)


@pytest.mark.parametrize(
    ("written", "code"),
    [("330106002777.0", "330106002777"), ("3.30106002778e11", "330106002778"), ("7.0", "7")],
)
def test_codes_and_names_that_became_decimals_are_whole_again(written: str, code: str) -> None:
    row = {"kind": "网格", "code": written, "name": "12.0", "parent": "5.00", "division": "33.0"}
    [area], faults = read_area_features(features(row))
    assert faults == []
    assert (area.code, area.name, area.parent, area.division) == (code, "12", "5", "33")


def test_one_code_in_two_spellings_is_one_area() -> None:
    rows = [{"kind": "网格", "code": code, "name": code} for code in ("15", "15.0", "1.5e1", "16")]
    areas, faults = read_area_features(features(*rows))
    assert [area.code for area in areas] == ["15", "16"]
    assert [(fault.row, fault.field) for fault in faults] == [(2, "code"), (3, "code")]
    assert all("is already in feature 1" in fault.reason for fault in faults)


@pytest.mark.parametrize("field", ["code", "name", "parent", "division"])
def test_a_number_that_lost_its_last_digits_is_refused_with_its_hint(field: str) -> None:
    row = {"kind": "网格", "code": "G1", "name": "示例网格"} | {field: "3.30106E+11"}
    areas, [fault] = read_area_features(features(row))
    assert (areas, fault.field) == ([], field)
    assert "3.30106E+11" in fault.reason
    assert "as text" in fault.hint


def test_duties_find_their_areas_by_codes_that_became_decimals(tmp_path: Path) -> None:
    row = GOOD.replace("G1,", "330106002777.0,").replace("（0571）8765 4321", "57187654321.0")
    [duty], refusals = duties(tmp_path, row.replace("57187654321", "057187654321"))
    assert (duty.area, duty.phone, refusals.faults) == ("330106002777", "0571-87654321", {})
    [], refusals = duties(tmp_path, GOOD.replace("G1,", "3.30106E+11,"))
    assert [fault.field for fault in refusals.faults[2]] == ["责任区"]


@pytest.mark.parametrize(
    "form",
    [
        "*{}",
        "{}*",
        "★{}",
        "{}：",
        "{}（必填）",
        "2、{}",
        "3.{}",
        "【必填】{}",
        " {} ",
        "{}\n（8位）",
    ],
)
def test_headings_may_have_the_marks_of_a_form(form: str) -> None:
    fields = {"code": "网格编码", "name": "网格名称", "parent": "所属社区编码", "kind": "类型"}
    headings = [form.format(heading) for heading in fields.values()]
    assert map_columns(headings, AREA_FIELDS) == dict(zip(fields, headings, strict=True))
