import numpy as np
import pypdfium2
import pytest

from benchmarks.wear.drawing import draw_views, lay_out_plates, write_book
from qr.designs import get_design, list_designs
from qr.fonts import Fonts
from qr.imposition import impose
from qr.layout import LaidOutPlate
from qr.readers import Picture
from qr.views import draw_symbol, has_quiet_zone
from qr.wear import PIXELS, WALL


def draw(plate: LaidOutPlate, fonts: Fonts) -> Picture:
    with pypdfium2.PdfDocument(write_book([plate], fonts)) as document:
        picture = draw_symbol(document[0], plate, next(impose([plate.design])))
    assert picture is not None
    return picture


@pytest.mark.parametrize("name", list_designs())
def test_a_view_shows_the_symbol_in_its_plate_and_the_wall_beyond(name: str, fonts: Fonts) -> None:
    plates = lay_out_plates(get_design(name), "mp.city.example", 1, fonts)
    (view,) = draw_views(write_book(plates, fonts), plates)
    dark = plates[0].symbol.modules()
    left, top = int(view.left), int(view.top)
    middles = view.picture[
        top + PIXELS // 2 : top + view.side : PIXELS, left + PIXELS // 2 : left + view.side : PIXELS
    ]
    assert ((middles < 128) == dark).all()
    across = view.side + 2 * left
    assert np.abs(np.array(view.picture.shape) - across).max() <= 2
    symbol, face = plates[0].design.symbol.box, plates[0].design.face
    beyond = symbol.right + 12 * view.module - face.width
    assert bool((view.picture[:, -2] == WALL).all()) == (beyond > 2 * view.module / PIXELS)


@pytest.mark.parametrize("name", list_designs())
def test_every_design_leaves_its_symbol_a_quiet_zone(name: str, fonts: Fonts) -> None:
    (plate,) = lay_out_plates(get_design(name), "mp.city.example", 1, fonts)
    assert has_quiet_zone(draw(plate, fonts), plate.symbol.size)


@pytest.mark.parametrize("side", ["left", "right", "top", "bottom"])
def test_a_quiet_zone_dark_on_one_side_is_none(side: str, fonts: Fonts) -> None:
    (plate,) = lay_out_plates(get_design("medium"), "mp.city.example", 1, fonts)
    picture = draw(plate, fonts)
    assert has_quiet_zone(picture, plate.symbol.size)
    strip = {
        "left": np.s_[60:70, 3:12],
        "right": np.s_[60:70, -12:-3],
        "top": np.s_[3:12, 60:70],
        "bottom": np.s_[-12:-3, 60:70],
    }
    picture[strip[side]] = 77
    assert not has_quiet_zone(picture, plate.symbol.size)
