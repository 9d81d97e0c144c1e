"""Rows of an address list as values: text or elements, point, code, source id."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from address_model.codes import InvalidCode, parse_code
from address_model.elements import Elements, Numbered
from address_model.normalising import normalise
from address_model.parsing.level_cells import (
    NUMBERED_LEVELS,
    UnclearNumber,
    read_lane_cell,
    read_level_cell,
)
from address_model.things import KINDS, make_thing
from service.core.sheets import Row, RowFault
from service.exchange.degrees import PointFault, read_degrees
from service.exchange.headings import (
    DIVISION_FIELDS,
    IDENTIFIER,
    LOCAL_FIELDS,
    THING_FIELDS,
    Columns,
    map_headings,
)

CELL_LIMIT = 300
"""Characters of a cell; longer ones are no part of an address."""

_ABSENT = {"无", "/", "\\", "-", "--", "—", "——", "null", "none", "nan", "n/a", "#n/a", "\\n"}
_LONGEST_ABSENT = max(map(len, _ABSENT))
_PROVINCE = re.compile("(?:[一-龥]{2}|黑龙江)省|(?:内蒙古|西藏|宁夏回族|新疆维吾尔|广西壮族)自治区")
_SUFFIXES = {
    "province": ("省", "市", "自治区"),
    "city": ("市", "地区", "自治州", "盟"),
    "county": ("区", "县", "市"),
    "township": ("街道", "镇", "乡"),
    "community": ("社区", "村"),
}
_NO = {"", "0", "否", "no", "n", "false"}
_NUMBER_BEHIND = re.compile(r"[0-9０-９]+(?:号|幢|栋|室|单元)$")


@dataclass(frozen=True, slots=True)
class AddressRow:
    """One row that could be read; its address is ``text``, or ``elements`` where text is empty.

    ``lon`` and ``lat`` are degrees in the system that the list is declared to have. ``code`` is
    empty, or 16 digits with right check digits.
    """

    number: int
    text: str = ""
    elements: Elements | None = None
    lon: float | None = None
    lat: float | None = None
    code: str = ""
    source_id: str = ""
    is_sample: bool = False
    identifiers: tuple[tuple[str, str], ...] = ()
    """Scheme and value of each identifier that another system gave it."""


@dataclass(frozen=True, slots=True)
class RowReader:
    """Reads the rows of one list, whose columns are known."""

    columns: Columns

    @property
    def unknown(self) -> tuple[str, ...]:
        """The columns that are left out."""
        return self.columns.unknown

    @property
    def has_points(self) -> bool:
        """Whether the list has a longitude and a latitude."""
        return {"lon", "lat"} <= self.columns.by_field.keys()

    def read(self, row: Row) -> AddressRow | tuple[RowFault, ...]:
        """Return the row as values, or everything that is wrong with it.

        A fault names the column as the list calls it. Where a row has a text, that is the
        address, with the divisions of other columns put before it; else it is made of the columns
        of elements. 无 in any column means that the level is absent.
        """
        if row.fault:
            return (row.fault,)
        reading = _Reading(row.number, self.columns)
        reading.clean(row)
        thing = _read_thing(reading)
        text = _full_text(reading.cells)
        if text and thing and not text.endswith(str(thing)):
            text += str(thing)
        elements = None if text else _read_elements(reading, thing)
        lon, lat = _read_point(reading)
        code = _read_code(reading)
        if reading.faults:
            return tuple(reading.faults)
        return AddressRow(
            number=row.number,
            text=text,
            elements=elements,
            lon=lon,
            lat=lat,
            code=code,
            source_id=reading.cells.get("source_id", ""),
            is_sample=reading.cells.get("sample", "").lower() not in _NO,
            identifiers=_read_identifiers(reading.cells),
        )


def open_reader(headings: Sequence[str], overrides: Sequence[str] = ()) -> RowReader:
    """Return the reader of a list with these headings; ``overrides`` are ``COLUMN=FIELD``.

    Raises ColumnUnknown when the columns do not make an address list.
    """
    return RowReader(map_headings(headings, overrides))


def clean_cell(cell: str) -> str:
    """Return a cell without blanks around it, line ends and invisible characters.

    What stands for an absent level (无, NULL, a dash) becomes empty.
    """
    if not cell.isprintable():
        kept = (" " if c.isspace() else c for c in cell if not _is_invisible(c))
        cell = "".join(kept)
    cell = cell.strip()
    return "" if len(cell) <= _LONGEST_ABSENT and cell.lower() in _ABSENT else cell


def _is_invisible(character: str) -> bool:
    return not character.isspace() and unicodedata.category(character) in ("Cc", "Cf", "Co", "Cn")


@dataclass(slots=True)
class _Reading:
    """A row while it is read: its cleaned cells by field, and what was found wrong."""

    number: int
    columns: Columns
    cells: dict[str, str] = field(default_factory=dict)
    faults: list[RowFault] = field(default_factory=list)

    def clean(self, row: Row) -> None:
        """Take the cells of the known columns."""
        for name, column in self.columns.by_field.items():
            cell = clean_cell(row.values[column])
            if len(cell) > CELL_LIMIT:
                self.refuse(name, f"the cell has over {CELL_LIMIT} characters", "Shorten it")
            self.cells[name] = cell[:CELL_LIMIT]

    def refuse(self, name: str, reason: str, mend: str) -> None:
        """Note a fault of a field; an empty name means the whole row."""
        column = self.columns.by_field.get(name, "")
        self.faults.append(RowFault(self.number, column, reason, mend))


def _full_text(cells: dict[str, str]) -> str:
    """The text with the divisions of other columns before it, each named once.

    A province that only the text names stays in front. Where the column says 丽水 and the text
    丽水市, the fuller form is kept; a city without its suffix gets one. 温州 before 大道
    is part of a name and stays.
    """
    rest = cells.get("text", "")
    if not rest:
        return ""
    names: list[str] = []
    province = _PROVINCE.match(rest)
    if province and not cells.get("province"):
        names.append(province.group())
        rest = rest[province.end() :]
    for name in DIVISION_FIELDS:
        division = cells.get(name, "")
        if not division:
            continue
        if not division.endswith(_SUFFIXES[name]):
            told = (s for s in _SUFFIXES[name] if rest.startswith(division + s))
            division += next(told, "市" if name == "city" else "")
        rest = rest.removeprefix(division)
        if division not in names:
            names.append(division)
    return "".join(names) + rest


def _read_thing(reading: _Reading) -> Numbered | None:
    """The thing of the columns 事物类型 and 事物编号; the number without 号."""
    kind, number = (reading.cells.get(name, "") for name in THING_FIELDS)
    if not kind:
        if number:
            reading.refuse("thing", "有事物编号而没有事物类型", "写明事物类型，如 路灯")
        return None
    thing = make_thing(kind, normalise(number).text.removesuffix("号").upper())
    if thing is None:
        known = "、".join(row.name for row in KINDS)
        reading.refuse("thing", f"「{kind[:20]}」不是事物类型", f"写 {known}")
    return thing


def _read_elements(reading: _Reading, thing: Numbered | None) -> Elements | None:
    cells = reading.cells
    if not any(cells.get(name) for name in LOCAL_FIELDS):
        mend = "Fill in the address, or take the row out"
        reading.refuse("text", "the row holds no address", mend)
        return None
    values: dict[str, Any] = {}
    for name in (*DIVISION_FIELDS, *LOCAL_FIELDS):
        cell = cells.get(name, "")
        if not cell:
            continue
        try:
            if name in NUMBERED_LEVELS:
                values[name] = read_level_cell(name, cell)
            elif name == "lane":
                values["lanes"] = read_lane_cell(cell)
            else:
                values[name] = _read_name(reading, name, cell)
        except UnclearNumber as unclear:
            reading.refuse(name, str(unclear), unclear.mend)
    return Elements(**values, thing=thing)


def _read_name(reading: _Reading, name: str, cell: str) -> str:
    """A name without blanks; a number behind it belongs in a column of its own."""
    text = "".join(cell.split())
    if _NUMBER_BEHIND.search(text):
        mend = "Put the number into a column of its own, or map this column to text"
        reading.refuse(name, f"「{cell[:40]}」 is a name with a number behind it", mend)
    return text


def _read_point(reading: _Reading) -> tuple[float | None, float | None]:
    found = read_degrees(reading.cells.get("lon", ""), reading.cells.get("lat", ""))
    if isinstance(found, PointFault):
        reading.refuse(found.field, found.reason, found.mend)
        return None, None
    return found or (None, None)


def _read_identifiers(cells: dict[str, str]) -> tuple[tuple[str, str], ...]:
    schemes = [name for name in cells if name.startswith(IDENTIFIER)]
    return tuple((name.removeprefix(IDENTIFIER), cells[name]) for name in schemes if cells[name])


def _read_code(reading: _Reading) -> str:
    cell = reading.cells.get("code", "")
    if not cell:
        return ""
    try:
        return str(parse_code(cell))
    except InvalidCode as wrong:
        mend = "Copy the code again (a spreadsheet rounds numbers of 16 digits: keep it as text)"
        reading.refuse("code", str(wrong), mend)
        return ""
