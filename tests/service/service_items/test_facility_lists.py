from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from address_model.facility_kinds import FacilityKind
from address_model.shipped import data_folder
from service.areas.headings import HeadingsMissing
from service.core.actor import COMMAND_LINE as ME
from service.core.database import finish
from service.core.sheets import open_rows
from service.service_items.commands import load_facilities
from service.service_items.facility_rows import FacilityList, read_facilities
from service.service_items.queries import FacilityFilter, list_facilities
from tests.factories.addresses import enter_at

TODAY = date(2026, 12, 1)


def read(
    folder: Path, *lines: str, head: str = "类别,名称,地址,开放时间,电话,备注"
) -> FacilityList:
    file = folder / "list.csv"
    file.write_text("\n".join([head, *lines]), encoding="utf-8")
    with open_rows(file) as rows:
        return read_facilities(rows)


def test_a_list_is_stored_at_the_addresses_it_names_and_only_once(
    session: Session, tmp_path: Path
) -> None:
    codes = enter_at(session, [(16.5, 24), (16.6, 24)])
    listed = read(
        tmp_path,
        "公厕,演示公厕,浙江省杭州市上城区清波街道河坊街1号,全天,,",
        f"aed,演示AED,{codes[1]},全天,0571 87654321,大厅",
        "公厕,演示公厕,河坊街9999号,,,",
    )
    assert listed.faults == ()
    report = load_facilities(session, listed.listed, ME, TODAY)
    finish(session)
    assert (report.new, report.same, [one.row for one in report.faults]) == (2, 0, [4])
    rows = {row.kind: row for row in list_facilities(session, FacilityFilter(), TODAY)}
    assert rows[FacilityKind.TOILET].code == codes[0]
    assert rows[FacilityKind.AED].code == codes[1]
    assert rows[FacilityKind.AED].phone == "0571-87654321"
    again = load_facilities(session, listed.listed, ME, TODAY)
    assert (again.new, again.same, len(again.faults)) == (0, 2, 1)


def test_addresses_outside_the_divisions_are_refused(session: Session, tmp_path: Path) -> None:
    (code,) = enter_at(session, [(16.5, 24)])
    listed = read(tmp_path, f"AED,演示AED,{code},,,")
    report = load_facilities(session, listed.listed, ME, TODAY, scopes=("330106",))
    assert report.new == 0
    assert "outside" in report.faults[0].reason


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("游泳池,演示,河坊街1号,,,", "类别"),
        (",演示,河坊街1号,,,", "类别"),
        ("AED,,河坊街1号,,,", "名称"),
        ("AED,演示,,,,", "地址"),
        ("AED,演示,河坊街1号,,110,", "电话"),
        (f"AED,{'演' * 41},河坊街1号,,,", "名称"),
    ],
)
def test_a_wrong_row_is_refused_with_its_column(tmp_path: Path, line: str, column: str) -> None:
    found = read(tmp_path, line)
    assert found.listed == ()
    assert [(one.row, one.field) for one in found.faults] == [(2, column)]


def test_a_list_without_addresses_is_refused(tmp_path: Path) -> None:
    with pytest.raises(HeadingsMissing, match="address"):
        read(tmp_path, "AED,演示", head="类别,名称")


def test_the_demo_ships_facilities_marked_as_such() -> None:
    with open_rows(data_folder() / "demo" / "facilities.csv") as rows:
        found = read_facilities(rows, is_sample=True)
    assert found.faults == ()
    assert len(found.listed) >= 5
    for one in found.listed:
        assert one.draft.name.startswith("演示")
        assert one.draft.is_sample
        assert one.draft.phone == "" or one.draft.phone.startswith("0571-0000")
