"""Lists of positions: each row is stored, the same, or refused with a reason."""

import json
from pathlib import Path

import pytest
from sqlalchemy import text

from address_model.coordinates import CoordinateSystem, Point, convert
from address_model.positions import Accuracy, PositionKind
from service.addresses.queries import get_address, iterate_addresses, iterate_positions
from service.addresses.queries import list_positions as positions_of
from service.areas.features import read_features
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.core.sheets import open_rows, write_errors
from service.imports.commands import PositionOptions, PositionReport, import_positions
from service.imports.export import export_addresses, export_positions
from service.imports.position_rows import open_position_reader, rows_of_features
from tests.factories.lists import HEADINGS, counts, door, take_in

COLUMNS = "地址编码,位置类型,经度,纬度,精度,来源,名称\n"


@pytest.fixture
def codes(database: Database, tmp_path: Path) -> list[str]:
    """Two doors of 河坊街."""
    take_in(database, tmp_path, HEADINGS + door() + door("90号"))
    with database.reading() as session:
        return [row.code for row in iterate_addresses(session)]


def load(
    database: Database, file: Path, **options: object
) -> tuple[PositionReport, list[tuple[str, str]]]:
    """Import a list; also return (field, reason) of each refused row."""
    out = file.with_name("refused.csv")
    out.unlink(missing_ok=True)
    chosen = PositionOptions("外业", **options)  # type: ignore[arg-type]
    with open_rows(file) as rows, write_errors(out, rows.headings) as errors:
        reader = open_position_reader(rows.headings)
        report = import_positions(database, iter(rows), reader, chosen, COMMAND_LINE, errors=errors)
    if not out.exists():
        return report, []
    with open_rows(out) as refused:
        return report, [
            (row.values["menpai_field"], row.values["menpai_reason"]) for row in refused
        ]


def written(tmp_path: Path, *lines: str) -> Path:
    file = tmp_path / "positions.csv"
    file.write_text(COLUMNS + "\n".join(lines) + "\n", encoding="utf-8")
    return file


def test_a_list_sets_positions_and_the_same_list_changes_nothing(
    database: Database, tmp_path: Path, codes: list[str]
) -> None:
    lines = [
        f"{codes[0]},入口,120.1655,30.2402,3米,,",
        f"{codes[0]},入口,120.1652,30.2405,,物业,东门",
        f"{codes[1]},消防,120.1655,30.2399,A,消防支队,",
        f"{codes[1]},代表点,120.1651,30.2399,B,测绘院,",
    ]
    file = written(tmp_path, *lines)
    dry, _ = load(database, file, dry_run=True)
    with database.reading() as session:
        assert positions_of(session, codes) == {}
    report, refused = load(database, file)
    assert refused == []
    assert dry.outcomes == report.outcomes
    assert (report.outcomes["new"], report.outcomes["changed"]) == (3, 1)
    with database.reading() as session:
        found = positions_of(session, codes)
        moved = get_address(session, codes[1])
    assert [(row.label, row.accuracy, row.source) for row in found[codes[0]]] == [
        ("", Accuracy.HANDHELD, "外业"),
        ("东门", Accuracy.UNKNOWN, "物业"),
    ]
    assert found[codes[1]][0].kind is PositionKind.FIRE_ACCESS
    assert (moved.point, moved.point_accuracy, moved.point_source) == (
        Point(120.1651, 30.2399),
        Accuracy.MAPPED,
        "测绘院",
    )
    again, _ = load(database, file)
    assert dict(again.outcomes) == {"same": 4, "refused": 0}


def test_refused_rows_say_why_and_the_others_are_set(
    database: Database, tmp_path: Path, codes: list[str]
) -> None:
    lines = [
        f"{codes[0]},屋顶,120.1655,30.2402,,,",
        "3.30102E+15,入口,120.1655,30.2402,,,",
        "3301061234567833,入口,120.1655,30.2402,,,",
        f"{codes[0]},入口,30.2402,120.1655,,,",
        f"{codes[0]},入口,,,,,",
        f"{codes[0]},入口,120.165,30.26,,,",
        f"{codes[0]},入口,121.29,30.24,,,",
        f"{codes[0]},入口,120.1655,30.2402,很准,,",
        f"{codes[1]},入口,120.1655,30.2402,C,,",
        f"{codes[1]},入口,120.1656,30.2402,C,,",
    ]
    report, refused = load(database, written(tmp_path, *lines))
    assert [field for field, _ in refused] == [
        "位置类型",
        "地址编码",
        "code",
        "经度",
        "经度",
        "code",
        "lon",
        "精度",
        "code",
    ]
    for (_, reason), part in zip(
        refused,
        (
            "屋顶",
            "不是地址编码",
            "没有地址编码",
            "填反",
            "没有经纬度",
            "公里",
            "界外",
            "精度",
            "两次",
        ),
        strict=True,
    ):
        assert part in reason
    assert (report.outcomes["new"], report.outcomes["refused"]) == (1, 9)


