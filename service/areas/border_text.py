"""Borders and lines as they are typed, pasted or drawn: GeoJSON, or a corner a line."""

import re

import orjson
import shapely
from shapely.geometry.base import BaseGeometry

from address_model.coordinates import CoordinateSystem
from service.areas.borders import BorderRefused
from service.areas.shapes import CHINA, ShapeRefused, shape_area

MOST_CORNERS = 20_000
_CORNER = re.compile(r"(-?\d{1,3}(?:\.\d{1,15})?)[\s,，]+(-?\d{1,3}(?:\.\d{1,15})?)\s*[;；]?")
_ADVICE = "请粘贴 GeoJSON，或每行写一个拐点：经度,纬度。"


def read_border(text: str) -> BaseGeometry:
    """The area that a text draws, valid and normal: a GeoJSON polygon or feature, or corners.

    Raises:
        BorderRefused: it is none of these, or no valid polygon in China.
    """
    shape = _read(text, closed=True)
    try:
        return shape_area(shape, CoordinateSystem.CGCS2000).shape
    except ShapeRefused as refused:
        hint = "" if "--mend" in refused.hint else refused.hint
        raise BorderRefused(str(refused), hint=hint or "draw it again") from refused


def read_line(text: str) -> BaseGeometry:
    """The line that a text draws: a GeoJSON line string, or two corners and more.

    Raises:
        BorderRefused: it is neither, or has no length.
    """
    line = _read(text, closed=False)
    west, south, east, north = line.bounds
    is_here = CHINA[0] <= west <= east <= CHINA[2] and CHINA[1] <= south <= north <= CHINA[3]
    if line.geom_type != "LineString" or not line.length or not is_here:
        raise BorderRefused(
            "this is no line", hint="draw one", zh=f"这不是一条线。{_ADVICE}", field="line"
        )
    simple: BaseGeometry = shapely.force_2d(line)
    return simple


def write_shape(shape: BaseGeometry) -> str:
    """A shape as the GeoJSON that ``read_border`` takes; one of a single part as a polygon."""
    parts = shapely.get_parts(shape)
    return str(shapely.to_geojson(parts[0] if len(parts) == 1 else shape))


def _read(text: str, *, closed: bool) -> BaseGeometry:
    field = "border" if closed else "line"
    missing = BorderRefused(
        "nothing is drawn", hint="draw it", zh=f"还没有画。{_ADVICE}", field=field
    )
    written = text.strip()
    if not written:
        raise missing
    unreadable = BorderRefused(
        "this is neither GeoJSON nor a list of corners",
        hint="give one of the two",
        zh=f"内容不是 GeoJSON，也不是拐点。{_ADVICE}",
        field=field,
    )
    try:
        if written.startswith("{"):
            told = orjson.loads(written)
            while "geometry" in told or "features" in told:
                told = told["geometry"] if "geometry" in told else told["features"][0]
            shape = shapely.from_geojson(orjson.dumps(told))
        else:
            found = [_CORNER.fullmatch(row.strip()) for row in written.splitlines() if row.strip()]
            corners = [(float(one[1]), float(one[2])) for one in found if one]
            if len(corners) != len(found):
                raise unreadable
            shape = shapely.Polygon(corners) if closed else shapely.LineString(corners)
    except (orjson.JSONDecodeError, shapely.errors.ShapelyError, ValueError, TypeError) as error:
        raise unreadable from error
    except (KeyError, IndexError) as error:
        raise missing from error
    if shape.is_empty:
        raise missing
    if shapely.get_num_coordinates(shape) > MOST_CORNERS:
        raise BorderRefused(
            f"it has more than {MOST_CORNERS:,} corners",
            hint="simplify it",
            zh=f"拐点超过 {MOST_CORNERS:,} 个，请先在 GIS 软件里简化。",
            field=field,
        )
    return shape
