"""Positions of an address: kinds, grades of accuracy, and which one is used.

An address has its own point (代表点), which places it in areas and divisions, and may have typed
positions: entrance, staircase, garage, fire access. The kinds follow the position types of the
French BAL format (entrée, cage d'escalier …) and the Danish access point; no Chinese standard that
was read lists kinds or grades, so both tables are our own.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar

from address_model.coordinates import Point


class PositionKind(StrEnum):
    """The kind of a position; the value is the stored form."""

    CENTRE = "centre"
    ENTRANCE = "entrance"
    STAIRCASE = "staircase"
    GARAGE = "garage"
    FIRE_ACCESS = "fire_access"


class Accuracy(StrEnum):
    """The accuracy grade of a position; unknown is an empty text and ranks last."""

    SURVEYED = "A"
    MAPPED = "B"
    HANDHELD = "C"
    ESTIMATED = "D"
    UNKNOWN = ""

    @property
    def metres(self) -> float | None:
        """Maximum distance from the true place in metres; None when unknown."""
        return GRADES[self].metres

    @property
    def rank(self) -> int:
        """0 for the best grade, increasing for each lower one."""
        return tuple(GRADES).index(self)


@dataclass(frozen=True, slots=True)
class KindRow:
    """A row of the table of kinds: names, and synonyms used in lists."""

    kind: PositionKind
    name: str
    name_en: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Grade:
    """A row of the table of grades: maximum error in metres, and method."""

    metres: float | None
    name: str
    name_en: str


KINDS: Final = (
    KindRow(
        PositionKind.CENTRE, "代表点", "own point", ("中心点", "中心", "地址点", "点位", "center")
    ),
    KindRow(
        PositionKind.ENTRANCE, "入口", "entrance", ("出入口", "主入口", "大门", "门口", "单元门")
    ),
    KindRow(PositionKind.STAIRCASE, "楼梯", "staircase", ("楼梯口", "楼梯间", "stairs")),
    KindRow(PositionKind.GARAGE, "车库", "garage", ("车库口", "车库入口", "地下车库", "停车场")),
    KindRow(
        PositionKind.FIRE_ACCESS,
        "消防",
        "fire access",
        ("消防入口", "消防通道", "消防口", "消防登高面", "fire"),
    ),
)
"""All kinds, in the order in which they are listed."""

GRADES: Final = {
    Accuracy.SURVEYED: Grade(0.5, "测量", "surveyed"),
    Accuracy.MAPPED: Grade(2.5, "大比例尺图", "from a large-scale map"),
    Accuracy.HANDHELD: Grade(10.0, "手机定位", "by a telephone"),
    Accuracy.ESTIMATED: Grade(50.0, "估计", "estimated"),
    Accuracy.UNKNOWN: Grade(None, "未知", "unknown"),
}
"""All grades, best first."""

FAR_M: Final = 2000.0
"""A typed position further than this from the address's own point belongs to another address."""

_KIND_OF = {
    word: row.kind
    for row in KINDS
    for word in (row.kind.value, row.name, row.name_en.replace(" ", ""), *row.words)
}
_ROW_OF = {row.kind: row for row in KINDS}
_METRES = re.compile(r"(\d{1,4}(?:\.\d{1,3})?)(?:m|米)?")


P = TypeVar("P")


@dataclass(frozen=True, slots=True)
class Position:
    """One position of an address, in degrees (EPSG:4490).

    ``label`` distinguishes several of a kind (东门); the main one has none.
    """

    kind: PositionKind
    point: Point
    accuracy: Accuracy = Accuracy.UNKNOWN
    label: str = ""

    @property
    def name(self) -> str:
        """The kind's Chinese name."""
        return kind_row(self.kind).name


def counting_position(own: P | None, entrance: P | None) -> P | None:
    """The position used for display, search and navigation: the entrance, else the own point.

    ``entrance`` is the main one, see ``main_entrance``. Areas and divisions are not derived from
    it: an entrance may lie at the edge of another grid.
    """
    return entrance or own


def entrance_of(
    lon: float | None, lat: float | None, accuracy: str | None, label: str | None
) -> Position | None:
    """Make an entrance from four columns; None if there is none."""
    if lon is None or lat is None:
        return None
    return Position(PositionKind.ENTRANCE, Point(lon, lat), Accuracy(accuracy or ""), label or "")


def main_entrance(positions: tuple[Position, ...]) -> Position | None:
    """The main entrance: the one without a label, else the most accurate, else by label."""
    entrances = [one for one in positions if one.kind is PositionKind.ENTRANCE]
    order = sorted(entrances, key=lambda one: (bool(one.label), one.accuracy.rank, one.label))
    return order[0] if order else None


def kind_row(kind: PositionKind) -> KindRow:
    """The row of a kind in the table."""
    return _ROW_OF[kind]


def find_kind(text: str) -> PositionKind | None:
    """The kind that a word means, in Chinese or English; None when it is none."""
    return _KIND_OF.get(re.sub(r"[\s_-]", "", text).lower()) or _KIND_OF.get(text.strip())


def find_accuracy(text: str) -> Accuracy | None:
    """The grade for a letter, a grade's name, or metres (3, 3米); None for anything else.

    An empty text is unknown, as are more metres than the last grade allows.
    """
    plain = text.strip()
    if plain.upper() in GRADES:
        return Accuracy(plain.upper())
    for grade, row in GRADES.items():
        if plain in (row.name, row.name_en):
            return grade
    found = _METRES.fullmatch(plain.lower())
    if found is None:
        return None
    within = (g for g, row in GRADES.items() if row.metres and float(found[1]) <= row.metres)
    return next(within, Accuracy.UNKNOWN)
