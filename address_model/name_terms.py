"""Splits a place name into the terms written apart: specific term, number, generic term.

After 《中国地名汉语拼音字母拼写规则(汉语地名部分)》, (84)中地字第17号: rules 1 and 2 (generic term
apart; a modifier of one syllable joins it), 3 (villages are not split), 4 (a generic term inside a
name is part of it) and 7 (ordinal numbers of streets are figures).
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

VILLAGE: Final = "village"
NATURAL: Final = "natural"
STRUCTURE: Final = "structure"

_GENERIC: Final = (
    *("自治县", "自治区", "自治州", "新区", "大道", "大街", "支路", "支弄", "公路", "新村", "小区"),
    *("花园", "公寓", "家园", "街道", "社区", "广场", "马路", "环路", "胡同"),
    *("路", "街", "巷", "弄", "里", "坊", "苑", "条", "道", "省", "市", "区", "县", "镇", "乡"),
)
_NATURAL: Final = (
    *("群岛", "海峡", "高原", "水库", "运河", "新河", "山", "江", "河", "湖", "海", "岛", "峡"),
    *("溪", "湾", "港", "岭", "峰", "顶", "泉", "潭", "渠", "塘", "洋", "礁", "浦", "尖", "岗"),
)
_STRUCTURE: Final = ("桥", "塔", "寺", "亭", "楼", "堰", "祠", "庵", "宫", "庙", "阁", "闸")
_UNSPLIT_AFTER_ONE: Final = ("条", "道", "里", "坊", "苑")
"""Generic terms that need a specific term of two characters: 大道 and 四条 are words."""

_MODIFIED_STREET: Final = re.compile(
    r"^.{2,}?([东西南北中左右]路|[东西南北中前后直横正老小大支]{1,2}[街巷]|[东西南北]大街)$"
)
_FIGURES: Final = "一二三四五六七八九"
_ORDINAL: Final = f"(?P<number>[{_FIGURES}]?十[{_FIGURES}]?|[{_FIGURES}])"
"""One figure or a ten: two adjacent figures are a date, as in 五一 and 三八."""

_NUMBERED: Final = (
    re.compile(rf"^(?P<before>){_ORDINAL}(?P<after>马路|环路|经路|纬路|横路|支路)$"),
    re.compile(rf"^(?P<before>经|纬){_ORDINAL}(?P<after>路)$"),
    re.compile(rf"^(?P<before>第){_ORDINAL}(?P<after>弄|巷|支路|支弄)$"),
    re.compile(rf"^(?P<before>.{{2,}}?){_ORDINAL}(?P<after>条)$"),
    re.compile(
        rf"^(?P<before>.+[^{_FIGURES}十第]){_ORDINAL}(?P<after>路|街|大街|巷|弄|支路|支弄)$"
    ),
)
_DIGITS: Final = {figure: value for value, figure in enumerate("零一二三四五六七八九")}


@dataclass(frozen=True)
class Term:
    """Characters ``start`` to ``end`` of a name, written apart; ``number`` replaces a figure."""

    start: int
    end: int
    number: int | None = None
    joins: bool = False
    """Whether a hyphen joins it to the term before: ``Dì-9``."""


def split_name(name: str, kind: str = "") -> tuple[str, str]:
    """(Specific term, generic term) of a name; a village keeps its generic term joined."""
    cut = _find_cut(name, kind)
    return name[:cut], name[cut:]


def list_terms(name: str, kind: str = "") -> tuple[Term, ...]:
    """The terms of a name that are written apart, in order.

    ``kind`` is empty (a division, a street, an estate), ``village`` (a settlement, never split),
    ``natural`` (山 江 湖 岛 …) or ``structure`` (桥 塔 寺 …).
    """
    patterns = () if kind else _NUMBERED
    found = next(filter(None, (pattern.match(name) for pattern in patterns)), None)
    if found:
        start, end = found.span("number")
        tens, ten, units = found["number"].rpartition("十")
        value = (_DIGITS[tens] if tens else 1) * 10 * bool(ten) + (_DIGITS[units] if units else 0)
        number = Term(start, end, value, joins=found["before"] == "第")
        before = (Term(0, start),) if start else ()
        return (*before, number, Term(end, len(name)))
    cut = _find_cut(name, kind)
    return tuple(Term(start, end) for start, end in ((0, cut), (cut, len(name))) if end > start)


@lru_cache(maxsize=32768)
def _find_cut(name: str, kind: str) -> int:
    if kind == VILLAGE:
        return len(name)
    if not kind and (street := _MODIFIED_STREET.match(name)):
        return street.start(1)
    generics = {NATURAL: _NATURAL, STRUCTURE: _STRUCTURE}.get(kind, _GENERIC)
    for generic in generics:
        least = 2 if generic in _UNSPLIT_AFTER_ONE else 1
        if name.endswith(generic) and len(name) >= len(generic) + least:
            return len(name) - len(generic)
    return len(name)
