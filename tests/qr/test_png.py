import io
from collections.abc import Callable

import pytest
from PIL import Image

from qr.content import PlateContent
from qr.designs import Design
from qr.fonts import Fonts
from qr.png import write_png
from qr.proof import prove_png, read_png

Build = Callable[..., PlateContent]


def test_a_picture_has_the_true_size_of_the_plate(
    medium: Design, plate: Build, fonts: Fonts
) -> None:
    picture = Image.open(io.BytesIO(write_png(medium, plate(), dpi=300, fonts=fonts)))
    assert picture.size == (3189, 2008)
    assert picture.info["dpi"] == pytest.approx((300, 300), abs=0.02)


@pytest.mark.parametrize("dpi", [72, 100, 150, 203, 300])
def test_a_picture_reads_as_its_payload(
    medium: Design, plate: Build, fonts: Fonts, dpi: int
) -> None:
    content = plate(7)
    data = write_png(medium, content, dpi=dpi, fonts=fonts)
    assert read_png(data) == (content.payload,)
    assert prove_png(data, content.payload).passed
    assert not prove_png(data, plate(8).payload).passed


def test_the_same_plate_gives_the_same_bytes(medium: Design, plate: Build, fonts: Fonts) -> None:
    first, second = (write_png(medium, plate(), dpi=100, fonts=fonts) for _ in range(2))
    assert first == second


def test_ground_ink_and_corners_have_their_colours(
    medium: Design, plate: Build, fonts: Fonts
) -> None:
    data = write_png(medium, plate(), dpi=254, fonts=fonts)
    picture = Image.open(io.BytesIO(data)).convert("RGBA")
    blue, white = (*medium.colours.ground.rgb, 255), (255, 255, 255, 255)
    assert picture.getpixel((1350, 20)) == blue
    assert picture.getpixel((1350, 54)) == white
    assert picture.getpixel((1830, 800)) == white
    assert picture.getchannel("A").getpixel((0, 0)) == 0
