"""The rules of border edits: what a drawn border makes of an area and of its neighbours.

Shapes are valid polygons in degrees (EPSG:4490), all of areas of one kind, by their id. A drawn
border wins: ground that it takes leaves the neighbours, ground that it gives up goes to those that
bordered there, so that a shared border moves for both sides and no edit makes an overlap.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from address_model.coordinates import metres_per_degree
from address_model.ground_area import square_metres
from service.areas.coverage import SMALLEST_M2
from service.areas.shapes import DECIMALS, normalise
from service.core.errors import BadRequest

SNAP_M = 2.0
"""A drawn corner this close to a corner or edge of a neighbour is meant to lie on it, in metres."""

GRID = 10.0**-DECIMALS
"""The grid of the corners of all results, in degrees."""

LEAST_M2 = 0.01
"""Less ground than this does not change hands: it is rounding, in square metres."""

NEAR = 1e-8
"""Borders this close touch, in degrees: a millimetre."""

_DETOUR = 1.5
"""A corner of the new border is preferred to a point of it that is up to so many times nearer."""


class BorderRefused(BadRequest):
    """The border cannot be drawn like this."""

    usual_field = "border"


class Swallowed(BorderRefused):
    """The drawn border would leave nothing of a neighbour."""

    def __init__(self, area_id: int) -> None:
        super().__init__(
            "the drawn border covers a whole neighbour",
            hint="merge the two areas instead",
            zh="画出的界线把相邻的责任区整个盖住了；要并入的，请用“合并”。",
        )
        self.area_id = area_id


@dataclass(frozen=True, slots=True)
class EditedBorders:
    """The shapes after an edit: of the drawn area, and by id of each other area that it changes."""

    drawn: BaseGeometry
    others: Mapping[int, BaseGeometry]


def redraw(
    drawn: BaseGeometry,
    present: BaseGeometry | None,
    others: Mapping[int, BaseGeometry],
    guides: Sequence[BaseGeometry] = (),
) -> EditedBorders:
    """Give an area a drawn border, and its neighbours theirs.

    Args:
        drawn: the new border; its new corners are snapped to those of others and guides.
        present: the border until now, None for a new area.
        guides: further borders to snap to, such as that of the parent.

    Raises:
        BorderRefused: it has no ground.
        Swallowed: nothing would be left of a neighbour.
    """
    shape = clean(snap(drawn, present, [*others.values(), *guides]))
    if shape.is_empty:
        raise BorderRefused(
            "the area has less than a square metre",
            hint="draw it larger",
            zh="画出的范围不到 1 平方米，请重画。",
        )
    changed: dict[int, BaseGeometry] = {}
    for key, other in others.items():
        taken = shapely.intersection(other, shape, grid_size=GRID)
        if square_metres(taken) >= LEAST_M2:
            changed[key] = clean(shapely.difference(other, shape, grid_size=GRID))
            if square_metres(changed[key]) < SMALLEST_M2:
                raise Swallowed(key)
    given = None if present is None else shapely.difference(present, shape, grid_size=GRID)
    for part in shapely.get_parts(given) if given is not None else ():
        if square_metres(part) >= LEAST_M2:
            for key, piece in share_out(part, shape, others).items():
                held = changed.get(key, others[key])
                changed[key] = clean(shapely.union(held, piece, grid_size=GRID))
    return EditedBorders(shape, changed)


def share_out(
    ground: BaseGeometry, drawn: BaseGeometry, others: Mapping[int, BaseGeometry]
) -> dict[int, BaseGeometry]:
    """Divide given-up ground among the neighbours that bordered on it; empty if there is none.

    Where two of them met on the old border, theirs is continued to the new one (``drawn``): to the
    nearest corner, where it was dragged to, or else straight across.
    """
    reach = {key: shape.buffer(NEAR) for key, shape in others.items() if shape.intersects(ground)}
    edges = {key: shapely.intersection(ground.boundary, near) for key, near in reach.items()}
    edges = {key: edge for key, edge in edges.items() if edge.length > 10 * NEAR}
    if len(edges) < 2:
        return dict.fromkeys(edges, ground)
    goal = shapely.intersection(ground.boundary, drawn.buffer(NEAR))
    known = shapely.multipoints(shapely.get_coordinates([others[key] for key in edges]))
    cuts = []
    for one, other in combinations(edges.values(), 2):
        for place in shapely.get_parts(shapely.intersection(one.buffer(2 * NEAR), other)):
            straight = shapely.shortest_line(shapely.snap(place.centroid, known, 4 * NEAR), goal)
            if straight is None or straight.length < 10 * NEAR:
                continue  # the place where they met stays
            start, end = shapely.get_coordinates(straight)
            corners = shapely.get_coordinates(goal)
            far = np.hypot(*(corners - start).T)
            if far.min() <= _DETOUR * straight.length:
                end = corners[far.argmin()]
            beyond = (end - start) * 10 * NEAR / np.hypot(*(end - start))
            cuts.append(shapely.linestrings([start - beyond, end + beyond]))
    found: dict[int, list[BaseGeometry]] = {}
    for piece in divide(ground, cuts):
        lengths = {key: piece.boundary.intersection(reach[key]).length for key in edges}
        found.setdefault(max(lengths, key=lambda key: lengths[key]), []).append(piece)
    return {key: shapely.union_all(pieces, grid_size=GRID) for key, pieces in found.items()}


def snap(
    drawn: BaseGeometry, present: BaseGeometry | None, targets: Sequence[BaseGeometry]
) -> BaseGeometry:
    """Move the new corners of a border to corners, else edges, of others within ``SNAP_M``.

    Corners that the area or one of the others has already stay where they are. If a border would
    cross itself by it, nothing is moved.
    """
    if not len(targets):
        return drawn
    corners = shapely.get_coordinates(drawn)
    scale = np.array(metres_per_degree(float(corners[:, 1].mean())))
    ends = shapely.get_coordinates(np.array(targets, dtype=object))
    known = {tuple(corner) for corner in ends.tolist()}
    if present is not None:
        known |= {tuple(corner) for corner in shapely.get_coordinates(present).tolist()}
    free = np.flatnonzero([tuple(corner) not in known for corner in corners.tolist()])
    if not len(free):
        return drawn
    edges = [target.boundary for target in targets]
    if present is not None:  # what they share with the border until now could else not be left
        edges = [shapely.difference(edge, present.boundary.buffer(NEAR)) for edge in edges]
    parts = shapely.get_parts(shapely.get_parts(np.array(edges, dtype=object)))
    lines = shapely.transform(parts, lambda degrees: degrees * scale)
    moved = shapely.points(corners[free] * scale)
    near, ring = shapely.STRtree(lines).query_nearest(moved, max_distance=SNAP_M, all_matches=False)
    along = shapely.line_locate_point(lines[ring], moved[near])
    places = shapely.get_coordinates(shapely.line_interpolate_point(lines[ring], along))
    corners[free[near]] = places / scale
    tree = shapely.STRtree(shapely.points(ends * scale))
    near, end = tree.query_nearest(moved, max_distance=SNAP_M, all_matches=False)
    corners[free[near]] = ends[end]
    snapped = shapely.set_coordinates(drawn, np.round(corners, DECIMALS))
    return snapped if snapped.is_valid else drawn


def split(shape: BaseGeometry, line: BaseGeometry) -> tuple[BaseGeometry, BaseGeometry]:
    """The two sides of an area that a line crosses, the larger one first.

    The ends of the line may stop short of the border by ``SNAP_M``. Parts of the area that the line
    does not cross stay with the larger side.

    Raises:
        BorderRefused: the line does not divide the area in two.
    """
    corners = shapely.get_coordinates(line)
    scale = np.array(metres_per_degree(float(corners[:, 1].mean())))
    corners[0] += _beyond(corners[1] - corners[0], scale) * -SNAP_M
    corners[-1] += _beyond(corners[-1] - corners[-2], scale) * SNAP_M
    cut = shapely.linestrings(corners)
    pieces = [(part, divide(part, [cut])) for part in shapely.get_parts(shape)]
    crossed = [(part, found) for part, found in pieces if len(found) > 1]
    sizes = [square_metres(one) for _, found in crossed for one in found]
    if len(sizes) != 2 or min(sizes) < SMALLEST_M2:
        raise BorderRefused(
            "the line does not divide the area in two",
            hint="draw it from border to border, across once",
            zh="这条线没有把责任区分成两块：请从一边的界线画到另一边，只穿过一次。",
            field="line",
        )
    larger, smaller = sorted(crossed[0][1], key=square_metres, reverse=True)
    rest = [part for part, found in pieces if len(found) < 2]
    return clean(shapely.multipolygons([larger, *rest])), clean(smaller)


def merge(one: BaseGeometry, other: BaseGeometry) -> BaseGeometry:
    """The area that two neighbours make together.

    Raises:
        BorderRefused: they share no border.
    """
    if shapely.intersection(one.boundary, other.buffer(NEAR)).length < 10 * NEAR:
        raise BorderRefused(
            "the two areas share no border",
            hint="choose a neighbour",
            zh="两个责任区不相邻，不能合并。",
            field="other",
        )
    return clean(shapely.union(one, other, grid_size=GRID))


def clean(shape: BaseGeometry) -> BaseGeometry:
    """The canonical form of a result: no parts or holes under a square metre, corners rounded."""
    kept = []
    for part in shapely.get_parts(shape):
        if part.geom_type == "Polygon" and square_metres(part) >= SMALLEST_M2:
            holes = [
                hole
                for hole in part.interiors
                if square_metres(shapely.polygons(hole)) >= SMALLEST_M2
            ]
            kept.append(shapely.Polygon(part.exterior, holes))
    whole = shapely.transform(kept, lambda corners: np.round(corners, DECIMALS))
    whole = shapely.transform(
        shapely.MultiPolygon(kept), lambda degrees: np.round(degrees, DECIMALS)
    )
    return normalise(whole)


def divide(ground: BaseGeometry, cuts: Iterable[BaseGeometry]) -> list[BaseGeometry]:
    """The pieces of a polygon between cuts; what does not go through divides nothing."""
    lines = shapely.union_all([ground.boundary, *cuts], grid_size=GRID)
    pieces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    return [
        one
        for one in pieces
        if square_metres(one) >= LEAST_M2 and ground.intersects(shapely.point_on_surface(one))
    ]


def _beyond(step: NDArray[np.float64], scale: NDArray[np.float64]) -> NDArray[np.float64]:
    """A metre in the direction of a step, in degrees."""
    along: NDArray[np.float64] = step / np.hypot(*(step * scale))
    return along
