"""The precision of a place's position, and of distances to it."""

from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Precision:
    """A grade of precision; ``metres`` is the radius within which the place lies."""

    word: str
    metres: int
    is_estimate: bool
    zh: str
    en: str


PRECISIONS = MappingProxyType(
    {
        one.word: one
        for one in (
            Precision("surveyed", 10, False, "实测", "surveyed"),
            Precision("line", 50, False, "按路线", "along its line"),
            Precision("village_point_1km", 1000, False, "村点，误差 1 公里", "village point, 1 km"),
            Precision("town_center_1km", 1000, False, "镇中心，误差 1 公里", "town centre, 1 km"),
            Precision("county_seat_1km", 1000, False, "县治，误差 1 公里", "county seat, 1 km"),
            Precision(
                "township_centre_5km", 5000, False, "乡镇中心，误差 5 公里", "township, 5 km"
            ),
            Precision("county_centre", 30_000, True, "县域中心，非治所", "middle of the county"),
            Precision("approximate_1km", 1000, True, "估计位置，待测", "estimate, not surveyed"),
            Precision("none", 0, True, "位置未知", "position unknown"),
        )
    }
)
"""All precision grades, by word."""


def precision_of(word: str) -> Precision:
    """The precision of a word; an unknown word is an estimate."""
    return PRECISIONS.get(word, PRECISIONS["none"])


def decimals_of(word: str) -> int:
    """The number of decimals of a degree that the precision allows."""
    known = precision_of(word)
    if known.is_estimate or known.metres > 1000:
        return 2
    return 3 if known.metres > 100 else 6


def find_distance(word: str, metres: float, radius: float) -> int | None:
    """A distance rounded to the precision of the point; None when none may be shown.

    An estimated point has no distance, nor has one less precise than the ``radius`` (metres) of
    the search.
    """
    known = precision_of(word)
    if known.is_estimate or known.metres > radius:
        return None
    step = max(known.metres, 10)
    return max(round(metres / step) * step, step)
