"""Makes a file's geometry what the register stores: valid, flat, in degrees of EPSG:4490."""

import re
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from address_model.coordinates import CoordinateSystem, InvalidPoint, Point, convert
from address_model.ground_area import square_metres

DECIMALS = 9
"""A tenth of a millimetre: the same border out of two formats is the same border."""

CHINA = (72.0, 3.0, 136.0, 54.5)
"""West, south, east, north of China with its sea, in degrees."""


class ShapeRefused(ValueError):
    """This geometry cannot be stored; the arguments are the reason and the hint."""

    def __init__(self, reason: str, hint: str) -> None:
        super().__init__(reason)
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Shaped:
    """A MultiPolygon to store, and what was done to it to make it valid, if anything."""

    shape: BaseGeometry
    mended: str = ""


def shape_area(
    geometry: BaseGeometry | None, system: CoordinateSystem, *, repair_shape: bool = False
) -> Shaped:
    """Convert, check and normalise the polygon of an area.

    Args:
        system: what its degrees are in.
        repair_shape: make an invalid polygon valid instead of refusing it.

    Raises:
        ShapeRefused: no polygon, outside China, or invalid; names the place and the hint.
    """
    if geometry is None or geometry.is_empty:
        raise ShapeRefused("there is no geometry", "draw the area's polygon")
    if geometry.geom_type not in ("Polygon", "MultiPolygon"):
        raise ShapeRefused(f"the geometry is a {geometry.geom_type}", "an area is a polygon")
    _check_bounds(geometry)
    flat = shapely.transform(shapely.force_2d(geometry), lambda c: _degrees(c, system))
    if shapely.is_valid(flat):
        return Shaped(normalise(flat))
    reason = _invalidity(flat)
    mended = _mend(flat)
    if not repair_shape or mended is None:
        raise ShapeRefused(reason, _advice(flat, mended))
    return Shaped(normalise(mended), f"{reason}; mended, {_difference(flat, mended)}")


def normalise(shape: BaseGeometry) -> BaseGeometry:
    """The one writing of a polygon: MultiPolygon, steady order of parts, rings and corners."""
    parts = shapely.get_parts(shape)
    multi: BaseGeometry = shapely.normalize(shapely.multipolygons(parts))
    return multi


def _degrees(corners: NDArray[np.float64], system: CoordinateSystem) -> NDArray[np.float64]:
    if system not in (CoordinateSystem.CGCS2000, CoordinateSystem.WGS84):
        points = (convert(Point(*row), system, CoordinateSystem.CGCS2000) for row in corners)
        corners = np.array([(point.lon, point.lat) for point in points]).reshape(-1, 2)
    return np.round(corners, DECIMALS)


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
        metres = "these look like metres: say their system, for example --crs EPSG:4549"
        exchange = "longitude and latitude are exchanged: longitude stands first"
        raise ShapeRefused(where, exchange if swapped else metres) from None
    raise ShapeRefused(
        f"{where}, outside China",
        "check the coordinate system and the order of longitude and latitude",
    )


def _invalidity(shape: BaseGeometry) -> str:
    """What is wrong with a polygon, and where, in words."""
    said = shapely.is_valid_reason(shape)
    place = re.search(r"\[([-\d.e]+) ([-\d.e]+)\]", said)
    where = f" at {float(place[1]):.6f}, {float(place[2]):.6f}" if place else ""
    what = {
        "Self-intersection": "the border crosses itself",
        "Ring Self-intersection": "the border touches itself",
        "Hole lies outside shell": "a hole lies outside the area",
        "Nested shells": "one part lies within another",
        "Nested holes": "one hole lies within another",
        "Duplicate Rings": "a ring stands twice",
        "Too few points in geometry component": "a ring has fewer than three corners",
        "Interior is disconnected": "holes cut the area in two",
    }
    kind = said.split("[")[0].strip()
    return f"{what.get(kind, kind.lower())}{where}"


def _mend(shape: BaseGeometry) -> BaseGeometry | None:
    """The polygons of the valid geometry nearest to this one, or None when nothing is left."""
    made = shapely.make_valid(shape, method="structure", keep_collapsed=False)
    parts = [part for part in shapely.get_parts(made) if part.geom_type == "Polygon"]
    whole = shapely.union_all(parts) if parts else None
    if whole is None or whole.is_empty:
        return None
    rounded: BaseGeometry = shapely.transform(whole, lambda c: np.round(c, DECIMALS))
    return rounded if rounded.is_valid else None


def _advice(shape: BaseGeometry, mended: BaseGeometry | None) -> str:
    if mended is None:
        return "draw the area again: nothing of it can be kept"
    return f"correct it in your GIS, or load with --mend ({_difference(shape, mended)})"


def _difference(shape: BaseGeometry, mended: BaseGeometry) -> str:
    before, after = square_metres(shape), square_metres(mended)
    return f"its area goes from {before:,.0f} to {after:,.0f} m²"
