"""Converts geometries of places between WKT, as stored, and GeoJSON."""

from collections.abc import Mapping
from typing import Any

import shapely
from shapely.errors import ShapelyError
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

_WEST, _SOUTH, _EAST, _NORTH = 73.0, 3.0, 136.0, 54.0
_LARGEST = 100_000
"""Maximum number of points of a geometry."""


def geometry_of(wkt: str, digits: int | None = None) -> dict[str, Any] | None:
    """GeoJSON of a WKT text, None if empty; ``digits`` rounds to decimals of a degree."""
    if not wkt:
        return None
    geometry = shapely.from_wkt(wkt)
    if digits is not None:
        geometry = shapely.transform(geometry, lambda points: points.round(digits))
    read: dict[str, Any] = _lists(mapping(geometry))
    return read


def wkt_of(geometry: Mapping[str, Any] | None) -> str:
    """WKT in PostGIS form of GeoJSON in degrees within China; empty for none.

    Raises:
        ValueError: it is not a geometry, or lies elsewhere.
    """
    if not geometry:
        return ""
    try:
        read = shape(geometry)
    except (ShapelyError, ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
        raise ValueError("the geometry cannot be read") from error
    return _checked(read)


def checked_wkt(wkt: str) -> str:
    """The same WKT in PostGIS form.

    Raises:
        ValueError: it is not a geometry, or lies outside China.
    """
    try:
        return _checked(shapely.from_wkt(wkt)) if wkt else ""
    except (ShapelyError, TypeError) as error:
        raise ValueError(f"geometry {wkt[:40]!r} cannot be read") from error


def _checked(geometry: BaseGeometry) -> str:
    if geometry.is_empty or shapely.get_num_coordinates(geometry) > _LARGEST:
        raise ValueError("the geometry is empty or too large")
    if geometry.has_z:
        geometry = shapely.force_2d(geometry)
    west, south, east, north = geometry.bounds
    if not (_WEST <= west <= east <= _EAST and _SOUTH <= south <= north <= _NORTH):
        raise ValueError("the geometry lies outside China; longitude comes first")
    written = str(shapely.to_wkt(geometry, rounding_precision=-1))
    return written.replace(" (", "(").replace(", ", ",")


def _lists(value: Any) -> Any:
    """Convert tuples to lists, as in JSON."""
    if isinstance(value, dict):
        return {name: _lists(one) for name, one in value.items()}
    return [_lists(one) for one in value] if isinstance(value, tuple | list) else value
