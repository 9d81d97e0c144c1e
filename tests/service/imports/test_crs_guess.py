import random

import pytest
import shapely

from address_model.coordinates import CoordinateSystem, Point, convert
from service.imports.crs_guess import CANDIDATES, Sample, guess_system

# Four counties of 20 km that meet at the lake; points everywhere in them, so also at the borders.
EDGE = 0.2
COUNTIES = {
    f"33010{n}": shapely.box(120 + x, 30 + y, 120 + x + EDGE, 30 + y + EDGE)
    for n, (x, y) in enumerate([(0, 0), (EDGE, 0), (0, EDGE), (EDGE, EDGE)], 1)
}


def points(count: int, true: CoordinateSystem) -> list[Sample]:
    chance = random.Random(7)
    samples = []
    for _ in range(count):
        here = Point(120 + chance.random() * 2 * EDGE, 30 + chance.random() * 2 * EDGE)
        county = next(
            c for c, s in COUNTIES.items() if shapely.intersects_xy(s, here.lon, here.lat)
        )
        written = convert(here, CoordinateSystem.CGCS2000, true)
        samples.append(Sample(written.lon, written.lat, county))
    return samples


@pytest.mark.parametrize("true", CANDIDATES)
@pytest.mark.parametrize("declared", [*CANDIDATES, CoordinateSystem.WGS84])
def test_a_list_in_another_system_than_declared_is_told(
    true: CoordinateSystem, declared: CoordinateSystem
) -> None:
    guess = guess_system(points(1500, true), COUNTIES, declared)
    geodetic = declared is CoordinateSystem.WGS84
    right = true is (CoordinateSystem.CGCS2000 if geodetic else declared)
    assert guess.better == (None if right else true)
    assert guess.total == 1500
    assert guess.outside[true] == min(guess.outside.values())


def test_a_few_points_are_no_evidence() -> None:
    guess = guess_system(points(5, CoordinateSystem.GCJ02), COUNTIES)
    assert guess.better is None


def test_points_of_unknown_counties_and_no_points_at_all_say_nothing() -> None:
    assert guess_system([Sample(120.1, 30.1, "990000")], COUNTIES).total == 0
    assert guess_system([], COUNTIES).better is None


def test_numbers_that_are_no_place_do_not_stop_it() -> None:
    guess = guess_system([Sample(500, 30, "330101"), Sample(30, 120, "330101")], COUNTIES)
    assert set(guess.outside.values()) == {2}
