"""Reads the point of a row from two cells, and holds it against the boundary of its county."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

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
from service.core.sheets import RowFault
from service.imports.rules import Rule

LON_RANGE = (73.0, 136.0)
LAT_RANGE = (3.0, 54.0)
"""The extent of China in degrees, islands included."""

_PLAIN = re.compile(r"([0-9]{1,3}\.[0-9]{1,30})", re.ASCII)
_DEGREES = re.compile(r"(?:东经|北纬)?\s*([+-]?[0-9]{1,12}(?:\.[0-9]{1,30})?)\s*[°度]?\s*[EN]?")


@dataclass(frozen=True, slots=True)
class PointFault:
    """The faulty field (``lon`` or ``lat``), the broken rule, and what its sentence quotes."""

    field: str
    rule: Rule
    values: tuple[tuple[str, object], ...] = ()

    def of_row(self, row: int, *, cell: str = "") -> RowFault:
        """This fault for a row; ``cell`` is the content of the field."""
        return self.rule.fault(row, self.field, **dict(self.values), cell=cell[:40])


def read_degrees(lon_cell: str, lat_cell: str) -> tuple[float, float] | PointFault | None:
    """Return longitude and latitude in degrees, None if both cells are empty, or the fault.

    The ranges hold for every coordinate system in use.
    """
    if not lon_cell and not lat_cell:
        return None
    for field, cell in (("lon", lon_cell), ("lat", lat_cell)):
        if not cell:
            return PointFault(field, Rule.POINT_HALF)
    numbers = []
    for field, cell in (("lon", lon_cell), ("lat", lat_cell)):
        # with or without a degree sign or hemisphere; no nan, no 1e3
        found = _PLAIN.fullmatch(cell) or _DEGREES.fullmatch(
            unicodedata.normalize("NFKC", cell).upper().strip()
        )
        if found is None:
            return PointFault(field, Rule.POINT_NUMBER)
        numbers.append(float(found[1]))
    lon, lat = numbers
    if _within(lon, LON_RANGE) and _within(lat, LAT_RANGE):
        return lon, lat
    wrong, rule = "lon", Rule.POINT_ABROAD
    if _within(lat, LON_RANGE) and _within(lon, LAT_RANGE):
        rule = Rule.POINT_EXCHANGED
    elif lon == 0 and lat == 0:
        rule = Rule.POINT_ZERO
    elif abs(lon) > 360 or abs(lat) > 360:
        rule = Rule.POINT_METRES
    elif _within(lon, LON_RANGE):
        wrong = "lat"
    return PointFault(wrong, rule)


def _within(value: float, limits: tuple[float, float]) -> bool:
    return limits[0] <= value <= limits[1]


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
