"""Fits the centre line of a street to the plates on both sides."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import atan2, cos, degrees, pi, sin
from operator import mul
from typing import Self

_FEWEST_PLATES = 6
_REACH_M = 130
_NARROWEST_M = 8


@dataclass(frozen=True, slots=True)
class StreetFit:
    """A straight centre line: the point nearest the origin, unit direction, extent along it."""

    middle: tuple[float, float]
    direction: tuple[float, float]
    first: float
    last: float

    @property
    def slope(self) -> float:
        """Degrees above the horizontal, between -90 and 90."""
        return degrees(atan2(self.direction[1], self.direction[0]))

    def along(self, east: float, north: float) -> float:
        """The coordinate of a point along the street, from the foot of the origin."""
        return east * self.direction[0] + north * self.direction[1]

    def left_of(self, east: float, north: float) -> float:
        """The distance of a point left of the centre line; negative on the right."""
        (ux, uy), (mx, my) = self.direction, self.middle
        return ux * (north - my) - uy * (east - mx)

    def nearest_to(self, east: float, north: float) -> tuple[float, float]:
        """The foot of a point on the centre line."""
        (ux, uy), (mx, my) = self.direction, self.middle
        offset = (east - mx) * ux + (north - my) * uy
        return mx + offset * ux, my + offset * uy

    def towards(self, east: float, north: float) -> tuple[float, float]:
        """The vector from the centre line to a point, perpendicular to it."""
        foot = self.nearest_to(east, north)
        return east - foot[0], north - foot[1]

    def ends(self, beyond: float) -> tuple[tuple[float, float], tuple[float, float]]:
        """Both ends of the known extent, extended by ``beyond``."""
        (ux, uy), (mx, my) = self.direction, self.middle
        one, two = self.first - beyond, self.last + beyond
        return (mx + one * ux, my + one * uy), (mx + two * ux, my + two * uy)

    @classmethod
    def through(
        cls, places: Sequence[tuple[float, float]], direction: tuple[float, float], narrowest: float
    ) -> Self | None:
        """The line midway between two rows of plates; None if there is only one row."""
        ux, uy = direction
        across = [north * ux - east * uy for east, north in places]
        low, high = min(across), max(across)
        if high - low < narrowest:
            return None
        border = (low + high) / 2
        left = [offset for offset in across if offset > border]
        along = [east * ux + north * uy for east, north in places]
        first, last = min(along), max(along)
        if last - first < 1.8 * (high - low):
            return None
        right_mean = (sum(across) - sum(left)) / (len(across) - len(left))
        offset = (sum(left) / len(left) + right_mean) / 2
        return cls((-offset * uy, offset * ux), direction, first, last)


def fit_street(places: Sequence[tuple[float, float]], metre: float = 1.0) -> StreetFit | None:
    """Fit a street to plates around the origin; None if they do not determine it.

    ``metre`` is one metre in the units of the places. The direction is the principal axis of the
    plates, from their second moments.
    """
    if len(places) < _FEWEST_PLATES:
        return None
    reach = (_REACH_M * metre) ** 2
    near = [place for place in places if place[0] * place[0] + place[1] * place[1] < reach]
    count = len(near)
    if count < _FEWEST_PLATES:
        return None
    easts, norths = zip(*near, strict=True)
    east, north = sum(easts), sum(norths)
    cross = sum(map(mul, easts, norths)) - east * north / count
    squares = sum(map(mul, easts, easts)) - east * east / count
    squares -= sum(map(mul, norths, norths)) - north * north / count
    angle = atan2(2 * cross, squares) / 2
    return StreetFit.through(near, (cos(angle), sin(angle)), _NARROWEST_M * metre)


def wind_of(east: float, north: float) -> int:
    """The nearest of eight directions, counter-clockwise from east: 0 east, 2 north, …"""
    return round(atan2(north, east) / (pi / 4)) % 8
