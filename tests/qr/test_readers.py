import subprocess
import sys

import numpy as np
import pytest
import zxingcpp
from numpy.typing import NDArray

from benchmarks.wear.drawing import lay_out_plates
from qr.designs import get_design
from qr.fonts import Fonts
from qr.readers import READERS, read_symbols
from qr.symbol import QUIET_ZONE
from tests.command_line import ROOT

HOST = "mp.shangcheng.city.example"


def draw_tightly(modules: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """A symbol on its light ground, eight pixels a module, three modules of plate round it."""
    light = np.pad(~modules, QUIET_ZONE, constant_values=True)
    ground = np.kron(light, np.ones((8, 8))) * 255
    return np.pad(ground, 3 * 8, constant_values=77).astype(np.uint8)


def shine(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A hard band of light over a quarter of the picture."""
    lit = picture.astype(np.int32)
    lit[: len(lit) // 4] += 60
    return lit.clip(0, 255).astype(np.uint8)


def test_a_good_symbol_that_one_look_misses_is_read(fonts: Fonts) -> None:
    plates = lay_out_plates(get_design("medium"), HOST, 20, fonts)
    pictures = [shine(draw_tightly(plate.symbol.modules())) for plate in plates]
    missed = [one for one in pictures if not zxingcpp.read_barcodes(one)]
    assert missed
    assert [read_symbols(one) for one in pictures] == [(p.content.payload,) for p in plates]


@pytest.mark.parametrize("name", READERS)
def test_each_reader_reads_a_clean_symbol_by_itself_and_leaves_the_picture(
    name: str, fonts: Fonts
) -> None:
    (plate,) = lay_out_plates(get_design("medium"), HOST, 1, fonts)
    picture = draw_tightly(plate.symbol.modules())
    before = picture.copy()
    assert READERS[name](picture) == (plate.content.payload,)
    assert (picture == before).all()


def test_nothing_is_read_where_there_is_no_symbol() -> None:
    assert read_symbols(np.full((200, 200), 255, np.uint8)) == ()


def test_a_process_that_has_read_symbols_ends_without_a_word() -> None:
    script = (
        "import numpy as np; from qr.readers import read_symbols; "
        "read_symbols(np.zeros((60, 60), np.uint8))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("", "")
