import re

import pytest

from address_model.coordinates import Point
from service.heritage.sketch import draw_land, draw_sketch, frame_about, whole_frame
from tests.factories.heritage import summary_of

HAIYAN, XIAOSHAN = Point(120.9486, 30.5154), Point(120.26, 30.16)


def test_a_place_is_drawn_as_large_as_it_is_uncertain() -> None:
    known = summary_of("甲", HAIYAN)
    wide = summary_of("乙", XIAOSHAN, precision="township_centre_5km")
    guess = summary_of("丙", Point(119.0, 28.5), precision="approximate_1km")
    marks = {mark.first.name: mark for mark in draw_sketch([known, wide, guess]).marks}
    frame = whole_frame()
    assert marks["甲"].radius < marks["乙"].radius
    assert marks["乙"].radius == pytest.approx(frame.units(5000), abs=0.1)
    assert (marks["乙"].is_area, marks["乙"].is_estimate) == (True, False)
    assert (marks["丙"].is_area, marks["丙"].is_estimate) == (False, True)
    assert not marks["甲"].is_area


def test_places_that_cannot_be_told_apart_are_one_mark() -> None:
    near = [summary_of(str(n), Point(120.16 + n / 250, 30.25)) for n in range(5)]
    marks = draw_sketch([*near, summary_of("远", HAIYAN)]).marks
    assert sorted(len(mark.entries) for mark in marks) == [1, 5]
    assert len(draw_sketch(near, zoomed=True).marks) == 5


def test_a_place_without_position_is_told_and_not_drawn() -> None:
    sketch = draw_sketch([summary_of("失", None)])
    assert (sketch.marks, [one.name for one in sketch.unplaced]) == ((), ["失"])


def test_north_is_up_and_the_frame_holds_its_points() -> None:
    frame = frame_about([HAIYAN, XIAOSHAN])
    (x, y), (x_south, y_south) = (frame.place(p.lon, p.lat) for p in (HAIYAN, XIAOSHAN))
    assert y < y_south
    assert 0 < x_south < x < 1000
    assert 0 < y < y_south < frame.height


def test_the_land_is_one_light_path() -> None:
    path = draw_land(whole_frame())
    assert re.fullmatch(r"(?:M\d+ \d+l[-\d ]+z)+", path)
    assert len(path) < 20_000


def test_no_name_lies_upon_another() -> None:
    entries = [
        summary_of(f"地名{n:02d}", Point(119 + n % 7 / 3, 28.2 + n // 7 / 3)) for n in range(40)
    ]
    marks = [mark for mark in draw_sketch(entries).marks if mark.anchor]
    boxes = []
    for mark in marks:
        wide = len(mark.first.name) * 17
        west = mark.label_x if mark.anchor == "start" else mark.label_x - wide
        boxes.append((west, mark.y - 11, west + wide, mark.y + 11))
    assert boxes
    for at, a in enumerate(boxes):
        assert not any(
            a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3] for b in boxes[at + 1 :]
        )
