"""The line of a street as its numbered doors draw it, and where each door stands along it."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot
from statistics import median

from shapely import LineString
from shapely import Point as Spot

from address_model.coordinates import Point, metres_per_degree

NEAR_M = 8.0
"""Doors that lie so near to each other along the street may stand in either order, in metres."""

_FEWEST, _A_PIECE, _BEYOND_M, _SHORTEST_M = 4, 6, 500.0, 15.0
_Spot = tuple[float, float]


@dataclass(frozen=True, slots=True)
class DoorSpot:
    """Where a door stands: metres along the street, and metres to the left of its line."""

    along_m: float
    left_m: float


@dataclass(frozen=True, slots=True)
class StreetLine:
    """A line in the middle between both sides, towards the growing numbers, in metres."""

    origin: Point
    line: LineString

    @property
    def course(self) -> tuple[float, float]:
        """From its beginning to its end, in metres east and north."""
        (x1, y1), *_, (x2, y2) = self.line.coords
        return x2 - x1, y2 - y1

    def place(self, point: Point) -> DoorSpot:
        """Where a point stands along the line."""
        east, north = metres_per_degree(self.origin.lat)
        x, y = (point.lon - self.origin.lon) * east, (point.lat - self.origin.lat) * north
        along = self.line.project(Spot(x, y))
        before, behind = (self.line.interpolate(along + by) for by in (-1.0, 1.0))
        dx, dy = behind.x - before.x, behind.y - before.y
        aside = dx * (y - before.y) - dy * (x - before.x)
        return DoorSpot(along, aside / (hypot(dx, dy) or 1.0))


def fit_line(numbered: Sequence[tuple[int, Point]]) -> StreetLine | None:
    """The line of a street from its doors in the order of their numbers.

    Pieces of a few numbers have a middle each, which a single door out of place does not move.
    None if there are too few doors, or all stand at one place.
    """
    if len(numbered) < _FEWEST:
        return None
    origin = numbered[0][1]
    east, north = metres_per_degree(origin.lat)
    pieces = max(2, len(numbered) // _A_PIECE)
    middles: list[_Spot] = []
    for piece in range(pieces):
        part = numbered[len(numbered) * piece // pieces : len(numbered) * (piece + 1) // pieces]
        sides: list[_Spot] = []
        for row in (0, 1):
            own = [
                ((point.lon - origin.lon) * east, (point.lat - origin.lat) * north)
                for number, point in part
                if number % 2 == row
            ]
            if own:
                sides.append((median(x for x, _ in own), median(y for _, y in own)))
        middle = sum(x for x, _ in sides) / len(sides), sum(y for _, y in sides) / len(sides)
        if not middles or hypot(middle[0] - middles[-1][0], middle[1] - middles[-1][1]) > 1.0:
            middles.append(middle)
    if len(middles) < 2 or LineString(middles).length < _SHORTEST_M:
        return None
    ends: list[_Spot] = []
    for (x1, y1), (x2, y2) in ((middles[1], middles[0]), (middles[-2], middles[-1])):
        share = _BEYOND_M / hypot(x2 - x1, y2 - y1)
        ends.append((x2 + (x2 - x1) * share, y2 + (y2 - y1) * share))
    return StreetLine(origin, LineString([ends[0], *middles, ends[1]]))


def list_disordered(along: Sequence[float]) -> list[int]:
    """The places of a few doors without which all others stand in the order of the street.

    ``along`` are their metres in the order of their numbers.
    """
    ends: list[float] = []
    places: list[int] = []
    before: list[int | None] = []
    for place, metres in enumerate(along):
        length = bisect_right(ends, metres + NEAR_M)
        before.append(places[length - 1] if length else None)
        if length == len(ends):
            ends.append(metres)
            places.append(place)
        elif metres < ends[length]:
            ends[length], places[length] = metres, place
    kept: set[int] = set()
    at = places[-1] if places else None
    while at is not None:
        kept.add(at)
        at = before[at]
    return [place for place in range(len(along)) if place not in kept]
