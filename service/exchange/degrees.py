"""Longitude and latitude out of the cells of a row, with the mistakes that lists really have."""

import re
import unicodedata
from dataclasses import dataclass

LON_RANGE = (73.0, 136.0)
LAT_RANGE = (3.0, 54.0)
"""Degrees between which China lies, islands included."""

_DEGREES = re.compile(r"(?:东经|北纬)?\s*([+-]?[0-9]{1,12}(?:\.[0-9]{1,30})?)\s*[°度]?\s*[EN]?")


@dataclass(frozen=True, slots=True)
class PointFault:
    """Which of the two is wrong (``lon`` or ``lat``), why, and the mend."""

    field: str
    reason: str
    mend: str


def read_degrees(lon_cell: str, lat_cell: str) -> tuple[float, float] | PointFault | None:
    """Return longitude and latitude in degrees, None if both cells are empty, or what is wrong.

    The coordinate system is not looked at: the ranges hold for all that are in use.
    """
    if not lon_cell and not lat_cell:
        return None
    for field, cell in (("lon", lon_cell), ("lat", lat_cell)):
        if not cell:
            mend = "Fill it in, or leave both empty if the place is not known"
            return PointFault(field, "only one of longitude and latitude is given", mend)
    numbers = []
    for field, cell in (("lon", lon_cell), ("lat", lat_cell)):
        number = _read_number(cell)
        if number is None:
            mend = "Write decimal degrees, such as 120.1688 and 30.2401"
            return PointFault(field, f"「{cell[:40]}」 is not a number of degrees", mend)
        numbers.append(number)
    return _check(numbers[0], numbers[1])


def _read_number(cell: str) -> float | None:
    """A decimal number, with the marks that people put around it: not nan, not 1e3."""
    found = _DEGREES.fullmatch(unicodedata.normalize("NFKC", cell).upper().strip())
    return float(found[1]) if found else None


def _check(lon: float, lat: float) -> tuple[float, float] | PointFault:
    if _within(lon, LON_RANGE) and _within(lat, LAT_RANGE):
        return lon, lat
    if _within(lat, LON_RANGE) and _within(lon, LAT_RANGE):
        mend = "Exchange them; for the whole list, map the columns the other way round with --map"
        return PointFault("lon", "longitude and latitude are exchanged", mend)
    if lon == 0 and lat == 0:
        mend = "Leave both empty if the place is not known"
        return PointFault("lon", "longitude and latitude are 0", mend)
    if abs(lon) > 360 or abs(lat) > 360:
        mend = "Convert them to degrees (EPSG:4490) first"
        return PointFault("lon", "these are metres of a map projection, not degrees", mend)
    field = "lat" if _within(lon, LON_RANGE) else "lon"
    return PointFault(field, "the point does not lie in China", "Correct the number")


def _within(value: float, limits: tuple[float, float]) -> bool:
    return limits[0] <= value <= limits[1]
