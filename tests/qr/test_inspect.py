from collections.abc import Callable
from dataclasses import replace

import pytest

from qr.content import PlateContent
from qr.designs import Design, get_design
from qr.designs.specification import Box
from qr.errors import PayloadTooLong
from qr.fonts import Fonts
from qr.inspect import REACH, inspect_symbol, list_inspections
from qr.layout import lay_out
from qr.symbol import make_symbol

Build = Callable[..., PlateContent]
PAYLOAD = "https://MENPAI.CN/K7QX3M9T2B"


def test_a_symbol_reports_module_quiet_zone_and_distance() -> None:
    found = inspect_symbol(make_symbol(PAYLOAD), 74)
    assert (found.version, found.level, found.size) == (3, "H", 29)
    assert (found.module, found.quiet_zone) == (2.0, 8.0)
    assert found.distance == pytest.approx(2.0 * REACH)


def test_a_stronger_level_never_has_larger_modules() -> None:
    modules = [found.module for found in list_inspections(PAYLOAD, 40)]
    assert modules == sorted(modules, reverse=True)
    assert [found.level for found in list_inspections(PAYLOAD, 40)] == ["L", "M", "Q", "H"]


def test_modules_below_half_a_millimetre_are_refused(
    medium: Design, plate: Build, fonts: Fonts
) -> None:
    box = medium.symbol.box
    place = replace(medium.symbol, box=Box(box.x, box.y, 18, 18), distance=0)
    with pytest.raises(PayloadTooLong, match=r"plate K7QX3M9T00: .* modules of 0\.49 mm in 18 mm"):
        lay_out(replace(medium, symbol=place), plate(), fonts)


def test_a_symbol_not_read_from_the_distance_of_the_design_is_refused(
    medium: Design, plate: Build, fonts: Fonts
) -> None:
    place = replace(medium.symbol, distance=2.0)
    with pytest.raises(PayloadTooLong, match=r"is read from 0\.71 m .* the design requires 2 m"):
        lay_out(replace(medium, symbol=place), plate(), fonts)


def test_every_shipped_design_is_read_from_its_distance_with_a_host_of_26_characters() -> None:
    from qr.designs import list_designs

    host = "A" * 23 + ".CN"
    symbol = make_symbol(f"https://{host}/K7QX3M9T2B")
    assert symbol.version == 4
    for name in list_designs():
        place = get_design(name).symbol
        found = inspect_symbol(symbol, place.box.width)
        assert found.module >= 0.5, name
        assert found.distance >= place.distance, name
