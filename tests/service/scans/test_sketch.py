import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from address_model.coordinates import LocalFrame, Point
from service.core.words import WORDS, Language
from service.scans.sketch import METRE, Sketch, SketchDoor, draw_sketch, sketch_svg
from service.scans.sketch_facts import WINDS, fit_street, sketch_sentence, spoken, wind_of
from tests.factories.cards import SAMPLES, card_of, street_card

FRAME = LocalFrame(Point(120.167, 30.241))
SVG = "{http://www.w3.org/2000/svg}"


def east_west_street() -> list[SketchDoor]:
    # Odd numbers on the north side, even ones on the south side, growing to the east.
    return [
        SketchDoor(
            FRAME.to_point(number * 5.0 - 100, 11 if number % 2 else -11), str(number), "河坊街"
        )
        for number in range(1, 41)
    ]


def draw(number: int, street: list[SketchDoor]) -> tuple[str, str]:
    here = street[number - 1]
    return shown(draw_sketch(here, [door for door in street if door is not here]))


def shown(sketch: Sketch) -> tuple[str, str]:
    caption = sketch_sentence(sketch.caption, WORDS[Language.ZH])
    return sketch_svg(sketch, f"位置示意图：{caption}", "北", "50 米"), caption


def test_the_caption_says_the_side_of_the_street_and_both_neighbours() -> None:
    street = east_west_street()
    assert draw(20, street)[1] == "河坊街20号在街的南侧，东邻22号，西邻18号"
    assert draw(21, street)[1] == "河坊街21号在街的北侧，东邻23号，西邻19号"


def test_the_last_door_of_a_street_has_one_neighbour() -> None:
    assert draw(1, east_west_street())[1] == "河坊街1号在街的北侧，东邻3号"


def test_a_village_without_streets_names_the_nearest_houses() -> None:
    here = SketchDoor(FRAME.origin, "12")
    others = [SketchDoor(FRAME.to_point(20.0 * step, 5), str(12 + step)) for step in (1, 2, 3, 4)]
    assert shown(draw_sketch(here, others))[1] == "12号附近有13号、14号、15号"


def test_a_block_of_an_estate_tells_the_way_to_the_street() -> None:
    here = SketchDoor(FRAME.to_point(0, 60), "3幢", is_block=True)
    next_block = SketchDoor(FRAME.to_point(46, 60), "4幢", is_block=True)
    caption = shown(draw_sketch(here, [next_block, *east_west_street()]))[1]
    assert caption == "3幢附近有4幢，南面约60米是河坊街"


def test_a_plate_alone_on_the_map_is_still_drawn() -> None:
    svg, caption = shown(draw_sketch(SketchDoor(FRAME.origin, "1", "孤路"), []))
    assert caption == "1号的位置"
    assert ">1<" in svg


def test_the_drawing_is_an_image_with_the_caption_as_its_label() -> None:
    svg, caption = draw(20, east_west_street())
    root = ET.fromstring(svg)
    assert root.get("role") == "img"
    assert root.get("aria-label") == f"位置示意图：{caption}"
    assert "style=" not in svg
    assert "http" not in svg


def test_the_drawing_shows_street_name_own_number_neighbours_north_and_scale() -> None:
    root = ET.fromstring(draw(20, east_west_street())[0])
    texts = [element.text for element in root.iter("text")]
    assert {"河坊街", "20", "18", "22", "北", "50 米"} <= set(texts)


def test_the_scale_bar_is_as_long_as_it_says() -> None:
    here = SketchDoor(FRAME.origin, "0")
    far = SketchDoor(FRAME.to_point(50, 0), "50")
    root = ET.fromstring(shown(draw_sketch(here, [far]))[0])
    places = {t.text: float(t.get("x") or 0) for t in root.iter("text")}
    bar = next(p.get("d") or "" for p in root.iter("path") if "v8h" in (p.get("d") or ""))
    length = float(bar.split("v8h")[1].split("v")[0])
    assert abs(places["50"] - places["0"] - length) <= METRE / 2


def test_names_from_outside_cannot_break_out_of_the_drawing() -> None:
    evil = '"><script>alert(1)</script>'
    street = [SketchDoor(door.point, door.label, evil) for door in east_west_street()]
    svg = draw(20, street)[0]
    assert "<script" not in svg
    assert ET.fromstring(svg) is not None


