"""Place names out and in by the field names of the national database."""

import csv
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.shipped import data_folder
from service.core.actor import COMMAND_LINE
from service.core.database import finish
from service.core.sheets import open_rows
from service.divisions.commands import DecisionNotice, load_divisions
from service.divisions.sources import read_divisions
from service.placenames.commands import (
    ImportedNames,
    export_national,
    import_national,
    load_place_names,
    write_new_name,
)
from service.placenames.queries import get_place, get_record, list_all_records
from tests.factories.doors import enter

STREET: dict[str, object] = {
    "id": "ec859ba1bd23efb7b09f6a5b8cf9a99d",
    "place_code": "33010200121800000001",
    "standard_name": "示例巷",
    "roman_alphabet_spelling": "Shìlì Xiàng",
    "place_type": "街路巷",
    "area": "330102",
    "area_name": "上城区",
    "place_meaning": "含义",
    "old_name": "旧巷、老巷",
    "gdm": {"type": "multipoint", "coordinates": [[120.17, 30.24]]},
}


def take(
    session: Session, folder: Path, *rows: Mapping[str, object], plan: str = ""
) -> ImportedNames:
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    file = folder / "in.ndjson"
    file.write_text("\n".join(lines), encoding="utf-8")
    with open_rows(file, unprotect=True) as opened:
        return import_national(session, opened, COMMAND_LINE, plan=plan)


def test_every_place_name_leaves_and_comes_back_without_a_change(
    catalogue: Session, tmp_path: Path
) -> None:
    held = list_all_records(catalogue)
    out = tmp_path / "names.csv"
    assert export_national(catalogue, held, out) == len(held) == 187
    with out.open(encoding="utf-8-sig") as file:
        first = next(csv.DictReader(file))
    assert first["standard_name"] == "海盐县"
    assert first["area_name"] == "海盐县"
    assert first["old_name"].startswith("展武县（14年—")
    assert json.loads(first["gdm"])["type"] == "multipoint"
    with open_rows(out, unprotect=True) as rows:
        report = import_national(catalogue, rows, COMMAND_LINE)
    assert (report.new, report.changed, report.refused) == ([], [], [])
    assert list_all_records(catalogue) == held


def test_a_row_of_the_national_database_becomes_a_place_name(
    catalogue: Session, tmp_path: Path
) -> None:
    assert take(catalogue, tmp_path, STREET).new == ["33010200121800000001"]
    made = get_record(catalogue, "33010200121800000001")
    assert (made.kind, made.division, made.meaning) == ("street", "330102000000", "含义")
    assert (made.pinyin, made.specific, made.generic) == ("Shìlì Xiàng", "示例", "巷")
    assert made.geometry == "POINT(120.17 30.24)"
    assert [form.text for form in made.forms] == ["旧巷", "老巷"]


def test_a_new_standard_name_makes_the_old_one_a_former_name_and_loses_nothing(
    catalogue: Session, tmp_path: Path
) -> None:
    before = get_record(catalogue, "ZJH-0087")
    row = {"id": "ZJH-0087", "standard_name": "新河坊街", "area": "330102", "gdm": "null"}
    assert take(catalogue, tmp_path, row, plan="杭民〔2026〕1号").changed == ["ZJH-0087"]
    after = get_record(catalogue, "ZJH-0087")
    assert after.standard_name == "新河坊街"
    assert after.forms[: len(before.forms)] == before.forms
    assert after.forms[-1].text == "河坊街"
    assert (after.geometry, after.precision) == (before.geometry, before.precision)


def test_a_township_is_matched_by_its_name_as_the_two_code_systems_differ(
    catalogue: Session, tmp_path: Path
) -> None:
    mca = data_folder() / "divisions" / "zj_mca_2026_to_town.csv.gz"
    load_divisions(catalogue, read_divisions(mca), "mca", "2026-09")
    row = STREET | {"area": "330603006", "area_name": "柯桥区"}
    assert take(catalogue, tmp_path, row).refused == []
    assert get_record(catalogue, "33010200121800000001").division == "330603007000"


