import pytest
from hypothesis import given
from hypothesis import strategies as st

from address_model.coordinates import (
    CoordinateSystem,
    InvalidPoint,
    LocalFrame,
    Point,
    convert,
    distance_m,
)

CGCS2000, WGS84 = CoordinateSystem.CGCS2000, CoordinateSystem.WGS84
GCJ02, BD09 = CoordinateSystem.GCJ02, CoordinateSystem.BD09
IN_CHINA = st.builds(Point, st.floats(73, 136), st.floats(3, 54))
# West of the box in which the vendors shift points.
ABROAD = st.builds(Point, st.floats(-180, 71), st.floats(-90, 90))


@pytest.mark.parametrize(
    ("geodetic", "gcj02"),
    [
        # Test vectors of googollee/eviltransform (MIT).
        (Point(121.5272106, 31.1774276), Point(121.531541859215, 31.17530398364597)),
        (Point(113.912316, 22.543847), Point(113.9171764808363, 22.540796131694766)),
        (Point(116.377817, 39.911954), Point(116.38404722455657, 39.91334545536069)),
    ],
)
def test_gcj02_agrees_with_the_known_test_points(geodetic: Point, gcj02: Point) -> None:
    assert distance_m(convert(geodetic, WGS84, GCJ02), gcj02) < 0.5


def test_bd09_agrees_with_the_known_test_point() -> None:
    # Test vector of wandergis/coordtransform (MIT).
    sent = convert(_gcj_to_wgs(Point(116.404, 39.915)), CGCS2000, BD09)
    assert distance_m(sent, Point(116.41036949371029, 39.92133699351021)) < 0.01


def _gcj_to_wgs(point: Point) -> Point:
    return convert(point, GCJ02, WGS84)


@given(IN_CHINA)
def test_a_point_returns_from_gcj02_within_a_centimetre(point: Point) -> None:
    assert distance_m(convert(convert(point, CGCS2000, GCJ02), GCJ02, CGCS2000), point) <= 0.01


@given(IN_CHINA)
def test_a_point_returns_from_bd09_within_a_centimetre(point: Point) -> None:
    assert distance_m(convert(convert(point, CGCS2000, BD09), BD09, CGCS2000), point) <= 0.01


@given(IN_CHINA)
def test_the_way_from_gcj02_to_bd09_does_not_depend_on_the_stop(point: Point) -> None:
    straight = convert(point, WGS84, BD09)
    stopped = convert(convert(point, WGS84, GCJ02), GCJ02, BD09)
    assert distance_m(straight, stopped) <= 0.01


@given(ABROAD, st.sampled_from(CoordinateSystem), st.sampled_from(CoordinateSystem))
def test_points_outside_china_stay_where_they_are(
    point: Point, source: CoordinateSystem, target: CoordinateSystem
) -> None:
    assert convert(point, source, target) == point


@given(IN_CHINA)
def test_cgcs2000_and_wgs84_are_treated_as_equal(point: Point) -> None:
    assert convert(point, WGS84, CGCS2000) == point


@given(st.builds(Point, st.floats(118.0, 123.0), st.floats(27.0, 31.2)))
def test_gcj02_moves_a_plate_in_zhejiang_by_about_half_a_kilometre(point: Point) -> None:
    assert 430 < distance_m(point, convert(point, CGCS2000, GCJ02)) < 680


@pytest.mark.parametrize(
    ("one", "other", "metres"),
    [
        # GeographicLib, "geodesic" on the WGS84 ellipsoid.
        (Point(120, 30), Point(120, 31), 110861.0),
        (Point(120, 30), Point(121, 30), 96486.3),
        (Point(0, 0), Point(1, 0), 111319.5),
        (Point(179.5, 0), Point(-179.5, 0), 111319.5),
    ],
)
def test_distances_agree_with_the_geodesic(one: Point, other: Point, metres: float) -> None:
    assert distance_m(one, other) == pytest.approx(metres, abs=1.0)


@given(IN_CHINA, IN_CHINA)
def test_distance_is_the_same_both_ways_and_zero_at_home(one: Point, other: Point) -> None:
    assert distance_m(one, other) == distance_m(other, one)
    assert distance_m(one, one) == 0


def test_exchanged_numbers_are_refused_with_the_hint() -> None:
    with pytest.raises(InvalidPoint, match="look exchanged"):
        Point(30.24, 120.17)


@pytest.mark.parametrize("lon", [181.0, float("nan"), float("inf")])
def test_a_longitude_off_the_earth_is_refused(lon: float) -> None:
    with pytest.raises(InvalidPoint, match="not a place on earth"):
        Point(lon, 30.0)


@given(
    st.builds(Point, st.floats(118.0, 123.0), st.floats(27.0, 31.2)),
    st.floats(-2000, 2000),
    st.floats(-2000, 2000),
)
def test_a_local_frame_keeps_metres_and_finds_the_way_back(
    origin: Point, east: float, north: float
) -> None:
    frame = LocalFrame(origin)
    point = frame.to_point(east, north)
    assert frame.to_metres(point) == pytest.approx((east, north), abs=1e-6)
    flat = (east**2 + north**2) ** 0.5
    assert distance_m(origin, point) == pytest.approx(flat, rel=1e-3, abs=0.001)
