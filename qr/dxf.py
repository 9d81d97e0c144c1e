"""DXF of one plate for engraving: closed polylines in mm, y upwards from the lower left corner.

Layers: CUT is the edge of the face, FRAME the border line, TEXT the outlines of characters, QR the
outlines of the dark areas of the symbol. The area inside an outline and outside its holes is
engraved.
"""

from io import StringIO
from math import pi, tan
from typing import Any

from ezdxf import units
from ezdxf._options import options
from ezdxf.filemanagement import new
from ezdxf.layouts.layout import Modelspace

from qr.content import PlateContent
from qr.designs.specification import Box, Design
from qr.fonts import Fonts
from qr.layout import LaidOutPlate, lay_out
from qr.outlines import Point, thinned_rings
from qr.symbol import QUIET_ZONE
from qr.tracing import trace_symbol

LAYERS = {"CUT": 1, "FRAME": 3, "TEXT": 5, "QR": 7}
"""Name and colour index of each process."""

_TOLERANCE = 0.01
"""Maximum deviation in mm of a simplified outline from the character."""

_QUARTER = tan(pi / 8)
"""The bulge of a quarter circle."""


def write_dxf(design: Design, content: PlateContent, *, fonts: Fonts) -> bytes:
    """Draw one plate as DXF R2010; the same input gives the same bytes.

    Raises TextTooLong, GlyphMissing or PayloadTooLong naming the plate.
    """
    return draw_dxf(lay_out(design, content, fonts), fonts)


def draw_dxf(plate: LaidOutPlate, fonts: Fonts) -> bytes:
    """Draw a plate that has been laid out; see ``write_dxf``."""
    options.write_fixed_meta_data_for_testing = True  # no dates, no random numbers in the file
    drawing: Any = new("R2010", units=units.MM)
    for name, colour in LAYERS.items():
        drawing.layers.add(name, color=colour)
    space = drawing.modelspace()
    face, border = plate.design.face, plate.design.border
    _add_box(space, face.box, face.corner, face.height, "CUT")
    if border:
        for inset, corner in ((0.0, border.corner), (border.width, border.corner - border.width)):
            line = face.box.grown(-border.inset - inset)
            _add_box(space, line, max(corner, 0.0), face.height, "FRAME")
    for run in plate.runs:
        narrow, tolerance = round(run.narrow, 4), round(_TOLERANCE / run.size, 6)
        for character, x in zip(run.text, run.starts, strict=True):
            for ring in thinned_rings(fonts, run.face, character, narrow, tolerance):
                moved = [
                    (x + a * run.size, face.height - run.baseline + b * run.size) for a, b in ring
                ]
                _add_ring(space, moved, "TEXT")
    module, box = plate.module, plate.design.symbol.box
    left, top = box.x + QUIET_ZONE * module, face.height - box.y - QUIET_ZONE * module
    for corners in trace_symbol(plate.symbol):
        _add_ring(space, [(left + x * module, top - y * module) for x, y in corners], "QR")
    text = StringIO()
    drawing.write(text)
    return text.getvalue().encode()


def _add_box(space: Modelspace, box: Box, corner: float, height: float, layer: str) -> None:
    """A rectangle whose corners are true arcs."""
    left, right, top, bottom = box.x, box.right, height - box.y, height - box.bottom
    if corner <= 0:
        points = [(left, bottom, 0.0), (right, bottom, 0.0), (right, top, 0.0), (left, top, 0.0)]
    else:
        points = [
            (left + corner, bottom, 0.0),
            (right - corner, bottom, _QUARTER),
            (right, bottom + corner, 0.0),
            (right, top - corner, _QUARTER),
            (right - corner, top, 0.0),
            (left + corner, top, _QUARTER),
            (left, top - corner, 0.0),
            (left, bottom + corner, _QUARTER),
        ]
    space.add_lwpolyline(points, format="xyb", close=True, dxfattribs={"layer": layer})


def _add_ring(space: Modelspace, points: list[Point], layer: str) -> None:
    rounded = [(round(x, 4), round(y, 4)) for x, y in points]
    space.add_lwpolyline(rounded, close=True, dxfattribs={"layer": layer})
