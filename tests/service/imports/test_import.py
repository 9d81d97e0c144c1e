from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.codes import format_code
from address_model.coordinates import CoordinateSystem, Point, convert
from address_model.elements import Numbered
from service.addresses.commands import correct_address, retire_address
from service.addresses.drafts import AddressDraft
from service.addresses.queries import (
    AddressRow,
    find_by_identifiers,
    get_address,
    iterate_addresses,
)
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.core.sheets import open_rows
from service.imports.commands import ImportOptions, build_placer
from service.imports.crs_guess import guess_file_system
from service.imports.export import export_addresses
from service.imports.rows import open_reader
from tests.factories.lists import HEADINGS, counts, door, refused, take_in, texts


def test_columns_per_element_become_standard_addresses(database: Database, tmp_path: Path) -> None:
    report = take_in(database, tmp_path, HEADINGS + door() + door("90号", "201室"))
    assert counts(report) == (2, 0, 0, 0, 0)
    assert texts(database) == [
        "浙江省杭州市上城区清波街道河坊街88号",
        "浙江省杭州市上城区清波街道河坊街90号201室",
    ]


def test_the_same_file_again_changes_nothing(database: Database, tmp_path: Path) -> None:
    content = HEADINGS + door() + door("90号")
    take_in(database, tmp_path, content)
    assert counts(take_in(database, tmp_path, content)) == (0, 0, 2, 0, 0)


def test_a_dry_run_reports_the_same_and_stores_nothing(database: Database, tmp_path: Path) -> None:
    content = HEADINGS + door() + door("90号") + door()
    dry = take_in(database, tmp_path, content, dry_run=True)
    assert texts(database) == []
    assert counts(dry) == counts(take_in(database, tmp_path, content)) == (2, 0, 1, 0, 0)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_text_column_is_read_in_every_encoding(
    database: Database, tmp_path: Path, encoding: str
) -> None:
    content = "地址\n浙江省杭州市上城区清波街道河坊街88号\n".encode(encoding)
    assert counts(take_in(database, tmp_path, content)) == (1, 0, 0, 0, 0)


def test_text_and_columns_of_one_address_are_the_same_address(
    database: Database, tmp_path: Path
) -> None:
    take_in(database, tmp_path, HEADINGS + door())
    report = take_in(database, tmp_path, "address\n杭州市上城区河坊街８８号\n")
    assert counts(report) == (0, 0, 1, 0, 0)
    assert texts(database) == ["浙江省杭州市上城区清波街道河坊街88号"]


def test_two_writings_of_one_address_in_one_list_do_not_change_it_to_and_fro(
    database: Database, tmp_path: Path
) -> None:
    content = "address\n杭州市上城区清波街道河坊街88号\n杭州市上城区河坊街88号\n"
    assert counts(take_in(database, tmp_path, content)) == (1, 0, 1, 0, 0)
    assert counts(take_in(database, tmp_path, content)) == (0, 0, 2, 0, 0)


def test_a_row_brings_the_point_that_was_missing(database: Database, tmp_path: Path) -> None:
    take_in(database, tmp_path, "address\n杭州市上城区清波街道河坊街88号\n")
    assert counts(take_in(database, tmp_path, HEADINGS + door())) == (0, 1, 0, 0, 0)
    assert counts(take_in(database, tmp_path, HEADINGS + door())) == (0, 0, 1, 0, 0)


def test_a_source_id_keeps_its_code_through_a_new_text(database: Database, tmp_path: Path) -> None:
    first = "编号," + HEADINGS + "17," + door()
    second = "编号," + HEADINGS + "17," + door("90号")
    take_in(database, tmp_path, first)
    with database.reading() as session:
        before = session.scalar(text("select code from address"))
    assert counts(take_in(database, tmp_path, second)) == (0, 1, 0, 0, 0)
    with database.reading() as session:
        assert session.scalar(text("select code from address")) == before
        kinds = session.execute(text("select kind, text from address_name order by kind")).all()
    assert [tuple(row) for row in kinds] == [
        ("former", "浙江省杭州市上城区清波街道河坊街88号"),
        ("standard", "浙江省杭州市上城区清波街道河坊街90号"),
    ]


