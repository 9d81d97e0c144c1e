"""Converts geometries of files for the register: valid, flat, in degrees of EPSG:4490."""

import re
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from address_model.coordinates import CoordinateSystem, InvalidPoint, Point, convert
from address_model.ground_area import square_metres

DECIMALS = 9
"""A tenth of a millimetre, so that a border is equal in all file formats."""

CHINA = (72.0, 3.0, 136.0, 54.5)
"""West, south, east and north of China with its sea, in degrees."""


_FAULTS = {
    "Self-intersection": "the border crosses itself",
    "Ring Self-intersection": "the border touches itself",
    "Hole lies outside shell": "a hole lies outside the area",
    "Nested shells": "one part lies within another",
    "Nested holes": "one hole lies within another",
    "Duplicate Rings": "a ring occurs twice",
    "Too few points in geometry component": "a ring has fewer than three corners",
    "Interior is disconnected": "holes cut the area in two",
}
"""What is wrong with a polygon, in words, by the library's own."""


class ShapeRefused(ValueError):
    """The geometry cannot be stored; the arguments are the reason and the hint."""

    def __init__(self, reason: str, hint: str) -> None:
        super().__init__(reason)
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Shaped:
    """A MultiPolygon to store, and how it was repaired, if it was."""

    shape: BaseGeometry
    mended: str = ""


def shape_area(
    geometry: BaseGeometry | None, system: CoordinateSystem, *, repair_shape: bool = False
) -> Shaped:
    """Convert, check and normalise the polygon of an area.

    Args:
        system: the coordinate system of its degrees.
        repair_shape: repair an invalid polygon instead of refusing it.

    Raises:
        ShapeRefused: not a polygon, outside China, or invalid; names the location.
    """
    if geometry is None or geometry.is_empty:
        raise ShapeRefused("there is no geometry", "draw the area's polygon")
    if geometry.geom_type not in ("Polygon", "MultiPolygon"):
        raise ShapeRefused(f"the geometry is a {geometry.geom_type}", "an area is a polygon")
    _check_bounds(geometry)
    flat = shapely.force_2d(geometry)
    corners = shapely.get_coordinates(flat)
    if system not in (CoordinateSystem.CGCS2000, CoordinateSystem.WGS84):
        points = (convert(Point(*row), system, CoordinateSystem.CGCS2000) for row in corners)
        corners = np.array([(point.lon, point.lat) for point in points]).reshape(-1, 2)
    flat = shapely.set_coordinates(flat, np.round(corners, DECIMALS))
    if shapely.is_valid(flat):
        return Shaped(normalise(flat))
    explained = shapely.is_valid_reason(flat)
    kind = explained.split("[")[0].strip()
    place = re.search(r"\[([-\d.e]+) ([-\d.e]+)\]", explained)
    where = f" at {float(place[1]):.6f}, {float(place[2]):.6f}" if place else ""
    reason = f"{_FAULTS.get(kind, kind.lower())}{where}"
    # mended: the polygons of a valid geometry close to this one
    made = shapely.make_valid(flat, method="structure", keep_collapsed=False)
    parts = [part for part in shapely.get_parts(made) if part.geom_type == "Polygon"]
    whole = shapely.union_all(parts)
    mended = shapely.transform(whole, lambda c: np.round(c, DECIMALS))
    if mended.is_empty or not mended.is_valid:
        raise ShapeRefused(reason, "draw the area again: nothing of it can be kept")
    before, after = square_metres(flat), square_metres(mended)
    difference = f"its area goes from {before:,.0f} to {after:,.0f} m²"
    if not repair_shape:
        raise ShapeRefused(reason, f"correct it in your GIS, or load with --mend ({difference})")
    return Shaped(normalise(mended), f"{reason}; mended, {difference}")


def normalise(shape: BaseGeometry) -> BaseGeometry:
    """The canonical form of a polygon: MultiPolygon, fixed order of parts, rings and corners."""
    parts = shapely.get_parts(shape)
    multi: BaseGeometry = shapely.normalize(shapely.multipolygons(parts))
    return multi


def _check_bounds(geometry: BaseGeometry) -> None:
    west, south, east, north = geometry.bounds
    if not np.isfinite([west, south, east, north]).all():
        raise ShapeRefused("a corner is not a number", "export the layer again")
    if CHINA[0] <= west and east <= CHINA[2] and CHINA[1] <= south and north <= CHINA[3]:
        return
    where = f"the area reaches from {west:.6g}, {south:.6g} to {east:.6g}, {north:.6g}"
    try:
        Point(west, south), Point(east, north)
    except InvalidPoint:
        swapped = CHINA[0] <= south and north <= CHINA[2] and CHINA[1] <= west <= CHINA[3]
        metres = "these look like metres: declare their system, for example --crs EPSG:4549"
        exchange = "longitude and latitude are swapped: longitude comes first"
        raise ShapeRefused(where, exchange if swapped else metres) from None
    raise ShapeRefused(
        f"{where}, outside China",
        "check the coordinate system and the order of longitude and latitude",
    )
