"""County boundaries in memory: whether a point lies in its county, or how far outside."""

import hashlib
from collections.abc import Iterable

import shapely
import shapely.ops
from shapely.geometry.base import BaseGeometry

from address_model.coordinates import (
    CoordinateSystem,
    InvalidPoint,
    Point,
    convert,
    distance_m,
)
from service.imports.degrees import PointFault
from service.imports.rules import Rule

TOLERANCE_M = 2000.0
"""How far outside its county a point is still accepted with a warning, in metres.

The shipped boundaries are simplified: 0.65 % of real points lie outside theirs, by up to 1.65 km.
"""


class CountyBorders:
    """The boundaries of all counties that have one, prepared for many queries."""

    def __init__(self, boundaries: Iterable[tuple[str, bytes]]) -> None:
        self.shapes: dict[str, BaseGeometry] = {}
        seen = hashlib.blake2b(digest_size=16)
        for county, wkb in sorted(boundaries):
            seen.update(county.encode() + wkb)
            shape = shapely.from_wkb(wkb)
            shapely.prepare(shape)
            self.shapes[county] = shape
        self.digest = seen.digest()
        """Changes when any boundary changes."""

    def metres_outside(self, county: str, point: Point) -> float:
        """How far a point (degrees, EPSG:4490) lies outside a county; 0 inside or unknown."""
        shape = self.shapes.get(county)
        if shape is None or shapely.contains_xy(shape, point.lon, point.lat):
            return 0.0
        here = shapely.Point(point.lon, point.lat)
        nearest = shapely.ops.nearest_points(shape, here)[0]
        return distance_m(point, Point(nearest.x, nearest.y))

    def place(
        self, lon: float, lat: float, system: CoordinateSystem, county: str, name: str
    ) -> tuple[Point, str] | PointFault:
        """Convert a point of a list to the register's system; return it with a note, or its fault.

        ``county`` is the six-digit code of the county the point should lie in, ``name`` its name.
        """
        try:
            point = convert(Point(lon, lat), system, CoordinateSystem.CGCS2000)
        except InvalidPoint:
            return PointFault("lon", Rule.POINT_ABROAD)
        outside = self.metres_outside(county, point)
        if outside > TOLERANCE_M:
            return PointFault("lon", Rule.POINT_FAR, (("county", name), ("km", outside / 1000)))
        return point, f"point {outside:.0f} m outside {name} (simplified border)" if outside else ""