def test_one_text_at_two_places_is_a_conflict(database: Database, tmp_path: Path) -> None:
    take_in(database, tmp_path, HEADINGS + door())
    report = take_in(database, tmp_path, HEADINGS + door(lon=120.17))
    assert counts(report) == (0, 0, 0, 1, 0)
    (row,) = refused(tmp_path)
    assert row["menpai_rule"] == "same-but-far"
    assert (row["menpai_field"], row["menpai_value"]) == ("经度", "120.17")


def test_a_text_that_belongs_to_another_code_is_a_conflict(
    database: Database, tmp_path: Path
) -> None:
    numbered = "编号," + HEADINGS
    take_in(database, tmp_path, numbered + "1," + door() + "2," + door("90号"))
    report = take_in(database, tmp_path, numbered + "2," + door())
    assert counts(report) == (0, 0, 0, 1, 0)
    assert len(texts(database)) == 2


def test_refused_rows_name_row_field_reason_and_hint_and_go_in_when_corrected(
    database: Database, tmp_path: Path
) -> None:
    wrong = (
        HEADINGS
        + door()
        + door("90号").replace("上城区", "上城县")
        + door("92号", lon=30.24, lat=120.165)
    )
    report = take_in(database, tmp_path, wrong)
    assert counts(report) == (1, 0, 0, 0, 2)
    first, second = refused(tmp_path)
    assert first["menpai_row"] == "3"
    assert first["menpai_field"] == "县"
    assert all(row["menpai_reason"] and row["menpai_hint"] for row in (first, second))
    mended = (tmp_path / "errors.csv").read_text("utf-8-sig")
    mended = mended.replace("上城县", "上城区").replace("30.24,120.165", "120.165,30.24")
    assert counts(take_in(database, tmp_path, mended, name="mended.csv")) == (2, 0, 0, 0, 0)
    assert len(texts(database)) == 3


def test_a_point_just_outside_its_county_is_kept_with_a_note_and_one_far_off_refused(
    database: Database, tmp_path: Path
) -> None:
    placer = build_placer(database, ImportOptions(source="test"))
    east = placer.borders.shapes["330102"].bounds[2]
    lat = next(
        lat / 1000
        for lat in range(30200, 30400)
        if placer.borders.metres_outside("330102", Point(east + 0.0005, lat / 1000)) < 1500
    )
    near = door("1号", lon=east + 0.0005, lat=lat)
    report = take_in(database, tmp_path, HEADINGS + near + door("2号", lon=120.9, lat=30.2))
    assert counts(report) == (1, 0, 0, 0, 1)
    assert report.warnings == 1
    (row,) = refused(tmp_path)
    assert row["menpai_rule"] == "point-outside-county"
    assert "上城区界外" in row["menpai_reason"]


def test_a_declared_system_is_converted_and_an_undeclared_one_is_told(
    database: Database, tmp_path: Path
) -> None:
    gcj = convert(Point(120.165, 30.24), CoordinateSystem.CGCS2000, CoordinateSystem.GCJ02)
    take_in(
        database, tmp_path, HEADINGS + door(lon=gcj.lon, lat=gcj.lat), system=CoordinateSystem.GCJ02
    )
    with database.reading() as session:
        lon, lat = session.execute(text("select st_x(geom), st_y(geom) from address")).one()
    assert (lon, lat) == pytest.approx((120.165, 30.24), abs=1e-6)


def test_a_whole_file_in_the_wrong_system_is_told_from_a_sample(
    database: Database, tmp_path: Path
) -> None:
    options = ImportOptions(source="test")
    placer = build_placer(database, options)
    shape = placer.borders.shapes["330102"].boundary
    lines = []
    for number in range(400):
        place = shape.interpolate(number / 400, normalized=True)
        centre = placer.borders.shapes["330102"].centroid
        inside = Point(place.x * 0.97 + centre.x * 0.03, place.y * 0.97 + centre.y * 0.03)
        moved = convert(inside, CoordinateSystem.CGCS2000, CoordinateSystem.BD09)
        lines.append(door(f"{number}号", lon=moved.lon, lat=moved.lat))
    file = tmp_path / "list.csv"
    file.write_text(HEADINGS + "".join(lines), "utf-8")
    with open_rows(file) as rows:
        guess = guess_file_system(placer, open_reader(rows.headings), rows)
    assert guess.better is CoordinateSystem.BD09


