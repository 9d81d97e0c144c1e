"""Reads the rows of an address list: text or elements, point, code, source id."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from address_model.codes import InvalidCode, parse_code
from address_model.elements import Elements, Numbered
from address_model.normal_form import normalise
from address_model.things import KINDS, make_thing
from service.core.sheets import Row, RowFault
from service.imports.element_cells import read_elements
from service.imports.headings import (
    DIVISION_FIELDS,
    IDENTIFIER,
    THING_FIELDS,
    Columns,
    map_headings,
)
from service.imports.points import PointFault, read_degrees
from service.imports.row_cells import RowReading
from service.imports.rules import Rule

_PROVINCE = re.compile("(?:[一-龥]{2}|黑龙江)省|(?:内蒙古|西藏|宁夏回族|新疆维吾尔|广西壮族)自治区")
_SUFFIXES = {
    "province": ("省", "市", "自治区"),
    "city": ("市", "地区", "自治州", "盟"),
    "county": ("区", "县", "市"),
    "township": ("街道", "镇", "乡"),
    "community": ("社区", "村"),
}
_NO = {"", "0", "否", "no", "n", "false"}
_DIGITS = re.compile(r"[0-9]+")
_FOOTER_STARTS = frozenset("合总小共累审复核填制经负统登单联说注盖年日期")
_TOTAL = re.compile(r"(?:合|总|小|共|累)\s*计\s*[:：]?.{0,20}")
_SIGNATURE = re.compile(
    r"(?:审核|复核|核对|填表|填报|制表|经办|负责|统计|登记|单位|联系|说明|注|盖章|日期)[^:：]{0,8}[:：].*"
    r"|.*[(（](?:盖章|公章|签字|签名)[)）].*"
)


class SkippedRow(str):
    """The kind of a row that is no address, in Chinese: a total, a signature, repeated headings."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class ImportRow:
    """A row without faults; its address is ``text``, or ``plates`` if the text is empty.

    ``plates`` has one entry, or one per number of several (3、5、7号). ``lon`` and ``lat`` are
    degrees in the system declared for the list. ``code`` is empty, or 16 digits with correct
    check digits.
    """

    number: int
    text: str = ""
    plates: tuple[Elements, ...] = ()
    lon: float | None = None
    lat: float | None = None
    code: str = ""
    source_id: str = ""
    is_sample: bool = False
    identifiers: tuple[tuple[str, str], ...] = ()
    """Scheme and value of each identifier in another system."""


@dataclass(frozen=True, slots=True)
class RowReader:
    """Reads the rows of one list."""

    columns: Columns

    @property
    def unknown(self) -> tuple[str, ...]:
        """The columns that are left out."""
        return self.columns.unknown

    @property
    def has_points(self) -> bool:
        """Whether the list has both longitude and latitude."""
        return {"lon", "lat"} <= self.columns.by_field.keys()

    def read(self, row: Row) -> ImportRow | SkippedRow | tuple[RowFault, ...]:
        """Return the row as values, all of its faults, or the kind of a row that is no address.

        Faults name the list's own columns. A text is the address, with the divisions of other
        columns put before it; without one the address is made of the element columns. 无 in a
        column means that the level is absent.
        """
        skipped = _find_skipped(row)
        if skipped:
            return SkippedRow(skipped)
        if row.fault:
            return (row.fault,)
        reading = RowReading(row.number, self.columns)
        reading.clean(row)
        cells = reading.cells
        thing = _read_thing(reading)
        text = _full_text(cells)
        if text:
            plates: tuple[Elements, ...] = ()
            _compare_columns(reading)
            text += str(thing) if thing and not text.endswith(str(thing)) else ""
        else:
            plates = tuple(plate._replace(thing=thing) for plate in read_elements(reading))
        lon, lat = _read_point(reading) if "lon" in cells or "lat" in cells else (None, None)
        code = _read_code(reading) if "code" in cells else ""
        if reading.faults:
            return tuple(reading.faults)
        return ImportRow(
            row.number,
            text,
            plates,
            lon,
            lat,
            code,
            cells.get("source_id", ""),
            cells.get("sample", "").lower() not in _NO,
            tuple(
                (name.removeprefix(IDENTIFIER), cell)
                for name, cell in cells.items()
                if cell and name.startswith(IDENTIFIER)
            ),
        )


