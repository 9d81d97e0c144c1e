"""The rules of border edits, on squares whose results are known and on jagged ones at random."""

from collections.abc import Callable
from random import Random

import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from address_model.ground_area import square_metres
from benchmarks.voronoi import jagged_cells
from service.areas.border_faults import FaultKind, find_border_faults
from service.areas.borders import BorderRefused, Swallowed, merge, redraw, snap, split
from service.areas.coverage import DrawnArea
from service.areas.shapes import normalise
from tests.factories.areas import box

NORTH, WEST, EAST = box(0, 1, 2, 2), box(0, 0, 1, 1), box(1, 0, 2, 1)
METRE = 1 / 110_860


def polygon(*corners: tuple[float, float]) -> BaseGeometry:
    """A polygon in hundredths of a degree from 120° E, 30° N."""
    return normalise(shapely.Polygon([(120 + x / 100, 30 + y / 100) for x, y in corners]))


def drawn(name: str, shape: BaseGeometry) -> DrawnArea:
    return DrawnArea("grid", "", name, shape)


def is_same(one: BaseGeometry, other: BaseGeometry) -> bool:
    return square_metres(shapely.symmetric_difference(one, other)) < 0.1


def test_ground_that_is_taken_leaves_both_neighbours() -> None:
    done = redraw(box(0, 0.9, 2, 2), NORTH, {1: WEST, 2: EAST})
    assert is_same(done.drawn, box(0, 0.9, 2, 2))
    assert is_same(done.others[1], box(0, 0, 1, 0.9))
    assert is_same(done.others[2], box(1, 0, 2, 0.9))


def test_ground_that_is_given_up_goes_to_both_neighbours_along_their_border() -> None:
    done = redraw(box(0, 1.1, 2, 2), NORTH, {1: WEST, 2: EAST})
    assert is_same(done.others[1], box(0, 0, 1, 1.1))
    assert is_same(done.others[2], box(1, 0, 2, 1.1))


def test_a_dragged_corner_takes_the_border_of_two_neighbours_along() -> None:
    shape = polygon((0, 1), (1.02, 1.05), (2, 1), (2, 2), (0, 2))
    done = redraw(shape, NORTH, {1: WEST, 2: EAST})
    assert is_same(done.others[1], polygon((0, 0), (1, 0), (1, 1), (1.02, 1.05), (0, 1)))
    assert is_same(done.others[2], polygon((1, 0), (2, 0), (2, 1), (1.02, 1.05), (1, 1)))


def test_ground_at_an_outer_border_goes_to_nobody() -> None:
    done = redraw(box(0, 1, 2, 1.9), NORTH, {1: WEST, 2: EAST})
    assert done.others == {}


def test_a_neighbour_that_keeps_its_ground_is_not_touched() -> None:
    done = redraw(box(0, 0, 0.9, 1), WEST, {2: EAST, 3: NORTH})
    assert set(done.others) == {2}  # the strip touches the northern one at its end only
    done = redraw(box(0, 1, 2, 2.2), NORTH, {1: WEST, 2: EAST})
    assert done.others == {}


def test_nothing_is_left_of_a_swallowed_neighbour() -> None:
    with pytest.raises(Swallowed) as refused:
        redraw(box(0, 0, 1, 2), NORTH, {1: WEST})
    assert refused.value.area_id == 1


def test_new_corners_lie_on_the_neighbours_and_old_ones_stay() -> None:
    near = 1.5 * METRE
    shape = shapely.Polygon(
        [(120 + near, 30.01 + near), (120.02 - near, 30.01), (120.02, 30.02), (120, 30.02)]
    )
    moved = shapely.get_coordinates(snap(normalise(shape), None, [WEST, EAST])).tolist()
    assert [120, 30.01] in moved
    assert [120.02, 30.01] in moved
    assert [120.02, 30.02] in moved
    far = shapely.Polygon([(120, 30.01 + 3 * METRE), (120.02, 30.02), (120, 30.02)])
    assert is_same(snap(normalise(far), None, [WEST, EAST]), far)


def test_a_corner_is_put_on_an_edge_and_a_small_step_off_the_shared_border_is_possible() -> None:
    shape = normalise(shapely.Polygon([(120.005, 30.01 + METRE), (120.02, 30.02), (120, 30.02)]))
    assert [120.005, 30.01] in np.round(
        shapely.get_coordinates(snap(shape, None, [WEST])), 9
    ).tolist()
    bend = 0.5, 1 + METRE * 100
    step = polygon((0, 1), bend, (1, 1), (2, 1), (2, 2), (0, 2))
    done = redraw(step, NORTH, {1: WEST, 2: EAST})
    assert set(done.others) == {1}


def test_a_line_divides_an_area_in_two_the_larger_first() -> None:
    larger, smaller = split(NORTH, shapely.LineString([(120.005, 30.01001), (120.005, 30.01999)]))
    assert is_same(larger, NORTH.difference(box(0, 1, 0.5, 2)))  # the ends lay a metre inside
    assert is_same(smaller, box(0, 1, 0.5, 2))


