import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from service.areas.coverage import DrawnArea, check_coverage
from tests.factories.areas import box


def drawn(name: str, shape: BaseGeometry, kind: str = "grid", division: str = "a") -> DrawnArea:
    return DrawnArea(kind, division, name, shape)


def test_areas_that_only_share_a_border_neither_overlap_nor_leave_a_gap() -> None:
    [found] = check_coverage([drawn("1", box(0, 0, 1, 1)), drawn("2", box(1, 0, 2, 1))])
    assert (found.overlaps, found.gaps) == ((), ())


def test_an_overlap_has_both_areas_square_metres_and_a_point_in_it() -> None:
    [found] = check_coverage([drawn("1", box(0, 0, 1.1, 1)), drawn("2", box(1, 0, 2, 1))])
    [overlap] = found.overlaps
    assert {overlap.one, overlap.other} == {"1", "2"}
    assert overlap.m2 == pytest.approx(96.4 * 1_108, rel=0.01)  # 0.001° by 0.01° at 30° N
    assert 120.01 < overlap.place.lon < 120.011


def test_a_hole_between_areas_is_a_gap_with_its_neighbours() -> None:
    ring = shapely.difference(box(0, 0, 3, 3), box(1, 1, 2, 2))
    [found] = check_coverage([drawn("1", ring), drawn("2", box(3, 0, 4, 3))])
    [gap] = found.gaps
    assert gap.neighbours == ("1",)
    assert 120.01 < gap.place.lon < 120.02
    assert 30.01 < gap.place.lat < 30.02
    assert gap.m2 == pytest.approx(964 * 1_108, rel=0.01)


def test_a_slit_of_a_few_metres_between_two_borders_is_a_gap() -> None:
    [found] = check_coverage([drawn("1", box(0, 0, 1, 1)), drawn("2", box(1.005, 0, 2, 1))])
    [gap] = found.gaps
    assert gap.neighbours == ("1", "2")
    assert gap.m2 == pytest.approx(4.82 * 1_108, rel=0.02)


def test_ground_far_from_every_area_and_notches_of_a_coast_are_no_gaps() -> None:
    coast = shapely.difference(box(0, 0, 1, 1), box(0.4, 0.9, 0.6, 1))
    [found] = check_coverage([drawn("1", coast), drawn("2", box(2, 0, 3, 1))])
    assert found.gaps == ()


def test_each_kind_is_compared_only_with_itself() -> None:
    both = check_coverage(
        [drawn("1", box(0, 0, 1, 1)), drawn("2", box(0, 0, 1, 1), kind="community")]
    )
    assert [(one.kind, one.overlaps, one.gaps) for one in both] == [
        ("community", (), ()),
        ("grid", (), ()),
    ]


def test_a_gap_between_two_divisions_is_not_reported() -> None:
    [found] = check_coverage(
        [drawn("1", box(0, 0, 1, 1)), drawn("2", box(1.005, 0, 2, 1), division="b")]
    )
    assert found.gaps == ()


def test_the_largest_fault_comes_first() -> None:
    [found] = check_coverage(
        [
            drawn("1", box(0, 0, 1, 1)),
            drawn("2", box(0.99, 0, 2, 1)),
            drawn("3", box(1.5, 0, 3, 1)),
        ]
    )
    assert [(o.one, o.other) for o in found.overlaps] == [("2", "3"), ("1", "2")]