def test_the_same_doors_in_another_order_give_the_same_drawing() -> None:
    street = east_west_street()
    here, others = street[19], street[:19] + street[20:]
    assert draw_sketch(here, others) == draw_sketch(here, others[::-1])


def test_a_real_demo_street_is_drawn_small() -> None:
    sketch = street_card().sketch
    assert sketch is not None
    svg, caption = shown(sketch)
    assert caption == "河坊街88号在街的南侧，东邻90号，西邻86之一号"
    assert len(svg) < 4500


def test_the_caption_is_said_in_english_too() -> None:
    sketch = street_card().sketch
    assert sketch is not None
    caption = sketch_sentence(sketch.caption, WORDS[Language.EN])
    assert caption.startswith(
        "No. 88 is on the south side of Hefang Jie; No. 90 is next to the east"
    )


def boxes(svg: str) -> list[tuple[float, float, str]]:
    root = ET.fromstring(svg)
    group = next(g for g in root.iter(f"{SVG}g") if g.get("font-size") == "20")
    return [(float(t.get("x", 0)), float(t.get("y", 0)), t.text or "") for t in group]


@pytest.mark.parametrize("name", SAMPLES)
def test_no_house_is_drawn_upon_another_or_upon_the_scale(name: str) -> None:
    sketch = card_of(name).sketch
    assert sketch is not None
    found = boxes(shown(sketch)[0].replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"'))
    assert len(found) > 8
    for one in found:
        assert not (one[0] > 450 and one[1] > 330), one
        near = [
            b for b in found if b != one and abs(b[0] - one[0]) < 27 and abs(b[1] - one[1]) < 27
        ]
        assert near == []


@given(st.floats(0, 179), st.floats(9, 25))
def test_a_street_is_found_in_every_direction(bearing: float, gap: float) -> None:
    from math import cos, radians, sin

    ux, uy = cos(radians(bearing)), sin(radians(bearing))
    places = [
        (step * 10 * ux - side * gap / 2 * uy, step * 10 * uy + side * gap / 2 * ux)
        for step in range(-8, 9)
        for side in (1, -1)
    ]
    fit = fit_street(places)
    assert fit is not None
    assert abs(fit.direction[0] * ux + fit.direction[1] * uy) > 0.999
    foot = fit.nearest_to(0, 0)
    assert (foot[0] ** 2 + foot[1] ** 2) ** 0.5 < 0.5


def test_doors_on_one_side_only_do_not_show_where_the_street_runs() -> None:
    assert fit_street([(step * 10.0, 0.1 * (step % 2)) for step in range(12)]) is None


@pytest.mark.parametrize(
    ("east", "north", "wind"), [(1, 0, "东"), (0, 1, "北"), (-1, -1, "西南"), (-1, 0.1, "西")]
)
def test_winds(east: float, north: float, wind: str) -> None:
    assert WINDS[wind_of(east, north)] == wind


@pytest.mark.parametrize(("north", "dots"), [(-11, 1), (-8, 0), (0, 0), (3, 0), (11, 1)])
def test_a_plate_that_stands_in_the_street_hides_its_number_behind_no_dot(
    north: int, dots: int
) -> None:
    here = SketchDoor(FRAME.to_point(7.0, north), "8", "河坊街")
    assert draw_sketch(here, east_west_street()).drawing.count("<circle") == dots


@pytest.mark.parametrize(
    ("label", "is_block", "chinese", "english"),
    [
        ("88", False, "88号", "No. 88"),
        ("3幢", True, "3幢", "Building 3"),
        ("12号楼", True, "12号楼", "Building 12"),
        ("B座", True, "B座", "Building B"),
        ("东楼", True, "东楼", "Donglou"),
        ("12号路灯", True, "12号路灯", "Street lamp No. 12"),
        ("AED", True, "AED", "AED"),
    ],
)
def test_a_home_is_called_as_readers_of_each_language_call_it(
    label: str, is_block: bool, chinese: str, english: str
) -> None:
    assert spoken(label, WORDS[Language.ZH], is_block=is_block) == chinese
    assert spoken(label, WORDS[Language.EN], is_block=is_block) == english
