"""Reads a cell of a column of its own (门牌号, 幢, 单元, 楼层, 室, 组, 弄) into its number.

In such a column people write ``3幢``, ``3栋``, ``３#``, ``三`` and ``3`` for the same building. A
number without quantifier gets the one of its column. A cell that names several (11-12号, 1、3幢)
or something else is refused, with the hint: a register row is one place.
"""

import re
from functools import lru_cache

from address_model.elements import Numbered
from address_model.normal_form import normalise, read_numeral
from address_model.plate_suffixes import NUMERAL, ORDINALS, read_suffix

NUMBERED_LEVELS = ("group", "number", "building", "unit", "floor", "room")
RANGE_AT_MOST = 60
"""A dash between numbers that rise by no more is a range (11-12号), else a suffix (47-1号)."""


class UnclearNumber(ValueError):
    """The cell does not hold one number of its level; ``hint`` says what to write.

    ``kind`` is ``date`` where a spreadsheet made a date of it, ``several`` where it names more than
    one, else empty.
    """

    def __init__(self, reason: str, hint: str, kind: str = "") -> None:
        super().__init__(reason)
        self.hint = hint
        self.kind = kind


_NUMERALS = re.compile(r"第?([零〇一二三四五六七八九十百廿卅]+)(?=$|村民小组|小组|邻|队)")
_DECIMAL = re.compile(r"([0-9]+)\.0+")
_DATE = re.compile(
    r"[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}(?:0:00:00|00:00:00)?|[0-9]{1,2}月[0-9]{1,2}日"
)
_SEVERAL = re.compile(r"[、,;/和及&]|[0-9]号?[至到]")
_RANGE = re.compile(r"([0-9]+)\D?-([0-9]+)\D*")
_SIDE = "东南西北中"
_CODE = r"[A-Za-z]?[0-9]+[A-Za-z]?|[A-Za-z]{1,2}"

_PATTERNS = {
    "group": re.compile(r"第?(?P<number>[0-9]+)(?P<quantifier>村民小组|小组|组|邻|队)?"),
    "number": re.compile(
        rf"(?P<prefix>临|附|新|老|[{ORDINALS}])?(?P<number>[A-Za-z]?[0-9]+)"
        rf"(?P<suffix>-[0-9]+|[之附](?:[0-9]+|{NUMERAL}+))?"
        rf"(?:-?\(?(?P<letter>[A-Za-z{ORDINALS}])\)?)?"
        rf"(?P<quantifier>号|#)?"
        rf"(?P<behind>(?:-|之|附)(?:[0-9]+|{NUMERAL}+)号?|-?[{ORDINALS}])?"
    ),
    "building": re.compile(
        rf"第?(?P<number>{_CODE}|[{ORDINALS}{_SIDE}])(?:-(?P<suffix>[0-9]+))?-?"
        r"(?P<quantifier>号楼|#楼|#|幢|栋|座|楼|号馆|号库|塔楼|号)?"
        r"|(?P<name>[一-龥]{2,12})(?P<kind>楼|幢|栋|座|馆|大厦|厂房)"
    ),
    "unit": re.compile(rf"第?(?P<number>{_CODE}|[{ORDINALS}{_SIDE}])(?P<quantifier>单元|梯|门)?"),
    "floor": re.compile(
        r"(?P<below>地下|负|-|B|b)?第?(?P<number>[0-9]+)(?P<quantifier>层|楼|F|f)?"
    ),
    "room": re.compile(
        rf"(?P<number>-?[A-Za-z{ORDINALS}]?[0-9]+(?:[A-Za-z][0-9]{{0,3}})?"
        rf"(?:-[A-Za-z]?[0-9]+[A-Za-z]?|-[A-Za-z])*)"
        r"(?P<quantifier>室|号房|房间|房|商铺|店面|摊位|铺位|铺|间|号)?"
    ),
}
_DEFAULTS = {
    "group": "组", "number": "号", "building": "幢", "unit": "单元", "floor": "层", "room": "室"
}  # fmt: skip
_AS_WRITTEN = {
    ("group", "村民小组"): "组", ("group", "小组"): "组", ("number", "#"): "号",
    ("building", "#"): "号楼", ("building", "#楼"): "号楼", ("building", "楼"): "号楼",
    ("building", "号"): "号楼", ("floor", "F"): "层", ("floor", "f"): "层", ("room", "号"): "室",
}  # fmt: skip
_EXAMPLES = {
    "group": "5组", "number": "12号, 12-1号, 12号之一, 12号附1 or 临12号", "building": "3幢 or A座",
    "unit": "2单元", "floor": "3层, below ground -1层", "room": "201室", "lane": "12弄3支弄",
}  # fmt: skip
_LANE = re.compile(r"([0-9]+(?:-[0-9]+)?)(支弄|支巷|弄|巷)?")


@lru_cache(maxsize=1 << 16)
def read_level_cell(level: str, cell: str) -> Numbered:
    """Return the number that a cell of a level's column holds.

    Raises:
        UnclearNumber: it holds several, or none.
    """
    text = _plain(cell)
    match = _PATTERNS[level].fullmatch(text)
    if _DATE.fullmatch(text):
        raise UnclearNumber(
            f"a spreadsheet has made the date 「{cell[:40]}」 of a number with a dash",
            f"Format the column as text and write {_EXAMPLES[level]}",
            "date",
        )
    span = _RANGE.fullmatch(text) if level in ("number", "building", "unit", "floor") else None
    is_range = span is not None and 0 < int(span[2]) - int(span[1]) <= RANGE_AT_MOST
    if is_range or _SEVERAL.search(text):
        raise UnclearNumber(
            f"「{cell[:40]}」 names several",
            f"Write one row for each, such as {_EXAMPLES[level]}",
            "several",
        )
    if match is None:
        raise _unclear(level, cell)
    found = match.groupdict()
    if found.get("name"):
        return Numbered(found["name"], found["kind"])
    quantifier = found["quantifier"] or _DEFAULTS[level]
    inside = read_suffix(found.get("suffix") or "") + (found.get("letter") or "")
    behind = read_suffix(found.get("behind") or "")
    if inside and behind:
        raise _unclear(level, cell)
    return Numbered(
        number=("-" if found.get("below") else "") + found["number"],
        quantifier=_AS_WRITTEN.get((level, quantifier), quantifier),
        prefix=found.get("prefix") or "",
        suffix=inside or behind,
    )


def read_lane_cell(cell: str) -> tuple[Numbered, ...]:
    """Return the chain of lanes of a cell, outermost first: ``12弄3支弄``; a bare 12 is 12弄.

    Raises:
        UnclearNumber: the cell holds a name (that is a thoroughfare) or something else.
    """
    text = _plain(cell)
    if not re.fullmatch(rf"(?:{_LANE.pattern})+", text):
        raise UnclearNumber(
            f"「{cell[:40]}」 is no numbered lane",
            "Write it as 12弄3支弄; a lane with a name is a thoroughfare (街路巷)",
        )
    return tuple(Numbered(number, kind or "弄") for number, kind in _LANE.findall(text))


def _plain(cell: str) -> str:
    if cell.isascii() and cell.isdigit():
        return cell
    text = normalise(cell).text.replace(" ", "")
    numeral = _NUMERALS.match(text)
    if numeral:
        text = (read_numeral(numeral[1]) or numeral[1]) + text[numeral.end() :]
    decimal = _DECIMAL.fullmatch(text)
    return decimal[1] if decimal else text


def _unclear(level: str, cell: str) -> UnclearNumber:
    return UnclearNumber(f"「{cell[:40]}」 is no {level}", f"Write it as {_EXAMPLES[level]}")
