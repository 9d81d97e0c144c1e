"""Boxes and numbers written in one query parameter, separated by commas."""

from address_model.coordinates import CoordinateSystem, InvalidPoint, Point, convert
from service.core.errors import BadRequest

Bounds = tuple[float, float, float, float]
"""West, south, east, north in degrees, EPSG:4490."""

_LARGEST = 1e9


def read_box(written: str, crs: CoordinateSystem = CoordinateSystem.CGCS2000) -> Bounds:
    """The box of a parameter ``bbox``: west, south, east, north in degrees of ``crs``.

    Raises:
        BadRequest: these are not four numbers, or no box.
    """
    west, south, east, north = read_numbers("bbox", written, 4)
    one, other = read_point(west, south, crs), read_point(east, north, crs)
    if one.lon > other.lon or one.lat > other.lat:
        raise BadRequest("bbox: the box is empty", hint="send west, south, east, north")
    return one.lon, one.lat, other.lon, other.lat


def read_numbers(parameter: str, written: str, count: int) -> list[float]:
    """So many numbers, separated by commas.

    Raises:
        BadRequest: these are others, or more, or fewer.
    """
    try:
        found = [float(one) for one in written.split(",")]
    except ValueError:
        found = []
    if len(found) != count or not all(abs(one) < _LARGEST for one in found):
        raise BadRequest(
            f"{parameter}: {written[:60]!r} is not {count} numbers", hint="separate them by commas"
        )
    return found


def read_point(lon: float, lat: float, crs: CoordinateSystem) -> Point:
    """A point of a request in the register's system.

    Raises:
        BadRequest: the point is invalid.
    """
    try:
        return convert(Point(lon, lat), crs, CoordinateSystem.CGCS2000)
    except InvalidPoint as error:
        raise BadRequest(str(error), hint="give degrees, longitude and latitude") from error
