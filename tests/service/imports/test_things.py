"""Addresses of things from lists: entered under their own codes, found by their texts."""

from pathlib import Path

import pytest

from service.addresses.queries import get_address, iterate_addresses
from service.core.database import Database
from service.matching.resolve_options import ResolveOptions
from tests.factories.lists import ask, codes_of, counts, refused, take_in, texts

COLUMNS = "省,市,县,乡镇街道,街路巷,小区,门牌号,幢,事物类型,事物编号,经度,纬度\n"
FRONT = "浙江省杭州市上城区清波街道"


def row(street: str, *cells: str, lon: float = 120.165, estate: str = "") -> str:
    number, building, kind, thing = cells
    place = f"浙江省,杭州市,上城区,清波街道,{street},{estate}"
    return f"{place},{number},{building},{kind},{thing},{lon},30.24\n"


LISTED = (
    row("示例路", "", "", "路灯", "12")
    + row("示例路", "", "", "灯杆", "13号", lon=120.1652)
    + row("示例路", "12号", "", "", "")
    + row("示例路", "12号", "", "aed", "")
    + row("示例路", "12号", "", "AED", "2")
    + row("", "", "3幢", "充电桩", "1", estate="荷叶塘小区")
    + row("", "", "", "公厕", "", estate="荷叶塘小区")
    + row("示例路", "", "", "公交站", "3")
)


def test_things_are_registered_with_own_codes_below_their_door(
    database: Database, tmp_path: Path
) -> None:
    assert counts(take_in(database, tmp_path, COLUMNS + LISTED)) == (8, 0, 0, 0, 0)
    assert texts(database) == sorted(
        FRONT + local
        for local in (
            "示例路12号",
            "示例路12号2号AED",
            "示例路12号AED",
            "示例路12号路灯",
            "示例路13号灯杆",
            "示例路3号公交站",
            "荷叶塘小区3幢1号充电桩",
            "荷叶塘小区公厕",
        )
    )
    codes = codes_of(database)
    with database.reading() as session:
        rows = {row.standard_text: row for row in iterate_addresses(session)}
    door = codes[f"{FRONT}示例路12号"]
    parents = {text.removeprefix(FRONT): row.parent_code for text, row in rows.items()}
    assert parents["示例路12号AED"] == parents["示例路12号2号AED"] == door
    assert parents["示例路12号路灯"] is None
    assert rows[f"{FRONT}示例路12号路灯"].level == "thing"
    assert counts(take_in(database, tmp_path, COLUMNS + LISTED)) == (0, 0, 8, 0, 0)


def test_a_door_that_comes_later_adopts_its_things(database: Database, tmp_path: Path) -> None:
    take_in(database, tmp_path, COLUMNS + row("示例路", "12号", "", "AED", ""))
    take_in(database, tmp_path, COLUMNS + row("示例路", "12号", "", "", ""), name="doors.csv")
    codes = codes_of(database)
    with database.reading() as session:
        aed = get_address(session, codes[f"{FRONT}示例路12号AED"])
    assert aed.parent_code == codes[f"{FRONT}示例路12号"]


def test_the_door_of_a_thing_is_registered_with_it_on_request(
    database: Database, tmp_path: Path
) -> None:
    listed = COLUMNS + row("示例路", "12号", "", "AED", "") + row("示例路", "", "", "路灯", "7")
    report = take_in(database, tmp_path, listed, with_parents=True)
    assert (report.new, report.parents) == (2, 1)
    assert f"{FRONT}示例路12号" in texts(database)


def test_the_text_of_a_thing_finds_it_and_no_other(database: Database, tmp_path: Path) -> None:
    take_in(database, tmp_path, COLUMNS + LISTED)
    codes = codes_of(database)
    found = ask(
        database,
        "杭州市上城区示例路12号路灯",
        "上城区示例路12号灯杆",
        "杭州市上城区示例路12号AED",
        "杭州市上城区示例路12号自动体外除颤器",
        "杭州市上城区示例路12号",
        "杭州市上城区荷叶塘小区公共厕所",
        "杭州市上城区荷叶塘小区3幢1号充电桩",
    )
    told = [one.address.standard_text.removeprefix(FRONT) if one.address else "" for one in found]
    assert told == [
        "示例路12号路灯",
        "示例路12号路灯",
        "示例路12号AED",
        "示例路12号AED",
        "示例路12号",
        "荷叶塘小区公厕",
        "荷叶塘小区3幢1号充电桩",
    ]
    assert {one.category for one in found} <= {"A", "B"}
    assert found[0].address is not None
    assert found[0].address.code == codes[f"{FRONT}示例路12号路灯"]


