"""Faults of the borders of one kind of area within their parent: overlaps, gaps, what is outside.

Without a parent a gap is what areas enclose, or a slit between them (``coverage.find_gaps``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import shapely
from shapely.geometry.base import BaseGeometry

from address_model.coordinates import Point
from address_model.ground_area import square_metres
from service.areas.coverage import SMALLEST_M2, DrawnArea, find_gaps, find_overlaps, place_in


class FaultKind(StrEnum):
    """What is wrong with a piece of ground: in two areas, in none, or outside of the parent."""

    OVERLAP = "overlap"
    GAP = "gap"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class BorderFault:
    """A piece of ground with a fault: the areas at it, square metres, and a point in it."""

    kind: FaultKind
    names: tuple[str, ...]
    m2: float
    place: Point
    shape: BaseGeometry


def find_border_faults(
    areas: Sequence[DrawnArea], parent: DrawnArea | None = None
) -> list[BorderFault]:
    """The faults of areas that should cover their parent once, largest first of each kind."""
    if not areas:
        return []
    found = [
        BorderFault(FaultKind.OVERLAP, (one.one, one.other), one.m2, one.place, one.shape)
        for one in find_overlaps(areas)
    ]
    if parent is None:
        found += [
            BorderFault(FaultKind.GAP, gap.neighbours, gap.m2, gap.place, gap.shape)
            for gap in find_gaps(areas)
        ]
        return found
    ground = shapely.union_all([area.shape for area in areas])
    tree = shapely.STRtree([area.shape for area in areas])
    pieces = [
        (FaultKind.GAP, shapely.difference(parent.shape, ground)),
        (FaultKind.OUTSIDE, shapely.difference(ground, parent.shape)),
    ]
    for kind, missing in pieces:
        faults = []
        for part in shapely.get_parts(missing):
            size = square_metres(part)
            if size >= SMALLEST_M2:
                near = sorted(tree.query(part, predicate="intersects"))
                names = (*(areas[at].name for at in near), parent.name)
                faults.append(BorderFault(kind, names, size, place_in(part), part))
        found += sorted(faults, key=lambda fault: -fault.m2)
    return found