@pytest.mark.parametrize(
    "line",
    [
        [(120.005, 30.012), (120.005, 30.018)],
        [(119.9, 30.015), (119.95, 30.016)],
        [(119.99, 30.015), (120.03, 30.015), (120.03, 30.017), (119.99, 30.017)],
    ],
    ids=["stops inside", "lies outside", "crosses twice"],
)
def test_a_line_that_does_not_divide_in_two_is_refused(line: list[tuple[float, float]]) -> None:
    with pytest.raises(BorderRefused):
        split(NORTH, shapely.LineString(line))


def test_two_neighbours_are_one_and_strangers_are_refused() -> None:
    assert is_same(merge(WEST, EAST), box(0, 0, 2, 1))
    for stranger in (box(3, 0, 4, 1), box(2, 2, 3, 3)):
        with pytest.raises(BorderRefused):
            merge(EAST if stranger.bounds[0] > 120.025 else box(1, 1, 2, 2), stranger)


def test_faults_within_a_parent_have_their_ground() -> None:
    parent = drawn("社区", box(0, 0, 2, 2))
    areas = [
        drawn("甲", box(0, 0, 1.1, 1)),
        drawn("乙", box(1, 0, 2, 1)),
        drawn("丙", box(0, 1.1, 2, 2.1)),
    ]
    found = {fault.kind: fault for fault in find_border_faults(areas, parent)}
    assert found[FaultKind.OVERLAP].names == ("甲", "乙")
    assert is_same(found[FaultKind.OVERLAP].shape, box(1, 0, 1.1, 1))
    assert is_same(found[FaultKind.GAP].shape, box(0, 1, 2, 1.1))
    assert is_same(found[FaultKind.OUTSIDE].shape, box(0, 2, 2, 2.1))
    assert found[FaultKind.GAP].m2 == pytest.approx(square_metres(box(0, 1, 2, 1.1)), rel=1e-6)


def move_corners(shape: BaseGeometry, random: Random) -> BaseGeometry:
    """A border with a stretch of its corners moved the same way, as somebody drags it."""
    corners = shapely.get_coordinates(shape)[:-1]
    first, count = random.randrange(len(corners)), random.randrange(1, len(corners) // 4)
    step = np.array([random.uniform(-1, 1), random.uniform(-1, 1)]) * 0.0015
    for at in range(count):
        corners[(first + at) % len(corners)] += step
    return normalise(shapely.Polygon(np.round(corners, 9)))


@pytest.mark.parametrize("seed", [0, 2, 3, 4, 5])
def test_no_redrawn_border_of_a_full_coverage_makes_an_overlap_or_loses_ground(seed: int) -> None:
    """What the others had and the drawn one, against the ground that all had before."""
    random = Random(seed)
    cells = jagged_cells((120.0, 30.0, 120.05, 30.05), 12, seed)
    shapes = {at: normalise(cell) for at, cell in enumerate(cells)}
    edits = 0
    while edits < 12:
        key = random.choice(list(shapes))
        if len(shapely.get_parts(shapes[key])) > 1:
            continue
        wanted = move_corners(shapes[key], random)
        if not wanted.is_valid:
            continue
        edits += 1
        before = shapely.union_all(list(shapes.values()))
        others = {at: shape for at, shape in shapes.items() if at != key}
        try:
            done = redraw(wanted, shapes[key], others)
        except Swallowed:
            continue
        shapes |= {key: done.drawn, **done.others}
        assert all(shape.is_valid for shape in shapes.values())
        faults = find_border_faults([drawn(str(at), shape) for at, shape in shapes.items()])
        assert [fault for fault in faults if fault.kind is FaultKind.OVERLAP] == []
        after = shapely.union_all(list(shapes.values()))
        lost = [
            one for one in shapely.get_parts(before.difference(after)) if square_metres(one) > 1
        ]
        outer = before.boundary.buffer(1e-7)
        # only ground at the outer border may be left, where nobody is beside it
        assert all(one.intersects(outer) for one in lost)


def test_random_splits_and_merges_keep_the_ground() -> None:
    random = Random(7)
    cells = [normalise(cell) for cell in jagged_cells((120.0, 30.0, 120.03, 30.03), 6, 7)]
    whole = shapely.union_all(cells)
    done: dict[Callable[..., object], int] = {split: 0, merge: 0}
    for _ in range(30):
        west, south, east, north = (shape := random.choice(cells)).bounds
        try:
            if random.random() < 0.5:
                x = random.uniform(west, east)
                pieces = split(shape, shapely.LineString([(x, south - 0.001), (x, north + 0.001)]))
                cells = [*(one for one in cells if one is not shape), *pieces]
                done[split] += 1
            else:
                other = random.choice([one for one in cells if one is not shape])
                one = merge(shape, other)
                cells = [*(cell for cell in cells if cell is not shape and cell is not other), one]
                done[merge] += 1
        except BorderRefused:
            continue
        changed = shapely.union_all(cells).symmetric_difference(whole)
        assert square_metres(changed) < 1  # rounding to a tenth of a millimetre
        assert find_border_faults([drawn(str(at), cell) for at, cell in enumerate(cells)]) == []
    assert min(done.values()) > 3