def test_the_word_for_none_in_a_level_means_that_it_is_absent(
    database: Database, tmp_path: Path
) -> None:
    assert counts(take_in(database, tmp_path, HEADINGS + door("88号", "无")))[0] == 1
    assert texts(database) == ["浙江省杭州市上城区清波街道河坊街88号"]


def test_duplicate_rows_of_one_file_are_one_address(database: Database, tmp_path: Path) -> None:
    assert counts(take_in(database, tmp_path, HEADINGS + door() * 3)) == (1, 0, 2, 0, 0)


def test_an_export_imported_again_is_all_the_same(database: Database, tmp_path: Path) -> None:
    take_in(database, tmp_path, HEADINGS + door() + door("90号", "201室"))
    out = tmp_path / "out.csv"
    with database.reading() as session:
        assert export_addresses(iterate_addresses(session, division="330102"), out) == 2
    report = take_in(database, tmp_path, out.read_bytes(), name="again.csv")
    assert counts(report) == (0, 0, 2, 0, 0)


def test_a_row_that_names_several_plates_becomes_as_many_addresses(
    database: Database, tmp_path: Path
) -> None:
    content = "编号,地址\n17,杭州市上城区河坊街3、5、7号\n18,杭州市上城区河坊街9号\n"
    report = take_in(database, tmp_path, content)
    assert counts(report) == (4, 0, 0, 0, 0)
    assert report.expanded == 1
    assert [line[-2:] for line in texts(database)] == ["3号", "5号", "7号", "9号"]
    assert counts(take_in(database, tmp_path, content)) == (0, 0, 4, 0, 0)


def test_a_stale_list_does_not_enter_an_ended_text_again(
    database: Database, tmp_path: Path
) -> None:
    content = HEADINGS + door() + door("90号") + door("92号")
    take_in(database, tmp_path, content)
    with database.session() as session:
        old, new, moved = [row.code for row in _in_order(session)]
        retire_address(session, old, COMMAND_LINE, reason="并户", successor=new)
        held = get_address(session, moved)
        other = held.elements._replace(number=Numbered("94", "号"))
        draft = AddressDraft(held.county, held.division_id, held.division_code, other)
        correct_address(session, held, draft, COMMAND_LINE)
    report = take_in(database, tmp_path, content)
    assert counts(report) == (0, 0, 1, 2, 0)
    ended, renamed = (row["menpai_reason"] for row in refused(tmp_path))
    assert "并户" in ended
    assert f"{format_code(new)} 浙江省杭州市上城区清波街道河坊街90号" in ended
    assert "现在是 浙江省杭州市上城区清波街道河坊街94号" in renamed
    reused = take_in(database, tmp_path, HEADINGS + door(), reuse_texts=True)
    assert counts(reused) == (1, 0, 0, 0, 0)


def test_identifiers_of_another_scheme_come_with_a_list(database: Database, tmp_path: Path) -> None:
    columns = "id:sz25,城市码," + HEADINGS
    maps = ["城市码=id:city"]
    content = columns + "44,C1," + door() + ",C2," + door("90号")
    assert counts(take_in(database, tmp_path, content, maps=maps)) == (2, 0, 0, 0, 0)
    assert counts(take_in(database, tmp_path, content, maps=maps)) == (0, 0, 2, 0, 0)
    later = columns + "45,C2," + door("90号") + "44,," + door("92号") + "46,," + door("94号")
    later += "46,," + door("96号")
    report = take_in(database, tmp_path, later, maps=maps)
    assert counts(report) == (1, 1, 0, 2, 0)
    assert [row["menpai_field"] for row in refused(tmp_path)] == ["id:sz25", "id:sz25"]
    with database.reading() as session:
        first, second, *_ = [row.code for row in _in_order(session)]
        assert find_by_identifiers(session, "sz25", ["44", "45"]) == {"44": first, "45": second}


def test_two_rows_of_one_source_id_and_two_texts_are_a_conflict(
    database: Database, tmp_path: Path
) -> None:
    content = "编号," + HEADINGS + "1," + door() + "1," + door("90号")
    assert counts(take_in(database, tmp_path, content)) == (1, 0, 0, 1, 0)


def _in_order(session: Session) -> list[AddressRow]:
    return sorted(iterate_addresses(session), key=lambda row: row.standard_text)
