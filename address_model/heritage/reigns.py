"""Converts reign years to years and back, as precisely as the text, after the CHGIS date rules.

唐咸通十三年 is 872, exactly to the year (rule 4); 唐咸通年间 is 860 to 874 (rule 3); 唐 alone is
the dynasty (rule 2). Rules 5 (month or season) and 6 (day) keep the year; months are not converted.
"""

import re
from dataclasses import dataclass
from enum import IntEnum
from functools import cache

from address_model.heritage.reign_table import REIGNS
from address_model.heritage.years import next_year, years_between
from address_model.plate_suffixes import write_numeral


class DateRule(IntEnum):
    """The precision of a date: beg_rule and end_rule of CHGIS."""

    PAN_DYNASTY = 1
    DYNASTY = 2
    REIGN = 3
    YEAR = 4
    MONTH = 5
    DAY = 6


@dataclass(frozen=True, slots=True)
class Reign:
    """One reign: dynasty, name, first and last year."""

    dynasty: str
    name: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class ReignDate:
    """A parsed reign text: a year or a span of years, and the rule."""

    first: int
    last: int
    rule: DateRule
    reign: Reign | None = None


class UnclearDate(ValueError):
    """A text is not a reign date, or is ambiguous; the message says which."""


_DIGITS = {char: n for n, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "元": 1}
_TENS = {"十": 10, "廿": 20, "卅": 30}
_DATE = re.compile(
    r"^(?P<year>[元一二三四五六七八九十廿卅百]+)[年载](?P<month>闰?[正一二三四五六七八九十冬腊]+月"
    r"|[春夏秋冬])?(?P<day>[初十廿一二三四五六七八九]+日?|[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥])?$"
)
_YEAR_HINT = re.compile(r"[(（](-?\d+)年?[)）]")
_TWICE = {("唐", "上元"), ("元", "至元")}
"""Reign names used twice in one dynasty: the year is added to them."""
_DYNASTIES = {
    "夏": (-2070, -1600), "商": (-1600, -1046), "周": (-1046, -256), "春秋": (-770, -476),
    "战国": (-475, -221), "秦": (-221, -207), "西汉": (-206, 8), "汉": (-206, 220),
    "新莽": (9, 23), "东汉": (25, 220), "三国": (220, 280), "西晋": (266, 316),
    "东晋": (317, 420), "晋": (266, 420), "南北朝": (420, 589), "南朝": (420, 589),
    "隋": (581, 618), "唐": (618, 907), "五代": (907, 960), "北宋": (960, 1127),
    "南宋": (1127, 1279), "宋": (960, 1279), "元": (1271, 1368), "明": (1368, 1644),
    "清": (1644, 1911), "民国": (1912, 1949),
}  # fmt: skip
_PAN = {"汉", "晋", "宋", "周", "南朝", "南北朝", "三国", "五代"}
_SHORT = {
    "汉": ("汉", "东汉"), "西汉": ("汉",), "新莽": ("新",),
    "三国": ("三国魏", "三国吴", "三国蜀"),
    "魏": ("三国魏",), "吴": ("三国吴",), "蜀": ("三国蜀",), "蜀汉": ("三国蜀",),
    "明": ("明", "南明"), "晋": ("西晋", "东晋"),
    "南朝": ("南朝宋", "南朝齐", "南朝梁", "南朝陈"), "宋": ("北宋", "南宋", "南朝宋"),
    "齐": ("南朝齐",), "梁": ("南朝梁", "后梁"), "陈": ("南朝陈",), "周": ("武周", "后周"),
    "唐": ("唐", "武周", "后唐"),
    "五代": ("后梁", "后唐", "后晋", "后汉", "后周", "吴越"),
}  # fmt: skip


def parse_reign_date(text: str) -> ReignDate:
    """Read a date such as 唐咸通十三年, 北宋太平兴国年间, 南宋 or 清光绪三年五月.

    Raises:
        UnclearDate: it is not a reign date, the reign had no such year, or two reigns fit.
    """
    plain = re.sub(r"[\s，,·]|[(（].*?[)）]", "", text)
    if plain in _DYNASTIES:
        first, last = _DYNASTIES[plain]
        return ReignDate(first, last, DateRule.PAN_DYNASTY if plain in _PAN else DateRule.DYNASTY)
    # The reigns that the text begins with, with or without their dynasty, and what follows.
    found = []
    for reign in list_reigns():
        shorts = [short for short, full in _SHORT.items() if reign.dynasty in full]
        names = [head + reign.name for head in ("", reign.dynasty, *shorts)]
        found += [(reign, plain[len(name) :]) for name in names if plain.startswith(name)]
    dates = {date for reign, rest in found if (date := _date(reign, rest))}
    longest_name = max((len(date.reign.name) for date in dates if date.reign), default=0)
    longest = {date for date in dates if date.reign and len(date.reign.name) == longest_name}
    if not longest:
        known = f"; {found[0][0].name} had no such year" if found else ""
        raise UnclearDate(f"{text!r} is not a reign date{known}")
    hint = _YEAR_HINT.search(text)
    fitting = {date for date in longest if hint and date.first == int(hint[1])} or longest
    if len(fitting) > 1:
        choices = sorted(f"{d.reign.dynasty}{d.reign.name} {d.first}" for d in fitting if d.reign)
        raise UnclearDate(f"{text!r} may be {', '.join(choices)}: name the dynasty or the year")
    return fitting.pop()


def list_reign_years(year: int) -> list[str]:
    """A year in every reign that has it: 874 is 咸通十五年 and 乾符元年."""
    said = []
    for reign in list_reigns():
        if reign.first <= year <= reign.last:
            count = years_between(reign.first, year) + 1
            number = "元" if count == 1 else write_numeral(count)
            hint = f"({year}年)" if (reign.dynasty, reign.name) in _TWICE else ""
            said.append(f"{reign.dynasty}{reign.name}{number}年{hint}")
    return said


@cache
def list_reigns() -> tuple[Reign, ...]:
    """Every reign of the table."""
    found = []
    for line in REIGNS.strip().splitlines():
        dynasty, *words = line.split()
        found += [
            Reign(dynasty, words[at], int(words[at + 1]), int(words[at + 2]))
            for at in range(0, len(words), 3)
        ]
    return tuple(found)


def _date(reign: Reign, rest: str) -> ReignDate | None:
    if rest in ("", "年间", "中", "间", "年号", "初", "末"):
        return ReignDate(reign.first, reign.last, DateRule.REIGN, reign)
    match = _DATE.match(rest)
    if match is None:
        return None
    year = reign.first
    total, ones = 0, 0
    for char in match["year"]:
        if char in _TENS:
            total += _TENS[char] * (ones or 1) if char == "十" else _TENS[char]
            ones = 0
        else:
            ones = _DIGITS[char]
    for _ in range(total + ones - 1):
        year = next_year(year)
    if year > reign.last:
        return None
    rule = DateRule.DAY if match["day"] else DateRule.MONTH if match["month"] else DateRule.YEAR
    return ReignDate(year, year, rule, reign)