def test_points_of_another_system_are_brought_into_the_register_s(
    database: Database, tmp_path: Path, codes: list[str]
) -> None:
    there = Point(120.1655, 30.2402)
    shifted = convert(there, CoordinateSystem.CGCS2000, CoordinateSystem.BD09)
    line = f"{codes[0]},entrance,{shifted.lon:.7f},{shifted.lat:.7f},C,,"
    load(database, written(tmp_path, line), system=CoordinateSystem.BD09)
    with database.reading() as session:
        (found,) = positions_of(session, codes)[codes[0]]
    assert abs(found.point.lon - there.lon) < 1e-6
    assert abs(found.point.lat - there.lat) < 1e-6


def test_points_of_a_geojson_file_are_set(
    database: Database, tmp_path: Path, codes: list[str]
) -> None:
    features = [
        {
            "type": "Feature",
            "properties": {"code": codes[0], "kind": "入口", "accuracy": "B"},
            "geometry": {"type": "Point", "coordinates": [120.1655, 30.2402]},
        },
        {
            "type": "Feature",
            "properties": {"code": codes[1], "kind": "车库"},
            "geometry": {"type": "LineString", "coordinates": [[120.1, 30.2], [120.2, 30.2]]},
        },
        {"type": "Feature", "properties": {"code": codes[1], "kind": "车库"}, "geometry": None},
    ]
    file = tmp_path / "points.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    headings, rows = rows_of_features(read_features(file))
    report = import_positions(
        database, rows, open_position_reader(headings), PositionOptions("外业"), COMMAND_LINE
    )
    assert (report.outcomes["new"], report.outcomes["refused"]) == (1, 2)
    assert report.reasons["没有点坐标"] == 2


def test_an_export_of_positions_is_a_list_that_changes_nothing(
    database: Database, tmp_path: Path, codes: list[str]
) -> None:
    load(database, written(tmp_path, f"{codes[0]},入口,120.1655,30.2402,C,物业,东门"))
    out = tmp_path / "out.csv"
    with database.reading() as session:
        assert export_positions(iterate_positions(session), out) == 3
    report, refused = load(database, out)
    assert (refused, report.outcomes["changed"], report.outcomes["same"]) == ([], 2, 1)
    report, _ = load(database, out)
    assert dict(report.outcomes) == {"same": 3, "refused": 0}


def test_an_export_of_addresses_keeps_own_points_and_says_what_is_shown(
    database: Database, tmp_path: Path, codes: list[str]
) -> None:
    load(database, written(tmp_path, f"{codes[0]},入口,120.1655,30.2402,C,物业,"))
    out = tmp_path / "addresses.csv"
    with database.reading() as session:
        export_addresses(iterate_addresses(session), out)
        own = get_address(session, codes[0]).point
    with open_rows(out) as rows:
        first = next(iter(rows)).values
    assert own is not None
    assert (float(first["lon"]), float(first["lat"])) == (own.lon, own.lat)
    assert (first["shown_kind"], first["shown_lon"], first["shown_accuracy"]) == (
        "入口",
        "120.1655000",
        "C",
    )
    report = take_in(database, tmp_path, out.read_bytes())
    assert counts(report) == (0, 0, 2, 0, 0)


def test_a_list_makes_one_entry_in_the_trail_and_a_change_for_each_address(
    database: Database, tmp_path: Path, codes: list[str]
) -> None:
    counted = text(
        "select (select count(*) from audit_entry where action = 'addresses:set_positions'), "
        "(select count(*) from change where action = 'positioned')"
    )
    with database.reading() as session:
        before = session.execute(counted).one()
    lines = [f"{code},入口,120.1655,30.2402,C,," for code in codes]
    load(database, written(tmp_path, *lines))
    with database.reading() as session:
        after = session.execute(counted).one()
    assert [now - then for now, then in zip(after, before, strict=True)] == [1, 2]
