"""Reads longitude and latitude from two cells, and detects the usual mistakes of lists."""

import re
import unicodedata
from dataclasses import dataclass

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
