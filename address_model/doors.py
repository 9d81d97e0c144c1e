"""The doors of a place and their points, by which namesakes are distinguished."""

from dataclasses import dataclass, field
from typing import Final

from address_model.coordinates import Point, distance_m

FAR_M: Final = 5_000.0
"""A point further than this (metres) from every door of a place is not one of its doors."""
_CELL: Final = 0.06
"""Degrees; over 5 km in both directions up to latitude 33°."""


def _cell(point: Point) -> tuple[int, int]:
    return int(point.lon // _CELL), int(point.lat // _CELL)


@dataclass
class Doors:
    """The doors of a place: their keys, and their points by cell."""

    keys: set[str] = field(default_factory=set)
    cells: dict[tuple[int, int], set[Point]] = field(default_factory=dict)

    def add(self, door: str, point: Point | None) -> None:
        """Add one door."""
        if door in self.keys and point is None:
            return
        self.keys.add(door)
        if point is not None:
            self.cells.setdefault(_cell(point), set()).add(point)

    def merge(self, other: "Doors") -> None:
        """Add the doors of another township of the same place."""
        self.keys |= other.keys
        for cell, points in other.cells.items():
            self.cells.setdefault(cell, set()).update(points)

    def is_near(self, point: Point) -> bool:
        """Whether a door stands within 5 km of a point."""
        x, y = _cell(point)
        return any(
            distance_m(point, other) <= FAR_M
            for across in (x - 1, x, x + 1)
            for up in (y - 1, y, y + 1)
            for other in self.cells.get((across, up), ())
        )

    def is_far(self, other: "Doors") -> bool:
        """Whether both have points and none of the one lies within 5 km of one of the other."""
        if not self.cells or not other.cells:
            return False
        return not any(self.is_near(point) for points in other.cells.values() for point in points)
