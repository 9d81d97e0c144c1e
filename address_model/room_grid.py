"""A building as a grid: 幢 × 单元 × 层 × 室, from ranges, skips and patterns as clerks write them.

``1-18 跳 4,14`` are floors, ``东、西 单元`` units. Rooms are lines: ``01-04`` stands on every floor
(101-104, 201-204 …), ``101-104`` on the first only, ``2单元18层：01`` where it says so; of several
lines that fit a place the narrowest counts, of equal ones the last.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

from address_model.elements import Numbered, floor_text
from address_model.parsing.level_cells import UnclearNumber, read_level_cell
from address_model.places import fold_numbered
from address_model.written_ranges import (
    QUANTIFIER_BEHIND,
    UnclearRange,
    half_width,
    list_names,
    list_storeys,
)

LEVELS = ("building", "unit", "floor", "room")
MOST_CELLS = 2000
"""At most so many rooms at once: a few seconds of work in one transaction."""

_SCOPE = re.compile(
    r"(?P<building>.+?(?:幢|栋|座|号楼))?(?P<unit>.+?(?:单元|梯))?(?P<floor>.+?(?:层|楼))?"
)


@dataclass(frozen=True, slots=True)
class GridText:
    """What was typed for each level.

    ``names_floors`` writes the floors into the addresses (3层301室). Those below ground always are,
    else 101 of 地下1层 would be 101 of 1层.
    """

    buildings: str = ""
    units: str = ""
    floors: str = ""
    rooms: str = ""
    names_floors: bool = False


class GridCell(NamedTuple):
    """One place of the grid: the levels that its address has, and the storey it lies on (or 0)."""

    building: Numbered | None = None
    unit: Numbered | None = None
    floor: Numbered | None = None
    room: Numbered | None = None
    storey: int = 0

    @property
    def levels(self) -> dict[str, Numbered]:
        """The levels that it adds to the address it lies in."""
        return {name: value for name in LEVELS if (value := getattr(self, name)) is not None}

    @property
    def text(self) -> str:
        """Its text below the address it lies in."""
        parts = (self.building, self.unit, floor_text(self.floor), self.room)
        return "".join(str(part) for part in parts if part)

    @property
    def folded(self) -> tuple[str, ...]:
        """Its levels in the form by which addresses are compared."""
        return tuple(fold_numbered(getattr(self, name)) for name in LEVELS)


class RoomLine(NamedTuple):
    """A line of rooms: where it counts (None: everywhere), and its tokens."""

    buildings: frozenset[str] | None
    units: frozenset[str] | None
    storeys: frozenset[int] | None
    tokens: tuple[str, ...]

    @property
    def narrowness(self) -> int:
        """How many levels it names; a whole number (101) names its storey."""
        is_whole = any(len(QUANTIFIER_BEHIND.sub("", token)) > 2 for token in self.tokens)
        return sum(scope is not None for scope in self[:3]) + is_whole

    def numbers_at(self, cell: GridCell) -> list[tuple[str, str]] | None:
        """Its tokens with the rooms that they mean at a place; None if it says nothing of it."""
        fits = (
            self.buildings is None or fold_numbered(cell.building) in self.buildings,
            self.units is None or fold_numbered(cell.unit) in self.units,
            self.storeys is None or cell.storey in self.storeys,
        )
        found: list[tuple[str, str]] = []
        for token in self.tokens:
            behind = QUANTIFIER_BEHIND.search(token)
            quantifier = behind[1] if behind else ""
            number, above = token.removesuffix(quantifier), str(abs(cell.storey))
            if not cell.storey:
                found.append((token, token))
            elif not number.isdigit():
                found.append((token, f"{above}{token}"))
            elif len(number) < 3:  # 01 is 301 on the third
                found.append((token, f"{above}{number.zfill(2)}{quantifier}"))
            elif number[:-2] == above and cell.storey > 0:
                found.append((token, token))
        return found if all(fits) and (found or not self.tokens) else None


def expand_grid(text: GridText) -> list[GridCell]:
    """All cells of a grid, each once, building by building, unit by unit, from the lowest storey.

    Without rooms the cells are floors, else units, else buildings.

    Raises:
        UnclearRange: a field cannot be read, nothing is written, or there are too many.
    """
    buildings, units = _read_names("buildings", text.buildings), _read_names("units", text.units)
    storeys, lines = list_storeys("floors", text.floors), list(list_room_lines(text))
    if not (buildings or units or storeys or lines):
        raise UnclearRange("rooms", "请至少填写幢、单元、层、室中的一栏。")
    names_floors = text.names_floors or not lines
    cells: dict[GridCell, None] = {}
    used: set[str] = set()
    whole: list[Numbered | None] = [None]
    for building, unit, storey in product(buildings or whole, units or whole, storeys or [0]):
        named = storey < 0 or (storey and names_floors)
        floor = Numbered(str(storey), "层") if named else None
        here = GridCell(building, unit, floor, None, storey)
        fitting = sorted(
            (line.narrowness, place, numbers)
            for place, line in enumerate(lines)
            if (numbers := line.numbers_at(here)) is not None
        )
        for token, number in fitting[-1][-1] if fitting else ():
            used.add(token)
            cells[here._replace(room=_read_one("rooms", number))] = None
        if not lines:
            cells[here] = None
        if len(cells) > MOST_CELLS:
            raise UnclearRange("rooms", f"一次最多登记 {MOST_CELLS:,} 户，请分幢、分次办理。")
    for line in lines:
        if line.tokens and used.isdisjoint(line.tokens):
            raise UnclearRange("rooms", f"“{line.tokens[0]}”不在所填的幢、单元、楼层里。")
    if not cells:
        raise UnclearRange("rooms", "没有要登记的室。")
    return list(cells)


def list_nested(cells: Iterable[GridCell]) -> list[GridCell]:
    """The cells with the buildings, units and floors that they lie in, each once, outer first."""
    found: dict[GridCell, None] = {}
    for cell in cells:
        for depth, level in enumerate(LEVELS, start=1):
            if getattr(cell, level) is not None:
                below = dict.fromkeys(LEVELS[depth:])
                found[cell._replace(**below, storey=0)] = None
    return list(found)


def _read_names(field: str, written: str) -> list[Numbered]:
    """The numbers of buildings or units, each once, in the order written."""
    return list(dict.fromkeys(_read_one(field, token) for token in list_names(field, written)))


def _read_one(field: str, token: str) -> Numbered:
    level = field.removesuffix("s")
    try:
        return read_level_cell(level, token)
    except UnclearNumber:
        example = {"buildings": "1-3 或 A座", "units": "1-2 或 东、西", "rooms": "01-04"}[field]
        raise UnclearRange(field, f"“{token}”看不明白，请写成 {example} 的样子。") from None


def list_room_lines(text: GridText) -> Iterator[RoomLine]:
    """The lines of rooms that were typed."""
    for line in filter(None, map(str.strip, half_width(text.rooms).splitlines())):
        scope, colon, rooms = line.rpartition(":")
        match = _SCOPE.fullmatch(scope.replace(" ", ""))
        if match is None or (colon and not scope.strip()):
            raise UnclearRange(
                "rooms", f"“{scope}”看不明白，冒号前请写 2单元、18层 或 1幢2单元18层。"
            )
        yield RoomLine(
            _folded("buildings", match["building"]),
            _folded("units", match["unit"]),
            frozenset(list_storeys("rooms", match["floor"])) if match["floor"] else None,
            tuple(list_names("rooms", rooms)),
        )


def _folded(field: str, written: str | None) -> frozenset[str] | None:
    return frozenset(map(fold_numbered, _read_names(field, written))) if written else None
