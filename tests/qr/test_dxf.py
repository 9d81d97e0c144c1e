from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from ezdxf.filemanagement import read

from qr.content import PlateContent
from qr.designs import Design
from qr.dxf import write_dxf
from qr.fonts import Fonts
from qr.layout import lay_out
from qr.proof import prove_drawing
from qr.symbol import QUIET_ZONE

Build = Callable[..., PlateContent]


@pytest.fixture(scope="module")
def data(medium: Design, plate: Build, fonts: Fonts) -> bytes:
    return write_dxf(medium, plate(), fonts=fonts)


def lines(data: bytes, layer: str) -> list[list[tuple[float, float]]]:
    drawing = read(StringIO(data.decode()))
    assert not drawing.audit().errors
    found: Any = drawing.modelspace().query(f'LWPOLYLINE[layer=="{layer}"]')
    assert all(line.closed for line in found)
    return [list(line.get_points("xy")) for line in found]


def extent(rings: list[list[tuple[float, float]]]) -> list[float]:
    across = [x for ring in rings for x, _ in ring]
    up = [y for ring in rings for _, y in ring]
    return [min(across), min(up), max(across), max(up)]


def test_the_cut_is_the_face_in_millimetres(data: bytes) -> None:
    (cut,) = lines(data, "CUT")
    assert extent([cut]) == pytest.approx([0, 0, 270, 170], abs=0.01)
    assert read(StringIO(data.decode())).header["$INSUNITS"] == 4


def test_the_symbol_stands_where_the_design_puts_it(
    data: bytes, medium: Design, plate: Build, fonts: Fonts
) -> None:
    laid = lay_out(medium, plate(), fonts)
    box, margin = medium.symbol.box, laid.module * QUIET_ZONE
    wanted = [box.x + margin, 170 - box.bottom + margin, box.right - margin, 170 - box.y - margin]
    assert extent(lines(data, "QR")) == pytest.approx(wanted, abs=0.05)


def test_texts_are_outlines_inside_the_face(data: bytes) -> None:
    left, bottom, right, top = extent(lines(data, "TEXT"))
    assert min(left, bottom) > 4
    assert right < 266
    assert top < 166
    assert not read(StringIO(data.decode())).modelspace().query("TEXT MTEXT")


def test_the_symbol_reads_from_its_polylines(
    data: bytes, medium: Design, plate: Build, fonts: Fonts
) -> None:
    assert prove_drawing(data, lay_out(medium, plate(), fonts)).passed
    assert not prove_drawing(data, lay_out(medium, plate(1), fonts)).passed


def test_the_same_plate_gives_the_same_bytes(
    data: bytes, medium: Design, plate: Build, fonts: Fonts
) -> None:
    assert write_dxf(medium, plate(), fonts=fonts) == data
