"""Finds overlaps and gaps between areas of one kind, with their size."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from address_model.coordinates import LocalFrame, Point
from address_model.ground_area import square_metres

SMALLEST_M2 = 1.0
"""Smaller faults are rounding errors of drawing programs, in square metres."""

SLIT_M = 10.0
"""Two borders closer than this are meant to be one, in metres."""


@dataclass(frozen=True, slots=True)
class DrawnArea:
    """An area on the map; ``name`` is its label in the report."""

    kind: str
    division: str
    name: str
    shape: BaseGeometry


@dataclass(frozen=True, slots=True)
class Overlap:
    """Ground shared by two areas: square metres, and a point in it (degrees, EPSG:4490)."""

    one: str
    other: str
    m2: float
    place: Point
    shape: BaseGeometry = field(default_factory=shapely.Polygon, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Gap:
    """Uncovered ground between areas: square metres, a point in it, and its neighbours."""

    neighbours: tuple[str, ...]
    m2: float
    place: Point
    shape: BaseGeometry = field(default_factory=shapely.Polygon, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class KindCoverage:
    """The overlaps and gaps of one kind of area, largest first."""

    kind: str
    overlaps: tuple[Overlap, ...]
    gaps: tuple[Gap, ...]


def check_coverage(areas: Sequence[DrawnArea]) -> list[KindCoverage]:
    """Find overlaps within each kind, and gaps within each kind and division."""
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
    """All pairs of areas that share at least a square metre, largest first."""
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
            names = areas[one].name, areas[other].name
            found.append(Overlap(*names, size, place_in(shared), shared))
    return sorted(found, key=lambda overlap: -overlap.m2)


def find_gaps(areas: Sequence[DrawnArea]) -> list[Gap]:
    """Enclosed holes and slits narrower than ten metres between areas, largest first."""
    if len(areas) < 2:
        return []
    shapes = np.array([area.shape for area in areas], dtype=object)
    union = shapely.union_all(shapes)
    middle = shapely.centroid(shapely.box(*union.bounds))
    frame = LocalFrame(Point(middle.x, middle.y))
    origin = np.array([middle.x, middle.y])
    step = frame.to_metres(Point(middle.x + 0.001, middle.y + 0.001))
    scale = np.array(step) * 1000  # metres per degree, east and north
    ground = shapely.transform(union, lambda corners: (corners - origin) * scale)
    tree = shapely.STRtree(shapes)
    found = []
    # Holes in the covered ground, and slits that morphological closing fills, in metres.
    half = SLIT_M / 2
    closed = ground.buffer(half, join_style="mitre").buffer(-half, join_style="mitre")
    shells = [shapely.polygons(shapely.get_exterior_ring(p)) for p in shapely.get_parts(closed)]
    missing = shapely.get_parts(shapely.difference(shapely.union_all(shells), ground))
    border = ground.buffer(0.01)
    for gap in missing:
        # Closing also fills notches of a coast or river bank; a slit has areas on both sides, so
        # most of its edge is the border of an area.
        if gap.geom_type != "Polygon":
            continue
        edge = gap.exterior
        if shapely.intersection(edge, border).length <= 0.8 * edge.length:
            continue
        shape = shapely.transform(gap, lambda corners: corners / scale + origin)
        size = square_metres(shape)
        if size >= SMALLEST_M2:
            near = tree.query(shape, predicate="intersects")
            names = tuple(areas[i].name for i in sorted(near))
            found.append(Gap(names, size, place_in(shape), shape))
    return sorted(found, key=lambda gap: -gap.m2)


def place_in(shape: BaseGeometry) -> Point:
    """A point in a shape, to a tenth of a metre."""
    place = shapely.point_on_surface(shape)
    return Point(round(place.x, 6), round(place.y, 6))
