"""The demo areas: Voronoi cells around doors as grids, grouped into communities and beats."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from address_model.coordinates import LocalFrame, Point

DOORS_PER_GRID = 24
GRIDS_PER_COMMUNITY = 3
COMMUNITIES_PER_BEAT = 2
MARGIN_M = 45.0


@dataclass(frozen=True, slots=True)
class DemoArea:
    """One area: a polygon in CGCS2000 degrees; ``parent`` is the name of the area above."""

    kind: str
    name: str
    parent: str
    division: str
    polygon: BaseGeometry


@dataclass(slots=True)
class Counters:
    """Counters for the names 示例社区 N, 示例网格 N and 示例警务区 N."""

    community: int = 0
    grid: int = 0
    beat: int = 0


def settlement_areas(
    doors: Sequence[Point], division: str, counters: Counters
) -> tuple[DemoArea, ...]:
    """Divide the ground around a settlement's doors into beats, communities and grids.

    The grids are cells of one Voronoi diagram; a community is the union of whole grids and a beat
    the union of whole communities, so that borders coincide to the last digit.
    """
    frame = LocalFrame(doors[0])
    places = np.array([frame.to_metres(door) for door in doors])
    # Voronoi cells of cluster centres, clipped at a margin around all doors.
    hull = shapely.concave_hull(shapely.multipoints(places), ratio=0.4)
    edge = shapely.buffer(hull, MARGIN_M, quad_segs=3)
    seeds = _middles(places, max(2, round(len(places) / DOORS_PER_GRID)))
    diagram = shapely.voronoi_polygons(shapely.multipoints(seeds), extend_to=edge)
    tree = shapely.STRtree(shapely.get_parts(diagram))
    order = [int(tree.query_nearest(shapely.points(seed))[0]) for seed in seeds]
    cells = [shapely.intersection(tree.geometries[index], edge) for index in order]
    middles = np.array([shapely.centroid(cell).coords[0] for cell in cells])
    communities = _groups(middles, GRIDS_PER_COMMUNITY)
    grounds = [shapely.union_all([cells[i] for i in members]) for members in communities]
    centres = np.array([shapely.centroid(ground).coords[0] for ground in grounds])
    found: list[DemoArea] = []
    for beat in _groups(centres, COMMUNITIES_PER_BEAT):
        counters.beat += 1
        ground = shapely.union_all([grounds[i] for i in beat])
        name = f"示例警务区 {counters.beat}"
        found.append(DemoArea("police_beat", name, "", division, _degrees(ground, frame)))
        for index in beat:
            counters.community += 1
            name = f"示例社区 {counters.community}"
            polygon = _degrees(grounds[index], frame)
            found.append(DemoArea("community", name, "", division, polygon))
            for member in communities[index]:
                counters.grid += 1
                grid, polygon = f"示例网格 {counters.grid}", _degrees(cells[member], frame)
                found.append(DemoArea("grid", grid, name, division, polygon))
    return tuple(found)


def _middles(places: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """Cluster centres of the places: farthest-point seeding, then k-means."""
    chosen = [int(np.argmin(places.sum(axis=1)))]
    while len(chosen) < count:
        gaps = np.min([np.hypot(*(places - places[index]).T) for index in chosen], axis=0)
        chosen.append(int(np.argmax(np.round(gaps, 3))))
    middles = places[chosen]
    for _ in range(20):
        nearest = _nearest(places, middles)
        middles = np.array([places[nearest == index].mean(axis=0) for index in range(count)])
    return middles[np.lexsort(np.round(middles, 1).T[::-1])]


def _groups(middles: NDArray[np.float64], size: int) -> list[list[int]]:
    """Group neighbours into groups of about ``size``; every index is in one group."""
    count = max(1, round(len(middles) / size))
    heads = _middles(middles, count)
    nearest = _nearest(middles, heads)
    return [[int(i) for i in np.flatnonzero(nearest == head)] for head in range(count)]


def _nearest(places: NDArray[np.float64], heads: NDArray[np.float64]) -> NDArray[np.intp]:
    gaps = np.hypot(*(places[:, None, :] - heads[None, :, :]).transpose(2, 0, 1))
    nearest: NDArray[np.intp] = np.argmin(np.round(gaps, 3), axis=1)
    return nearest


def _degrees(ground: BaseGeometry, frame: LocalFrame) -> BaseGeometry:
    """Convert frame metres to degrees with six decimals (a decimetre), rings in a fixed order."""

    def to_degrees(metres: NDArray[np.float64]) -> NDArray[np.float64]:
        points = [frame.to_point(east, north) for east, north in metres]
        return np.array([(round(point.lon, 6), round(point.lat, 6)) for point in points])

    return shapely.normalize(shapely.transform(ground, to_degrees))
