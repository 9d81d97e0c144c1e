"""A building is written as ranges, skips and patterns, and read as the rooms that are meant."""

from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from address_model.places import fold_numbered
from address_model.room_grid import MOST_CELLS, GridText, expand_grid, list_nested
from address_model.written_ranges import UnclearRange


def texts(**typed: object) -> list[str]:
    return [cell.text for cell in expand_grid(GridText(**typed))]  # type: ignore[arg-type]


def test_three_buildings_of_eighteen_floors_with_four_rooms_each() -> None:
    found = texts(buildings="1-3", floors="1-18", rooms="01-04")
    assert len(found) == 3 * 18 * 4
    assert found[:5] == ["1幢101室", "1幢102室", "1幢103室", "1幢104室", "1幢201室"]
    assert found[-1] == "3幢1804室"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ({"units": "东、西 单元", "rooms": "101"}, ["东单元101室", "西单元101室"]),
        ({"rooms": "101-104 跳 103"}, ["101室", "102室", "104室"]),
        ({"floors": "2-5 跳 4", "rooms": "1"}, ["201室", "301室", "501室"]),
        ({"floors": "地下1-2", "rooms": "01"}, ["地下2层201室", "地下1层101室"]),
        ({"floors": "-1-1", "rooms": "01"}, ["地下1层101室", "101室"]),
        ({"floors": "1-2", "rooms": "A-B"}, ["1A室", "1B室", "2A室", "2B室"]),
        ({"buildings": "A座、B座"}, ["A座", "B座"]),
        ({"buildings": "一至三幢 跳 2"}, ["1幢", "3幢"]),
        ({"buildings": "3-1幢"}, ["3-1幢"]),
        ({"floors": "1-2"}, ["1层", "2层"]),
        ({"floors": "3", "rooms": "01", "names_floors": True}, ["3层301室"]),
        ({"floors": "１-２", "rooms": "０１，０２"}, ["101室", "102室", "201室", "202室"]),
        ({"rooms": "501、501"}, ["501室"]),
    ],
)
def test_what_is_written_is_what_is_meant(typed: dict[str, object], expected: list[str]) -> None:
    assert texts(**typed) == expected


def test_a_narrower_line_counts_where_it_fits_in_either_order() -> None:
    lines = ["01-02", "101-103", "2单元2层：01"]
    for rooms in (lines, lines[::-1]):
        found = texts(units="1-2", floors="1-2", rooms="\n".join(rooms))
        assert found == [
            *("1单元101室", "1单元102室", "1单元103室", "1单元201室", "1单元202室"),
            *("2单元101室", "2单元102室", "2单元103室", "2单元201室"),
        ]


def test_a_line_without_rooms_leaves_its_place_empty() -> None:
    assert texts(floors="1-2", rooms="01\n1层：") == ["201室"]


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({}, "rooms", "至少填写"),
        ({"floors": "18-1", "rooms": "01"}, "floors", "从小到大"),
        ({"floors": "阁楼", "rooms": "01"}, "floors", "不是楼层"),
        ({"rooms": "大厅"}, "rooms", "看不明白"),
        ({"rooms": "：01"}, "rooms", "冒号前"),
        ({"buildings": "1-400"}, "buildings", "太多"),
        ({"floors": "1-6", "rooms": "901"}, "rooms", "不在所填的"),
        ({"buildings": "1-20", "floors": "1-33", "rooms": "01-06"}, "rooms", "一次最多"),
        ({"rooms": "104-101"}, "rooms", "从小到大"),
    ],
)
def test_what_is_unclear_is_said_at_its_field(
    typed: dict[str, object], field: str, said: str
) -> None:
    with pytest.raises(UnclearRange, match=said) as refused:
        texts(**typed)
    assert refused.value.field == field


def test_parents_come_before_what_lies_in_them_and_once() -> None:
    cells = expand_grid(GridText("1-2", "1-2", "1-2", "01-02"))
    nested = [cell.text for cell in list_nested(cells)]
    assert len(nested) == len(set(nested)) == 2 + 4 + 16
    assert nested[:3] == ["1幢", "1幢1单元", "1幢1单元101室"]


_numbers = st.lists(st.integers(1, 40), min_size=1, max_size=6, unique=True)


@given(floors=_numbers, skipped=_numbers, positions=st.integers(1, 12), units=st.integers(0, 4))
def test_each_floor_has_each_room_once_and_none_that_is_skipped(
    floors: list[int], skipped: list[int], positions: int, units: int
) -> None:
    kept = sorted(set(floors) - set(skipped))
    typed = GridText(
        units=f"1-{units}" if units else "",
        floors=f"{'、'.join(map(str, floors))} 跳 {','.join(map(str, skipped))}",
        rooms=f"01-{positions:02d}",
    )
    if not kept:
        with pytest.raises(UnclearRange, match="没有剩下的"):
            expand_grid(typed)
        return
    cells = expand_grid(typed)
    assert len({cell.folded for cell in cells}) == len(cells)
    assert len(cells) == len(kept) * positions * max(units, 1) <= MOST_CELLS
    rooms = {fold_numbered(cell.room) for cell in cells}
    assert rooms == {f"{floor}{n:02d}室" for floor in kept for n in range(1, positions + 1)}


@given(st.text("0123456789-~至、, 跳AB幢单元层室：\n地下负东", max_size=30))
def test_any_text_is_read_or_refused(written: str) -> None:
    for name in ("buildings", "units", "floors", "rooms"):
        cells = []
        with suppress(UnclearRange):
            cells = expand_grid(replace(GridText(), **{name: written}))  # type: ignore[arg-type]
            assert cells
        assert len({cell.folded for cell in cells}) <= len(cells) <= MOST_CELLS
