"""Points in degrees, the coordinate systems they come in (CGCS2000, GCJ-02, BD-09), and distances.

The register holds CGCS2000 (EPSG:4490). WGS84 (EPSG:4326) is treated as equal: the two differ by
centimetres, less than any survey of plates. GCJ-02 and BD-09 appear only at the boundary (files
that come in, links that go out to map vendors). Their offsets are public knowledge, not a published
standard; the constants are those every open implementation uses (eviltransform, coordtransform).
"""

from dataclasses import dataclass
from enum import StrEnum
from math import asin, atan2, cos, hypot, pi, radians, sin, sqrt
from typing import Final

_SEMI_MAJOR: Final = 6378137.0
_FLATTENING: Final = 1 / 298.257222101
_ECCENTRICITY_SQUARED: Final = _FLATTENING * (2 - _FLATTENING)
_MEAN_RADIUS: Final = 6371008.8

_GCJ_SEMI_MAJOR: Final = 6378245.0  # the Krasovsky ellipsoid
_GCJ_ECCENTRICITY_SQUARED: Final = 0.00669342162296594323
_BD_ANGLE: Final = pi * 3000 / 180
_INVERSE_STEPS: Final = 12
_INVERSE_ENOUGH: Final = 1e-12  # degrees: a tenth of a micrometre


class CoordinateSystem(StrEnum):
    """The systems a file or a caller may declare; the value is how it is written."""

    CGCS2000 = "4490"
    WGS84 = "4326"
    GCJ02 = "gcj02"
    BD09 = "bd09"


class InvalidPoint(ValueError):
    """The two numbers are not a place on earth; the message says why."""


@dataclass(frozen=True, slots=True)
class Point:
    """A place as longitude and latitude in degrees, longitude first as in RFC 7946.

    Raises:
        InvalidPoint: a number lies outside its range, or is not a number.
    """

    lon: float
    lat: float

    def __post_init__(self) -> None:
        if not (-180 <= self.lon <= 180 and -90 <= self.lat <= 90):
            swapped = -180 <= self.lat <= 180 and -90 <= self.lon <= 90
            hint = "; longitude and latitude look exchanged" if swapped else ""
            raise InvalidPoint(
                f"longitude {self.lon} and latitude {self.lat} are not a place on earth{hint}"
            )


@dataclass(frozen=True, slots=True)
class LocalFrame:
    """A flat frame in metres east and north of an origin, for distances of a few kilometres."""

    origin: Point

    def to_metres(self, point: Point) -> tuple[float, float]:
        """Return how many metres a point lies east and north of the origin."""
        east, north = metres_per_degree(self.origin.lat)
        return (point.lon - self.origin.lon) * east, (point.lat - self.origin.lat) * north

    def to_point(self, east_m: float, north_m: float) -> Point:
        """Return the point at these metres east and north of the origin."""
        east, north = metres_per_degree(self.origin.lat)
        return Point(self.origin.lon + east_m / east, self.origin.lat + north_m / north)


def convert(point: Point, source: CoordinateSystem, target: CoordinateSystem) -> Point:
    """Return a point of the source system in the target system.

    Points outside China (and the few kilometres about its bounding box where the offset would
    cross it) are returned unchanged: there the vendors' systems equal WGS84.
    """
    if (source in _GEODETIC and target in _GEODETIC) or source == target:
        return point
    if source not in _GEODETIC and not _abroad(point):
        # Invert the offset by fixed-point iteration: the offset changes by under 1 % of a step, so
        # every iteration gains two digits.
        shown = point
        for _ in range(_INVERSE_STEPS):
            sent = _gcj_from_geodetic(point)
            if source is CoordinateSystem.BD09:
                sent = _bd_from_gcj(sent)
            lon_error, lat_error = sent.lon - shown.lon, sent.lat - shown.lat
            point = Point(point.lon - lon_error, point.lat - lat_error)
            if max(abs(lon_error), abs(lat_error)) < _INVERSE_ENOUGH:
                break
    if target in _GEODETIC or _abroad(point):
        return point
    shifted = _gcj_from_geodetic(point)
    return _bd_from_gcj(shifted) if target is CoordinateSystem.BD09 else shifted


def vendor_points(point: Point) -> tuple[Point, Point]:
    """Return a CGCS2000 point in GCJ-02 and in BD-09; map links need both."""
    if _abroad(point):
        return point, point
    gcj02 = _gcj_from_geodetic(point)
    return gcj02, _bd_from_gcj(gcj02)


def distance_m(one: Point, other: Point) -> float:
    """Return the distance in metres between two CGCS2000 points along the ground.

    The chord through the ellipsoid is exact; bending it to the mean sphere errs by less than a
    millimetre at 50 km and by less than 10 m at 1,000 km.
    """
    chord = sqrt(sum((a - b) ** 2 for a, b in zip(_earth(one), _earth(other), strict=True)))
    return 2 * _MEAN_RADIUS * asin(min(1.0, chord / (2 * _MEAN_RADIUS)))


_GEODETIC: Final = (CoordinateSystem.CGCS2000, CoordinateSystem.WGS84)


def _abroad(point: Point) -> bool:
    """Whether a point lies outside the bounding box that vendors shift."""
    return not (72.004 <= point.lon <= 137.8347 and 0.8293 <= point.lat <= 55.8271)


def _gcj_from_geodetic(point: Point) -> Point:
    x, y = point.lon - 105, point.lat - 35
    wave = 20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    north += (wave + 20 * sin(y * pi) + 40 * sin(y / 3 * pi)) * 2 / 3
    north += (160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    east += (wave + 20 * sin(x * pi) + 40 * sin(x / 3 * pi)) * 2 / 3
    east += (150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)) * 2 / 3
    lat = radians(point.lat)
    magic = 1 - _GCJ_ECCENTRICITY_SQUARED * sin(lat) ** 2
    metres_north = _GCJ_SEMI_MAJOR * (1 - _GCJ_ECCENTRICITY_SQUARED) / (magic * sqrt(magic))
    metres_east = _GCJ_SEMI_MAJOR / sqrt(magic) * cos(lat)
    return Point(
        point.lon + east * 180 / (metres_east * pi), point.lat + north * 180 / (metres_north * pi)
    )


def _bd_from_gcj(point: Point) -> Point:
    radius = hypot(point.lon, point.lat) + 0.00002 * sin(point.lat * _BD_ANGLE)
    angle = atan2(point.lat, point.lon) + 0.000003 * cos(point.lon * _BD_ANGLE)
    return Point(radius * cos(angle) + 0.0065, radius * sin(angle) + 0.006)


def metres_per_degree(latitude: float) -> tuple[float, float]:
    """Metres per degree of longitude and of latitude at a latitude, on the CGCS2000 ellipsoid."""
    lat = radians(latitude)
    bend = 1 - _ECCENTRICITY_SQUARED * sin(lat) ** 2
    normal = _SEMI_MAJOR / sqrt(bend)
    meridian = normal * (1 - _ECCENTRICITY_SQUARED) / bend
    return radians(normal * cos(lat)), radians(meridian)


def _earth(point: Point) -> tuple[float, float, float]:
    """Earth-centred coordinates in metres, on the CGCS2000 ellipsoid."""
    lon, lat = radians(point.lon), radians(point.lat)
    normal = _SEMI_MAJOR / sqrt(1 - _ECCENTRICITY_SQUARED * sin(lat) ** 2)
    return (
        normal * cos(lat) * cos(lon),
        normal * cos(lat) * sin(lon),
        normal * (1 - _ECCENTRICITY_SQUARED) * sin(lat),
    )