def test_what_cannot_be_stored_is_refused_by_row_with_its_reason(
    catalogue: Session, tmp_path: Path
) -> None:
    report = take(
        catalogue,
        tmp_path,
        STREET | {"area_name": "西湖区"},
        STREET | {"area": "999999"},
        STREET | {"id": "", "place_code": "1"},
        STREET | {"standard_name": ""},
        STREET | {"gdm": {"type": "multipoint", "coordinates": [[30.24, 120.17]]}},
    )
    assert (report.new, report.changed) == ([], [])
    assert [row for row, _ in report.refused] == [1, 2, 3, 4, 5]
    assert "上城区" in report.refused[0][1]
    assert "China" in report.refused[4][1]


def test_row_8_a_listed_street_is_not_renamed_without_a_plan_and_the_attempt_is_logged(
    catalogue: Session, tmp_path: Path
) -> None:
    row = {"id": "ZJH-0087", "standard_name": "新河坊街", "area": "330102"}
    report = take(catalogue, tmp_path, row)
    assert report.changed == []
    assert "needs a protection plan" in report.refused[0][1]
    assert get_record(catalogue, "ZJH-0087").standard_name == "河坊街"
    finish(catalogue)
    noted = text("select action, subject from audit_entry order by position desc limit 1")
    assert tuple(catalogue.execute(noted).one()) == ("place_names:rename_refused", "ZJH-0087")
    assert take(catalogue, tmp_path, row, plan="杭民〔2026〕1号").changed == ["ZJH-0087"]


def test_a_street_of_addresses_is_not_renamed_by_a_list_and_keeps_its_former_names(
    catalogue: Session, tmp_path: Path
) -> None:
    row = {"standard_name": "示例旧街", "place_type": "街路巷", "area": "330102"}
    number = "33010200121800000009"
    take(catalogue, tmp_path, row | {"place_code": number, "gdm": "null"})
    enter(catalogue, "330102001", county="上城区", thoroughfare="示例旧街")
    wanted = {"id": number, "standard_name": "示例新街", "area": "330102", "gdm": "null"}
    report = take(catalogue, tmp_path, wanted)
    assert report.changed == []
    assert "menpai placenames rename" in report.refused[0][1]
    assert get_record(catalogue, number).standard_name == "示例旧街"
    notice = DecisionNotice("示例政发〔2026〕9号", date(2026, 11, 1))
    write_new_name(catalogue, get_place(catalogue, number), "示例新街", notice, COMMAND_LINE)
    held = get_record(catalogue, number)
    older = replace(held, forms=(), meaning="含义")
    assert load_place_names(catalogue, [older], COMMAND_LINE).changed == [number]
    assert get_record(catalogue, number) == replace(held, meaning="含义")


def test_a_number_that_was_rounded_is_no_identity(session: Session, tmp_path: Path) -> None:
    for cells in ({"id": "3.30102E+19"}, {"id": "", "place_code": "3.30102E+19"}):
        report = take(session, tmp_path, STREET | cells)
        [(_, reason)] = report.refused
        assert "3.30102E+19" in reason
        assert "digits are gone" in reason


def test_a_geometry_of_whatever_shape_is_refused_by_its_row_alone(
    catalogue: Session, tmp_path: Path
) -> None:
    shapes = ["5", "[]", "null", '{"type": "multipoint", "coordinates": 5}', '{"type": []}',
              '{"type": "point", "coordinates": {}}', '{"type": "multipoint"}', "{",
              '{"type": "point", "coordinates": [1' + "0" * 400 + ", 30]}"]  # fmt: skip
    report = take(catalogue, tmp_path, *(STREET | {"gdm": one} for one in shapes))
    assert len(report.refused) == len(shapes) - 1  # null is none
    assert all("gdm" in why or "geometry" in why for _, why in report.refused)
