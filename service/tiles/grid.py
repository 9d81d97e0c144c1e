"""Tiles of a web map (Web Mercator): which part of the earth one shows."""

from dataclasses import dataclass
from math import atan, degrees, pi, sinh

from service.core.errors import NotFound

DEEPEST = 16
"""The deepest zoom that tiles are made for; nearer, a map enlarges them. 530 m wide at 30° N."""

Bounds = tuple[float, float, float, float]
"""West, south, east and north in degrees."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A tile by zoom, column from the west and row from the north."""

    zoom: int
    x: int
    y: int

    def require_known(self) -> None:
        """Refuse a tile outside of the map.

        Raises:
            NotFound: there is no such tile.
        """
        width = 1 << self.zoom if 0 <= self.zoom <= DEEPEST else 0
        if not (0 <= self.x < width and 0 <= self.y < width):
            raise NotFound("there is no such tile", zh="没有这一块地图。")

    def bounds(self, margin: float = 0.0) -> Bounds:
        """What the tile shows; ``margin`` is a part of its width added around.

        CGCS2000 and WGS84 are the same here, as everywhere.
        """
        width = 1 << self.zoom
        west, east = ((self.x + step) / width * 360 - 180 for step in (-margin, 1 + margin))
        north, south = (
            degrees(atan(sinh(pi * (1 - 2 * (self.y + step) / width))))
            for step in (-margin, 1 + margin)
        )
        return west, south, east, north
