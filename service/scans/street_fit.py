"""Finds the middle of a street from the plates on its two sides."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import atan2, cos, degrees, hypot, pi, sin
from typing import Self

WINDS = ("东", "东北", "北", "西北", "西", "西南", "南", "东南")


@dataclass(frozen=True, slots=True)
class StreetFit:
    """A straight piece of street in metres: a place on it, its direction, how far it is known."""

    middle: tuple[float, float]
    direction: tuple[float, float]
    first: float
    last: float

    @property
    def slope(self) -> float:
        """Degrees above the horizontal, between -90 and 90."""
        return degrees(atan2(self.direction[1], self.direction[0]))

    def along(self, east: float, north: float) -> float:
        """Metres along the street from its middle's foot of the origin."""
        return east * self.direction[0] + north * self.direction[1]

    def nearest_to(self, east: float, north: float) -> tuple[float, float]:
        """Return the foot of a place on the street's middle line."""
        offset = self.along(east - self.middle[0], north - self.middle[1])
        return (
            self.middle[0] + offset * self.direction[0],
            self.middle[1] + offset * self.direction[1],
        )

    def towards(self, east: float, north: float) -> tuple[float, float]:
        """The way from the street to a place, square to the street."""
        foot = self.nearest_to(east, north)
        return east - foot[0], north - foot[1]

    def side_of(self, east: float, north: float) -> bool:
        """Whether a place lies left of the street."""
        away = self.towards(east, north)
        return self.direction[0] * away[1] - self.direction[1] * away[0] > 0

    def ends(self, beyond: float) -> tuple[tuple[float, float], tuple[float, float]]:
        """The two ends of the known piece, lengthened a little."""
        one, two = (
            (
                self.middle[0] + reach * self.direction[0],
                self.middle[1] + reach * self.direction[1],
            )
            for reach in (self.first - beyond, self.last + beyond)
        )
        return one, two

    @classmethod
    def through(
        cls, places: Sequence[tuple[float, float]], direction: tuple[float, float]
    ) -> Self | None:
        """Lay the line midway between two rows of plates; None when there is only one row."""
        ux, uy = direction
        across = [north * ux - east * uy for east, north in places]
        along = [east * ux + north * uy for east, north in places]
        border = (min(across) + max(across)) / 2
        left = [offset for offset in across if offset > border]
        right = [offset for offset in across if offset <= border]
        if not left or not right or max(across) - min(across) < 8:
            return None
        offset = (sum(left) / len(left) + sum(right) / len(right)) / 2
        if max(along) - min(along) < 1.8 * (max(across) - min(across)):
            return None
        return cls((-offset * uy, offset * ux), direction, min(along), max(along))


def fit_street(places: Sequence[tuple[float, float]]) -> StreetFit | None:
    """Fit a street to plates given in metres; None when they do not show where it runs.

    The direction is the longest axis of the plates' scatter.
    """
    if len(places) < 6:
        return None
    near = [place for place in places if hypot(*place) < 130]
    if len(near) < 6:
        return None
    mean_east = sum(east for east, _ in near) / len(near)
    mean_north = sum(north for _, north in near) / len(near)
    spread = [(east - mean_east, north - mean_north) for east, north in near]
    cross = sum(2 * u * v for u, v in spread)
    squares = sum(u * u - v * v for u, v in spread)
    angle = atan2(cross, squares) / 2
    return StreetFit.through(near, (cos(angle), sin(angle)))


def compass(east: float, north: float) -> str:
    """Name the nearest of eight winds in Chinese: 东, 东北 …"""
    return WINDS[round(atan2(north, east) / (pi / 4)) % 8]
