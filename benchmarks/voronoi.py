"""Jagged areas that share borders exactly, as grids drawn along real streets do."""

from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

Corner = tuple[float, float]
STEPS = 27
"""Pieces per edge: about 160 corners per area with six edges."""
ROUGHNESS = 0.06


def jagged_cells(
    bounds: tuple[float, float, float, float], count: int, seed: int = 0
) -> list[BaseGeometry]:
    """Divide a rectangle (degrees) into a number of cells without gaps or overlaps."""
    rng = np.random.default_rng(seed)
    west, south, east, north = bounds
    seeds = shapely.multipoints(
        np.column_stack([rng.uniform(west, east, count), rng.uniform(south, north, count)])
    )
    frame = shapely.box(*bounds)
    cells = shapely.get_parts(shapely.voronoi_polygons(seeds, extend_to=frame))
    clipped = shapely.set_precision(shapely.intersection(cells, frame), 1e-9)
    paths: dict[tuple[Corner, Corner], NDArray[np.float64]] = {}
    return [_jag(cell, paths, rng) for cell in clipped if not cell.is_empty]


def _jag(
    cell: BaseGeometry,
    paths: dict[tuple[Corner, Corner], NDArray[np.float64]],
    rng: np.random.Generator,
) -> BaseGeometry:
    corners = [(float(x), float(y)) for x, y in shapely.get_coordinates(cell)]
    ring: list[NDArray[np.float64]] = []
    for one, other in pairwise(corners):
        key = (min(one, other), max(one, other))
        if key not in paths:
            paths[key] = _path(key, rng)
        path = paths[key] if one == key[0] else paths[key][::-1]
        ring.append(path[:-1])
    return shapely.polygons(np.concatenate(ring))


def _path(ends: tuple[Corner, Corner], rng: np.random.Generator) -> NDArray[np.float64]:
    """A jagged line from one corner to the other, smooth at both ends."""
    one, other = np.array(ends)
    along = np.linspace(0, 1, STEPS + 1)[:, None]
    across = np.array([one[1] - other[1], other[0] - one[0]])
    swing = rng.uniform(-ROUGHNESS, ROUGHNESS, (STEPS + 1, 1)) * np.sin(np.pi * along)
    path: NDArray[np.float64] = one + along * (other - one) + swing * across
    path[0], path[-1] = one, other
    return path
