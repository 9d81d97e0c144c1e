"""Reads element cells: a name, a number, several numbers (3、5、7号), a road with its number."""

import re
from functools import lru_cache
from typing import Any

from address_model.elements import Elements, Numbered
from address_model.normal_form import normalise
from address_model.parsing.level_cells import (
    NUMBERED_LEVELS,
    UnclearNumber,
    read_lane_cell,
    read_level_cell,
)
from address_model.parsing.rules.plates import LIST, read_clause
from service.imports.headings import DIVISION_FIELDS, LOCAL_FIELDS
from service.imports.row_cells import RowReading
from service.imports.rules import Rule

EXAMPLES = {
    "group": "5组", "number": "12号、12-1号、12号之一、临12号", "building": "3幢、A座",
    "unit": "2单元", "floor": "3层，地下写 -1层", "room": "201室", "lane": "12弄3支弄",
}  # fmt: skip
LEVEL_WORDS = {
    "group": "组", "number": "门牌号", "building": "幢号", "unit": "单元", "floor": "楼层",
    "room": "室号", "lane": "弄",
}  # fmt: skip
ELEMENT_FIELDS = (*DIVISION_FIELDS, *LOCAL_FIELDS)
MOST_PLATES = 200

_JOINTS = re.compile("[、,;/和及&]")
_TRAILING_NUMBER = re.compile(r"[0-9０-９]+(?:号|幢|栋|室|单元)$")
_ROAD = re.compile(r"([^0-9０-９]{2,20}?(?:路|街|巷|弄|道|里|线))(第?[0-9０-９].{0,20})")
_ROAD_ENDS = ("路", "街", "巷", "弄", "道", "线")
_BUILDING_ENDS = ("大厦", "大楼", "商厦", "广场", "中心", "楼", "公馆", "宾馆", "酒店")


def read_elements(reading: RowReading) -> tuple[Elements, ...]:
    """The plates that a row's element cells name; none if a fault was found.

    Several numbers give one plate each; they must be the deepest level of the row.
    """
    cells = reading.cells
    if not any(cells.get(name) for name in LOCAL_FIELDS):
        reading.refuse("text", Rule.NO_ADDRESS)
        return ()
    _split_road_and_number(reading)
    values: dict[str, Any] = {}
    several: dict[str, tuple[Numbered, ...]] = {}
    for name in ELEMENT_FIELDS:
        cell = cells.get(name, "")
        if not cell:
            continue
        if name in NUMBERED_LEVELS:
            found = _read_numbers(reading, name, cell)
            values[name] = found[0] if found else None
            if len(found) > 1:
                several[name] = found
        elif name == "lane":
            values["lanes"] = _read_numbers(reading, name, cell)
        else:
            values[name] = written = "".join(cell.split())
            if _TRAILING_NUMBER.search(written):
                reading.refuse(name, Rule.NAME_NUMBER, cell=cell[:40])
    if reading.faults:
        return ()
    place = Elements(**values)
    stands = place.building is not None or place.number is not None or place.lanes
    is_tower = place.estate.endswith(_BUILDING_ENDS)
    # a unit of an estate needs its building; a tower is one itself
    if place.unit is not None and place.estate and not stands and not is_tower:
        reading.refuse("unit", Rule.UNIT_ALONE, cell=f"{place.estate}{place.unit}")
    if not several:
        return (place,)
    level, *more = several
    deeper = NUMBERED_LEVELS[NUMBERED_LEVELS.index(level) + 1 :]
    if more or any(getattr(place, name) is not None for name in deeper):
        reading.refuse(level, Rule.SEVERAL_ABOVE, cell=reading.cells[level])
        return ()
    return tuple(place._replace(**{level: one}) for one in several[level])  # type: ignore[arg-type]


def _split_road_and_number(reading: RowReading) -> None:
    """Split a road and its number that share one cell.

    With an estate they are its gate; if the street column holds an estate's name, it is moved to
    the estate.
    """
    cells = reading.cells
    street, number = cells.get("thoroughfare", ""), cells.get("number", "")
    if street and not number and "number" in reading.columns.by_field:
        whole = _ROAD.fullmatch(street)
        if whole:
            cells["thoroughfare"], cells["number"] = whole[1], whole[2]
        return
    found = None if number[:1].isdigit() else _ROAD.fullmatch("".join(number.split()))
    if not found:
        return
    road, cells["number"] = found[1], found[2]
    if street.endswith(road) or road.endswith(street):
        cells["thoroughfare"] = max(street, road, key=len)
    elif cells.get("estate") or street.endswith(_ROAD_ENDS):
        reading.refuse("number", Rule.TWO_ROADS, one=street, other=road)
    else:
        cells["thoroughfare"], cells["estate"] = road, street


def _read_numbers(reading: RowReading, level: str, cell: str) -> tuple[Numbered, ...]:
    try:
        return read_lane_cell(cell) if level == "lane" else read_numbers(level, cell)
    except UnclearNumber as unclear:
        rule = _RULES.get(unclear.kind, Rule.NUMBER_UNCLEAR)
        word, example = LEVEL_WORDS[level], EXAMPLES[level]
        reading.refuse(level, rule, cell=cell[:40], level=word, example=example)
        return ()


_RULES = {"date": Rule.DATE, "range": Rule.CONNECTED, "annex": Rule.ANNEX}


@lru_cache(maxsize=1 << 16)
def read_numbers(level: str, cell: str) -> tuple[Numbered, ...]:
    """The numbers in a cell of a level's column, usually one.

    Raises:
        UnclearNumber: the cell holds no number, an annex without its number (kind ``annex``), or
            a range that may be one place or several (``range``).
    """
    try:
        one = read_level_cell(level, cell)
    except UnclearNumber as error:
        if error.kind != "several":
            raise
        unclear = error
    else:
        if level == "number" and one.prefix == "附":
            raise UnclearNumber(f"「{cell}」 is an annex", "write the number before it", "annex")
        if level == "floor" and one.number.strip("-0") == "":
            raise UnclearNumber(f"「{cell}」 is no floor", "floors begin with 1 or -1")
        return (one,)
    text = normalise(cell).text.replace(" ", "")
    if level == "number":
        clause = text if text.endswith(("号", "#")) else f"{text}号"
        numbers = read_clause(clause) if LIST.fullmatch(clause) or "-" in clause else []
        if 0 < len(numbers) <= MOST_PLATES:
            return tuple(numbers)
        raise unclear
    pieces = _JOINTS.split(text)
    if len(pieces) == 1:
        raise UnclearNumber(str(unclear), unclear.hint, "range")
    found = [read_level_cell(level, piece) for piece in pieces]
    closed = [
        one if piece.endswith(one.quantifier) else one._replace(quantifier=found[-1].quantifier)
        for one, piece in zip(found, pieces, strict=True)
    ]
    return tuple(dict.fromkeys(closed))
