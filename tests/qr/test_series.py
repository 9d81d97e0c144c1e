"""Numbers of one street have one size and one width, whatever stands on each."""

from collections.abc import Callable, Sequence
from itertools import chain

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qr.content import PlateContent
from qr.designs import get_design, list_designs
from qr.fonts import Fonts
from qr.layout import ALONE, LaidOutPlate, PlateSpec, Series, lay_out_all, measure_series
from qr.production import Press, print_volumes
from qr.typesetting import TextRun

Build = Callable[..., PlateContent]
STREET = (
    ("1", ""), ("2", ""), ("11", ""), ("47", "1"), ("123", ""), ("12", "甲"), ("123", "之一"),
    ("128", ""),
)  # fmt: skip
numbers = st.tuples(
    st.integers(1, 9999).map(str), st.sampled_from(("", "", "", "1", "12", "甲", "之一", "附2"))
)


def digits_of(plate: LaidOutPlate) -> TextRun:
    number = plate.content.number
    return next(run for run in plate.runs if run.text.startswith(number))


def street(plate: Build, design: str, doors: Sequence[tuple[str, str]]) -> list[PlateSpec]:
    made = [
        plate(place, number=number, suffix=suffix) for place, (number, suffix) in enumerate(doors)
    ]
    return [PlateSpec(get_design(design), content) for content in made]


def plates(orders: list[PlateSpec], fonts: Fonts, series: Series) -> list[LaidOutPlate]:
    laid = list(lay_out_all(orders, fonts, series))
    assert all(isinstance(one, LaidOutPlate) for one in laid)
    return [one for one in laid if isinstance(one, LaidOutPlate)]


@pytest.mark.parametrize(
    "name", [name for name in list_designs() if name not in ("elder", "building")]
)
def test_the_numbers_of_a_street_have_one_size_and_one_width(
    plate: Build, fonts: Fonts, name: str
) -> None:
    orders = street(plate, name, STREET)
    made = plates(orders, fonts, measure_series(orders, fonts))
    assert len({(digits_of(one).size, digits_of(one).narrow) for one in made}) == 1
    assert digits_of(made[0]).narrow >= 0.85


def test_the_buildings_of_an_estate_have_one_size(plate: Build, fonts: Fonts) -> None:
    orders = street(plate, "building", [("1", ""), ("12", ""), ("128", "")])
    made = plates(orders, fonts, measure_series(orders, fonts))
    assert len({(digits_of(one).size, digits_of(one).narrow) for one in made}) == 1
    assert digits_of(made[0]).narrow >= 0.8


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(doors=st.lists(numbers, min_size=1, max_size=12))
def test_any_street_is_even_but_for_numbers_too_wide_for_it(
    plate: Build, fonts: Fonts, doors: list[tuple[str, str]]
) -> None:
    orders = street(plate, "medium", doors)
    made = plates(orders, fonts, measure_series(orders, fonts))
    runs = [digits_of(one) for one in made]
    largest = max(run.size for run in runs)
    assert all(run.narrow >= 0.85 for run in runs)
    assert all(run.size == largest or run.narrow == 0.85 for run in runs)
    again = plates(orders[::-1], fonts, measure_series(orders[::-1], fonts))
    assert [one.runs for one in again[::-1]] == [one.runs for one in made]


def test_a_plate_made_again_alone_is_that_of_its_street(plate: Build, fonts: Fonts) -> None:
    orders = street(plate, "medium", [(str(number), "") for number in range(1, 130)])
    whole = plates(orders, fonts, measure_series(orders, fonts))
    alone = plates(orders[:1], fonts, ALONE)
    assert alone[0].runs == whole[0].runs


def test_one_very_long_number_does_not_make_a_street_small(plate: Build, fonts: Fonts) -> None:
    orders = street(plate, "medium", [("1", ""), ("临1234", "12")])
    one, long = plates(orders, fonts, measure_series(orders, fonts))
    alone = plates(orders[:1], fonts, ALONE)[0]
    assert digits_of(one).size >= digits_of(alone).size / 2
    assert min(run.size for run in long.runs if run.text in "临1234-12号") < digits_of(one).size


def test_each_street_and_each_design_is_a_series_of_its_own(plate: Build, fonts: Fonts) -> None:
    wide = street(plate, "medium", [("123", "之一")])
    other = PlateSpec(get_design("medium"), plate(number="5", name="河坊街"))
    small = street(plate, "small", [("5", "")])
    series = measure_series(chain(wide, [other], small), fonts)
    assert series == {
        ("medium", "中山中路"): "123号之一",
        ("medium", "河坊街"): "5号",
        ("small", "中山中路"): "5号",
    }


def test_volumes_of_one_street_are_even_with_one_another(plate: Build, fonts: Fonts) -> None:
    orders = street(plate, "medium", STREET)
    press = Press(fonts, per_volume=2, series=measure_series(orders, fonts))
    made = [one for volume in print_volumes(orders, press) for one in volume.plates]
    assert len(made) == len(STREET)
    assert len({digits_of(one).size for one in made}) == 1
