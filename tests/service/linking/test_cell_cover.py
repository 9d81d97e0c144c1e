"""The cell cover gives the pairs of ``ST_Covers``: on borders, in holes, at corners."""

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry
from sqlalchemy import text
from sqlalchemy.orm import Session

from benchmarks.voronoi import jagged_cells
from service.linking.cell_cover import CellCover

Floats = NDArray[np.float64]
Pairs = set[tuple[int, int]]
JOIN = text(
    "select p.n, a.id from unnest(cast(:lon as float8[]), cast(:lat as float8[])) "
    "with ordinality as p(lon, lat, n) join unnest(cast(:ids as int[]), cast(:shapes as bytea[])) "
    "as a(id, shape) on ST_Covers(ST_GeomFromWKB(a.shape, 4490), "
    "ST_SetSRID(ST_MakePoint(p.lon, p.lat), 4490))"
)
STEP = 1 / 256
"""A lattice whose corners and middles are exact doubles: points fall upon borders to the bit."""


def by_postgis(session: Session, shapes: list[BaseGeometry], lon: Floats, lat: Floats) -> Pairs:
    values = {
        "lon": lon.tolist(),
        "lat": lat.tolist(),
        "ids": list(range(10, 10 + len(shapes))),
        "shapes": [shapely.to_wkb(shape) for shape in shapes],
    }
    return {(point - 1, area) for point, area in session.execute(JOIN, values)}


def by_cover(shapes: list[BaseGeometry], lon: Floats, lat: Floats) -> Pairs:
    points, areas = CellCover(range(10, 10 + len(shapes)), shapes).locate(lon, lat)
    pairs = list(zip(points.tolist(), areas.tolist(), strict=True))
    assert pairs == sorted(set(pairs))  # ascending, each once
    return set(pairs)


def lattice_area(rng: np.random.Generator) -> BaseGeometry:
    """A rectangle or a triangle on the lattice, half of them with a hole."""
    west, south = np.array([120, 30]) + rng.integers(0, 24, 2) * STEP
    width, height = rng.integers(4, 16, 2) * STEP
    shape = shapely.box(west, south, west + width, south + height)
    if rng.random() < 0.3:
        shape = shapely.Polygon([(west, south), (west + width, south), (west, south + height)])
    elif rng.random() < 0.5:
        hole = shapely.box(west + STEP, south + STEP, west + 3 * STEP, south + 3 * STEP)
        shape = shapely.difference(shape, hole)
    return shapely.multipolygons([shape])


def lattice_points(rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Every lattice corner, the middles between them, some outside, and some anywhere."""
    lon, lat = np.meshgrid(np.arange(-2, 90) * STEP / 2, np.arange(-2, 90) * STEP / 2)
    anywhere = rng.uniform(0, 42 * STEP, (2, 2000))
    return (
        120 + np.concatenate([lon.ravel(), anywhere[0]]),
        30 + np.concatenate([lat.ravel(), anywhere[1]]),
    )


@pytest.mark.parametrize("seed", range(6))
def test_random_areas_with_holes_and_shared_borders_give_the_pairs_of_postgis(
    session: Session, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    shapes = [lattice_area(rng) for _ in range(30)]
    lon, lat = lattice_points(rng)
    assert by_cover(shapes, lon, lat) == by_postgis(session, shapes, lon, lat)


def test_jagged_neighbours_give_the_pairs_of_postgis_on_their_own_corners_too(
    session: Session,
) -> None:
    shapes = jagged_cells((120.0, 30.0, 120.2, 30.2), 40, seed=3)
    corners = shapely.get_coordinates(shapes)[::7]
    anywhere = np.random.default_rng(4).uniform((119.99, 29.99), (120.21, 30.21), (4000, 2))
    lon, lat = np.concatenate([corners, anywhere]).T
    found = by_cover(shapes, lon, lat)
    assert found == by_postgis(session, shapes, lon, lat)
    assert len(found) > len(lon)  # corners lie in two areas or three


def test_an_area_of_several_parts_and_one_within_a_hole_of_another(session: Session) -> None:
    ring = shapely.difference(
        shapely.box(120, 30, 120.4, 30.4), shapely.box(120.1, 30.1, 120.2, 30.2)
    )
    parts = shapely.union(shapely.box(120.1, 30.1, 120.2, 30.2), shapely.box(121, 31, 121.1, 31.1))
    lon = np.array([120.05, 120.1, 120.15, 121.05, 120.7])
    lat = np.array([30.05, 30.1, 30.15, 31.05, 30.7])
    found = by_cover([ring, parts], lon, lat)
    assert found == {(0, 10), (1, 10), (1, 11), (2, 11), (3, 11)}
    assert found == by_postgis(session, [ring, parts], lon, lat)


def test_points_that_are_nowhere_no_number_or_missing_make_no_pair() -> None:
    shapes = [shapely.box(120, 30, 121, 31)]
    nowhere = np.array([119.0, 500.0, np.nan, -np.inf])
    assert by_cover(shapes, nowhere, np.array([30.5, 30.5, 30.5, 30.5])) == set()
    assert by_cover(shapes, np.empty(0), np.empty(0)) == set()
    assert by_cover([], np.array([120.5]), np.array([30.5])) == set()


def test_many_rooms_at_the_point_of_their_building_each_get_every_area() -> None:
    shapes = [shapely.box(120, 30, 121, 31), shapely.box(121, 30, 122, 31)]
    lon, lat = np.full(500, 121.0), np.full(500, 30.5)
    assert by_cover(shapes, lon, lat) == {(n, area) for n in range(500) for area in (10, 11)}