def open_reader(headings: Sequence[str], overrides: Sequence[str] = ()) -> RowReader:
    """Return the reader of a list with these headings; ``overrides`` are ``COLUMN=FIELD``.

    Raises ColumnUnknown when the columns do not make an address list.
    """
    return RowReader(map_headings(headings, overrides))


def _find_skipped(row: Row) -> str:
    """The kind of a row that holds no address: a total, a signature, or repeated headings."""
    first = ""
    for heading, cell in row.values.items():
        if cell:
            first = cell.strip()
            is_heading = first == heading and len(first) > 1
            if is_heading and all(not c or c.strip() == h for h, c in row.values.items()):
                return "重复的标题行"
            if first:
                break
    if first[:1] not in _FOOTER_STARTS and first[:1] not in "(（":
        return ""
    if _TOTAL.fullmatch(first):
        return "合计行"
    filled = sum(1 for cell in row.values.values() if cell.strip())
    return "签名行" if filled <= 3 and _SIGNATURE.fullmatch(first) else ""


def _full_text(cells: dict[str, str]) -> str:
    """The text preceded by the divisions of other columns, each named once.

    A province that only the text names stays in front. If the column says 丽水 and the text
    丽水市, the longer form is kept; a city without a suffix gets one. 温州 before 大道 is part
    of a name and stays.
    """
    rest = cells.get("text", "")
    if not rest or cells.keys().isdisjoint(DIVISION_FIELDS):
        return rest
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
            suffixes = (s for s in _SUFFIXES[name] if rest.startswith(division + s))
            division += next(suffixes, "市" if name == "city" else "")
        rest = rest.removeprefix(division)
        if division not in names:
            names.append(division)
    return "".join(names) + rest


def _read_thing(reading: RowReading) -> Numbered | None:
    """The thing named by the columns 事物类型 and 事物编号; its number without 号."""
    kind, number = (reading.cells.get(name, "") for name in THING_FIELDS)
    if not kind:
        if number:
            reading.refuse("thing", Rule.THING_ALONE, cell=number[:20])
        return None
    thing = make_thing(kind, normalise(number).text.removesuffix("号").upper())
    if thing is None:
        known = "、".join(row.name for row in KINDS)
        reading.refuse("thing", Rule.THING_UNKNOWN, cell=kind[:20], known=known)
    return thing


def _compare_columns(reading: RowReading) -> None:
    """Refuse a row whose element columns hold numbers that its text lacks."""
    cells = reading.cells
    filled = [name for name in reading.columns.numbered if cells.get(name)]
    if not filled:
        return
    in_text = set(_DIGITS.findall(normalise(cells["text"]).text))
    for name in filled:
        if not in_text.issuperset(_DIGITS.findall(normalise(cells[name]).text)):
            reading.refuse(name, Rule.COLUMNS_DISAGREE, cell=cells[name][:40])


def _read_point(reading: RowReading) -> tuple[float | None, float | None]:
    cells = reading.cells
    found = read_degrees(cells.get("lon", ""), cells.get("lat", ""))
    if isinstance(found, PointFault):
        reading.refuse(found.field, found.rule, cell=cells.get(found.field, "")[:40])
        return None, None
    return found or (None, None)


def _read_code(reading: RowReading) -> str:
    cell = reading.cells["code"]
    if not cell:
        return ""
    try:
        return parse_code(cell).digits
    except InvalidCode:
        reading.refuse("code", Rule.CODE_WRONG, cell=cell[:40])
        return ""
