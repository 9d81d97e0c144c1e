"""Years of the catalogue: signed, without a year zero (-222 is 222 BCE), and their dynasties."""

from bisect import bisect_right

_DYNASTIES = (
    (-2070, "夏商周"), (-770, "春秋战国"), (-221, "秦"), (-206, "汉"), (220, "三国"), (266, "晋"),
    (420, "南北朝"), (581, "隋"), (618, "唐"), (907, "五代"), (960, "宋"), (1271, "元"),
    (1368, "明"), (1644, "清"), (1912, "民国"), (1949, "当代"),
)  # fmt: skip
_QIN_COUNTIES = -222
"""Qin founded the counties of 会稽 a year before its empire; they count as Qin's."""
DYNASTIES = tuple(name for _, name in _DYNASTIES)


def dynasty_of(year: int) -> str:
    """The dynasty that ruled Zhejiang in a year, by the first year of each."""
    if year == _QIN_COUNTIES:
        return "秦"
    at = bisect_right([first for first, _ in _DYNASTIES], year)
    return _DYNASTIES[max(at - 1, 0)][1]


def is_year(value: int) -> bool:
    """Whether a number is a valid year: there is no year zero."""
    return value != 0 and -3000 <= value <= 2200


def next_year(year: int) -> int:
    """The year after a year: 1 follows -1."""
    return 1 if year == -1 else year + 1


def years_between(first: int, last: int) -> int:
    """The number of years from one to the other: 2,238 from -222 to 2017."""
    crosses = first < 0 < last
    return last - first - (1 if crosses else 0)


def year_text(year: int) -> str:
    """A year as it is written in Chinese: 公元前222年, 872年."""
    return f"公元前{-year}年" if year < 0 else f"{year}年"


def year_text_en(year: int) -> str:
    """A year in English: 222 BCE, 872."""
    return f"{-year} BCE" if year < 0 else str(year)


def iso_year(year: int) -> str:
    """A year as the exchange formats write it: four digits, BCE with a minus and not shifted."""
    return f"-{-year:04d}" if year < 0 else f"{year:04d}"


def parse_iso_year(text: str) -> int:
    """Read what ``iso_year`` writes; a whole ISO date gives its year.

    Raises:
        ValueError: not a year, or the year zero.
    """
    sign, digits = (-1, text[1:]) if text.startswith("-") else (1, text)
    year = sign * int(digits.split("-", 1)[0])
    if not is_year(year):
        raise ValueError(f"{text!r} is not a valid year")
    return year
