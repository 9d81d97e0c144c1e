"""Overlaps and gaps between the areas of one kind in one division, with their size."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from address_model.coordinates import LocalFrame, Point
from address_model.ground_area import square_metres

SMALLEST_M2 = 1.0
"""Less than this is the rounding of drawing programs, not a fault."""

SLIT_M = 10.0
"""Two borders closer than this were meant to be one."""


@dataclass(frozen=True, slots=True)
class DrawnArea:
    """An area on the map; ``name`` is how the report calls it."""

    kind: str
    division: str
    name: str
    shape: BaseGeometry


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two areas that share ground: square metres, and a place in it (degrees, EPSG:4490)."""

    one: str
    other: str
    m2: float
    place: Point


@dataclass(frozen=True, slots=True)
class Gap:
    """Ground between areas that belongs to none: square metres, a place in it, who lies around."""

    neighbours: tuple[str, ...]
    m2: float
    place: Point


@dataclass(frozen=True, slots=True)
class KindCoverage:
    """What does not fit together among the areas of one kind, largest first."""

    kind: str
    overlaps: tuple[Overlap, ...]
    gaps: tuple[Gap, ...]


def check_coverage(areas: Sequence[DrawnArea]) -> list[KindCoverage]:
    """Look for overlaps within each kind, and for gaps within each kind and division."""
    found = []
    for kind in sorted({area.kind for area in areas}):
        drawn = [area for area in areas if area.kind == kind]
        divisions = sorted({area.division for area in drawn})
        gaps = [
            gap
            for division in divisions
            for gap in find_gaps([area for area in drawn if area.division == division])
        ]
        gaps.sort(key=lambda gap: -gap.m2)
        found.append(KindCoverage(kind, tuple(find_overlaps(drawn)), tuple(gaps)))
    return found


def find_overlaps(areas: Sequence[DrawnArea]) -> list[Overlap]:
    """Every two areas that share more than a square metre, largest first."""
    shapes = np.array([area.shape for area in areas], dtype=object)
    tree = shapely.STRtree(shapes)
    left, right = tree.query(shapes, predicate="intersects")
    once = left < right
    left, right = left[once], right[once]
    found = []
    for one, other in zip(left, right, strict=True):
        shared = shapely.intersection(shapes[one], shapes[other])
        size = square_metres(shared)
        if size >= SMALLEST_M2:
            found.append(Overlap(areas[one].name, areas[other].name, size, _inside(shared)))
    return sorted(found, key=lambda overlap: -overlap.m2)


def find_gaps(areas: Sequence[DrawnArea]) -> list[Gap]:
    """Enclosed holes and slits narrower than ten metres between areas, largest first."""
    if len(areas) < 2:
        return []
    shapes = np.array([area.shape for area in areas], dtype=object)
    union = shapely.union_all(shapes)
    middle = shapely.centroid(shapely.box(*union.bounds))
    frame = LocalFrame(Point(middle.x, middle.y))
    ground = shapely.transform(union, lambda c: _to_metres(c, frame))
    tree = shapely.STRtree(shapes)
    found = []
    for gap in _gaps_in(ground):
        shape = shapely.transform(gap, lambda c: _to_degrees(c, frame))
        size = square_metres(shape)
        if size >= SMALLEST_M2:
            near = tree.query(shape, predicate="intersects")
            found.append(Gap(tuple(areas[i].name for i in sorted(near)), size, _inside(shape)))
    return sorted(found, key=lambda gap: -gap.m2)


def _gaps_in(ground: BaseGeometry) -> list[BaseGeometry]:
    """Holes of the covered ground, and what closing it by half a slit fills; in metres."""
    half = SLIT_M / 2
    closed = ground.buffer(half, join_style="mitre").buffer(-half, join_style="mitre")
    shells = [shapely.polygons(shapely.get_exterior_ring(p)) for p in shapely.get_parts(closed)]
    missing = shapely.difference(shapely.union_all(shells), ground)
    parts = [part for part in shapely.get_parts(missing) if part.geom_type == "Polygon"]
    # Closing rounds off notches of a coast or a river bank; a slit has areas on two sides.
    return [part for part in parts if _is_between(part, ground)]


def _is_between(gap: BaseGeometry, ground: BaseGeometry) -> bool:
    """Whether most of the edge of a gap is border of some area."""
    edge = gap.exterior
    shared = shapely.intersection(edge, ground.buffer(0.01))
    return bool(shared.length > 0.8 * edge.length)


def _inside(shape: BaseGeometry) -> Point:
    place = shapely.point_on_surface(shape)
    return Point(round(place.x, 6), round(place.y, 6))


def _to_metres(corners: NDArray[np.float64], frame: LocalFrame) -> NDArray[np.float64]:
    origin = np.array([frame.origin.lon, frame.origin.lat])
    scaled: NDArray[np.float64] = (corners - origin) * _scale(frame)
    return scaled


def _to_degrees(corners: NDArray[np.float64], frame: LocalFrame) -> NDArray[np.float64]:
    origin = np.array([frame.origin.lon, frame.origin.lat])
    degrees: NDArray[np.float64] = corners / _scale(frame) + origin
    return degrees


def _scale(frame: LocalFrame) -> NDArray[np.float64]:
    """Metres of one degree east and north."""
    step = frame.to_metres(Point(frame.origin.lon + 0.001, frame.origin.lat + 0.001))
    return np.array(step) * 1000
