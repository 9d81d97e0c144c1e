"""Finds the areas that cover each of many points, with a raster before the exact test.

The ground is divided into cells. All points of a cell that no border touches lie in the same areas
and need no geometry; only points in cells on a border are tested exactly. Borders belong to the
areas on both sides, as in PostGIS's ``ST_Covers``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

Floats = NDArray[np.floating[Any]]
Integers = NDArray[np.int64]

CELLS_AN_AREA = 350
"""Cells per area. More cost more to build than they save: 3,000 areas get 1,024 × 1,024 cells."""
MIN_SIDE, MAX_SIDE = 16, 2048

NOWHERE, UNSURE = -1, -2
_SLACK = 1e-9
"""Tolerance in cells, far above the rounding of doubles: a border this near a cell touches it."""


@dataclass(frozen=True, slots=True)
class _Raster:
    """The frame of the cells: origin and cell size in degrees, number of cells per side."""

    west: float
    south: float
    width: float
    height: float
    side: int

    def columns_and_rows(self, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
        """Coordinates in cells, from the south-west corner."""
        return (lon - self.west) / self.width, (lat - self.south) / self.height


class CellCover:
    """Index of the areas of one kind for millions of points; ``shapes`` in degrees, EPSG:4490."""

    def __init__(self, ids: Sequence[int], shapes: Sequence[BaseGeometry]) -> None:
        self.ids = np.asarray(ids, dtype=np.int32)
        self._shapes = np.asarray(shapes, dtype=object)
        self._tree = shapely.STRtree(self._shapes)
        shapely.prepare(self._shapes)
        if len(self.ids):
            west, south, east, north = shapely.total_bounds(self._shapes)
            side = int(np.clip(np.sqrt(CELLS_AN_AREA * len(self._shapes)), MIN_SIDE, MAX_SIDE))
            # One cell of margin, so that no area touches the outer edge of the raster.
            width = (east - west) / (side - 2) or 1e-9
            height = (north - south) / (side - 2) or 1e-9
            self._raster = _Raster(west - width, south - height, width, height, side)
            # The value of every cell: the one area it lies in, NOWHERE, or UNSURE. Cells along a
            # column between two borders lie in the same areas, so each run of them needs only one
            # exact test.
            on_border = _border_cells(self._shapes, self._raster)
            starts = ~on_border
            starts[:, 1:] &= on_border[:, :-1]
            columns, rows = np.nonzero(starts)
            lon = self._raster.west + (columns + 0.5) * self._raster.width
            lat = self._raster.south + (rows + 0.5) * self._raster.height
            run_values = np.full(len(lon), NOWHERE, np.int32)
            points, areas = self._test(lon, lat)
            run_values[points] = areas
            run_values[np.bincount(points, minlength=len(lon)) > 1] = UNSURE
            run_of_cell = np.cumsum(starts.ravel()) - 1
            self._cells = np.full(side * side, UNSURE, np.int32)
            free = ~on_border.ravel()
            self._cells[free] = run_values[run_of_cell[free]]

    def locate(self, lon: Floats, lat: Floats) -> tuple[Integers, NDArray[np.int32]]:
        """Which points lie in which areas: positions in the input, ascending, and area ids.

        A point in two areas is listed twice, a point in none (or NaN) not at all.
        """
        if not len(self.ids) or not len(lon):
            return np.empty(0, np.int64), np.empty(0, np.int32)
        # The value of each point's cell; NOWHERE outside the raster.
        raster = self._raster
        column, row = raster.columns_and_rows(lon, lat)
        # The raster has a margin of one cell: points on the outermost border stay inside.
        inside = (column >= 0) & (column < raster.side) & (row >= 0) & (row < raster.side)
        within = np.full(len(lon), NOWHERE, np.int32)
        at = column[inside].astype(np.int64) * raster.side + row[inside].astype(np.int64)
        within[inside] = self._cells[at]
        sure = np.flatnonzero(within >= 0)
        unsure = np.flatnonzero(within == UNSURE)
        found, areas = self._test(lon[unsure], lat[unsure])
        points = np.concatenate([sure, unsure[found]])
        chosen = np.concatenate([within[sure].astype(np.int64), areas])
        order = np.lexsort((chosen, points))
        return points[order], self.ids[chosen[order]]

    def _test(self, lon: Floats, lat: Floats) -> tuple[Integers, Integers]:
        """The exact test: (position of the point, position of the area) of every pair.

        Rooms share the point of their building, so each distinct point is tested once.
        """
        places, place_of_point = np.unique(lon + 1j * lat, return_inverse=True)
        found, areas = self._tree.query(shapely.points(places.real, places.imag))
        inside = shapely.intersects_xy(self._shapes[areas], places.real[found], places.imag[found])
        found, areas = found[inside], areas[inside]
        # The areas found for each distinct point belong to all addresses there.
        order = np.argsort(found, kind="stable")
        counts = np.bincount(found, minlength=place_of_point.max(initial=-1) + 1)
        first = np.cumsum(counts) - counts
        wanted = counts[place_of_point]
        point, offset = _count_up(np.zeros(len(wanted), np.int64), wanted - 1)
        return point, areas[order][first[place_of_point[point]] + offset]


def _border_cells(shapes: NDArray[np.object_], raster: _Raster) -> NDArray[np.bool_]:
    """Mark every cell that a border crosses or touches, and a few beside it.

    A cell marked needlessly costs exact tests, no more. So an edge that spans two columns and two
    rows at most, as nearly all do, marks all of them.
    """
    marked = np.zeros((raster.side, raster.side), bool)
    # Both ends of every edge of every ring, in cell coordinates.
    rings = shapely.get_rings(shapely.get_parts(shapes))
    corners, ring = shapely.get_coordinates(rings, return_index=True)
    columns, rows = raster.columns_and_rows(corners[:, 0], corners[:, 1])
    first, last = _cells_between(columns)
    low, high = _cells_between(rows)
    is_edge = ring[1:] == ring[:-1]
    is_short = is_edge & (last - first <= 1) & (high - low <= 1)
    flat = marked.ravel()
    for column in (first[is_short], last[is_short]):
        for row in (low[is_short], high[is_short]):
            flat[column * raster.side + row] = True
    longer = np.flatnonzero(is_edge & ~is_short)
    ends = np.column_stack([columns, rows])
    _mark_edges(marked, ends[longer], ends[longer + 1])
    return marked


def _cells_between(places: Floats) -> tuple[Integers, Integers]:
    """The first and last cell, along one axis, of each edge from one corner to the next."""
    one, other = places[:-1], places[1:]
    first = np.floor(np.minimum(one, other) - _SLACK).astype(np.int64)
    return first, np.floor(np.maximum(one, other) + _SLACK).astype(np.int64)


def _mark_edges(marked: NDArray[np.bool_], starts: Floats, ends: Floats) -> None:
    """Mark every cell that an edge crosses, by column; ends are (column, row) coordinates."""
    forwards = (starts[:, 0] <= ends[:, 0])[:, None]
    left, right = np.where(forwards, starts, ends), np.where(forwards, ends, starts)
    first = np.floor(left[:, 0] - _SLACK).astype(np.int64)
    last = np.floor(right[:, 0] + _SLACK).astype(np.int64)
    edge, column = _count_up(first, last)
    # Lowest and highest row coordinate of each edge within one column, with slack.
    left, right = left[edge], right[edge]
    run, rise = (right - left).T
    with np.errstate(divide="ignore", invalid="ignore"):
        near = np.where(run > 0, (column - _SLACK - left[:, 0]) / run, 0.0)
        far = np.where(run > 0, (column + 1 + _SLACK - left[:, 0]) / run, 1.0)
    one = left[:, 1] + np.clip(near, 0, 1) * rise
    other = left[:, 1] + np.clip(far, 0, 1) * rise
    low, high = np.minimum(one, other) - _SLACK, np.maximum(one, other) + _SLACK
    span, row = _count_up(np.floor(low).astype(np.int64), np.floor(high).astype(np.int64))
    marked[column[span], row] = True


def _count_up(first: Integers, last: Integers) -> tuple[Integers, Integers]:
    """Every integer from first to last of each pair, with the pair's position."""
    counts = last - first + 1
    which = np.repeat(np.arange(len(first)), counts)
    before = np.repeat(np.cumsum(counts) - counts, counts)
    return which, np.repeat(first, counts) + np.arange(len(which)) - before
