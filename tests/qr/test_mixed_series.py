from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle, islice

import pytest

from qr.content import PlateContent
from qr.designs import get_design, list_designs
from qr.fonts import Fonts
from qr.gallery import list_samples
from qr.layout import PlateSpec
from qr.payload import make_payload
from qr.production import Press, print_volumes
from qr.proof import read_pdf
from tests.factories.hosts import PUBLIC_URL
from tests.qr.conftest import TOKENS


def token_of(serial: int) -> str:
    digits = [TOKENS[serial * 7919 % 1048576 >> shift & 31] for shift in (15, 10, 5, 0)]
    return "K7QX3M" + "".join(digits)


def mixed_orders(count: int) -> Iterator[PlateSpec]:
    samples = [
        PlateSpec(get_design(name), content)
        for name in list_designs()
        for content in list_samples(get_design(name)).values()
    ]
    for serial, order in enumerate(islice(cycle(samples), count)):
        token = token_of(serial)
        payload = make_payload(PUBLIC_URL, token)
        code = f"33010{serial:011d}"
        changed = replace(order.content, plate_id=token, payload=payload, code=code)
        yield PlateSpec(order.design, changed)


def prove_series(count: int, fonts: Fonts) -> None:
    expected: list[PlateContent] = [order.content for order in mixed_orders(count)]
    printed: list[str] = []
    for volume in print_volumes(mixed_orders(count), Press(fonts, per_volume=500)):
        assert volume.refused == ()
        printed += [plate.content.plate_id for plate in volume.plates]
    assert printed == [content.plate_id for content in expected]
    assert len(set(printed)) == count


def test_a_thousand_plates_of_mixed_design_all_read_from_their_files(fonts: Fonts) -> None:
    prove_series(1000, fonts)


def test_the_proof_agrees_with_a_reader_that_knows_no_places(fonts: Fonts) -> None:
    orders = list(mixed_orders(12))
    (volume,) = print_volumes(orders, Press(fonts))
    assert read_pdf(volume.data, module=1.0) == tuple(order.content.payload for order in orders)


@pytest.mark.drill
def test_ten_thousand_plates_of_mixed_design_all_read_from_their_files(fonts: Fonts) -> None:
    prove_series(10_000, fonts)