def test_a_missing_thing_is_never_the_door_nor_another_thing(
    database: Database, tmp_path: Path
) -> None:
    take_in(database, tmp_path, COLUMNS + LISTED)
    for text in ("示例路12号公厕", "示例路14号路灯", "示例路12号5号AED", "示例路12号对面公交站"):
        (found,) = ask(database, f"杭州市上城区{text}")
        assert found.category not in ("A", "B"), text
    (door,) = ask(database, "杭州市上城区示例路12号公厕", focus=ResolveOptions(level="number"))
    assert door.address is not None
    assert (door.address.level, door.remainder) == ("number", "公厕")


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (("", "", "路灯", ""), "没有编号"),
        (("", "", "AED", "2"), "会读成门牌 2号"),
        (("", "", "沙发", "2"), "不是事物类型"),
        (("12号", "", "", "2"), "没有事物类型"),
        (("12号", "", "公交站", ""), "读不回"),
        (("12号", "", "路灯", "东边第三"), "读不回"),
    ],
)
def test_a_thing_whose_text_would_be_read_otherwise_is_refused(
    database: Database, tmp_path: Path, cells: tuple[str, str, str, str], reason: str
) -> None:
    report = take_in(database, tmp_path, COLUMNS + row("示例路", *cells))
    assert (report.new, report.errors) == (0, 1)
    (fault,) = refused(tmp_path)
    assert reason in fault["menpai_reason"]
    assert fault["menpai_hint"]


def test_a_text_column_takes_the_thing_from_its_own_columns_or_has_it(
    database: Database, tmp_path: Path
) -> None:
    listed = (
        "地址,事物类型,事物编号\n"
        f"{FRONT}示例路12号,AED,\n"
        f"{FRONT}示例路8号路灯,路灯,8\n"
        f"{FRONT}示例路,路灯,9\n"
        f"{FRONT}示例路10号路灯,,\n"
    )
    assert counts(take_in(database, tmp_path, listed)) == (4, 0, 0, 0, 0)
    assert texts(database) == sorted(
        f"{FRONT}示例路{local}" for local in ("12号AED", "8号路灯", "9号路灯", "10号路灯")
    )


def test_a_door_among_many_things_is_found_though_its_name_is_miswritten(
    database: Database, tmp_path: Path
) -> None:
    things = "".join(row("示例中路", "12号", "", "充电桩", str(n)) for n in range(1, 80))
    things += "".join(row("示例中路", "", "", "路灯", str(n)) for n in range(1, 80))
    take_in(database, tmp_path, COLUMNS + things + row("示例中路", "12号", "", "", ""))
    lamp, door, charger = ask(
        database,
        "杭州市上城区示列中路12号路灯",
        "杭州市上城区示列中路12号",
        "杭州市上城区示列中路12号78号充电桩",
    )
    found = [one.candidates[0].address if one.candidates else one.address for one in (lamp, door)]
    told = [one.standard_text.removeprefix(FRONT) if one else "" for one in found]
    assert told == ["示例中路12号路灯", "示例中路12号"]
    best = charger.candidates[0].address if charger.candidates else charger.address
    assert best is not None
    assert best.standard_text == f"{FRONT}示例中路12号78号充电桩"


def test_the_nearest_numbers_of_a_missing_door_are_no_lamps(
    database: Database, tmp_path: Path
) -> None:
    listed = row("示例中路", "12号", "", "", "") + row("示例中路", "", "", "路灯", "15")
    take_in(database, tmp_path, COLUMNS + listed)
    (asked,) = ask(database, "杭州市上城区示例中路14号")
    levels = {one.address.level for one in asked.candidates}
    assert asked.category == "C"
    assert levels == {"number"}
