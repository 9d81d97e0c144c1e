"""PNG of one plate at a given resolution, with the true size in its pHYs chunk."""

import struct
import zlib
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from qr.content import PlateContent
from qr.designs.specification import Box, Design, Ink
from qr.fonts import Fonts
from qr.layout import LaidOutPlate, lay_out
from qr.palette import CUT_OFF, INKS, Palette, make_palette
from qr.raster import Scale, cover_box, glyph_cache
from qr.symbol import QUIET_ZONE

Canvas = NDArray[np.uint8]
_COMPRESSION = 1
"""zlib level: higher ones save a few percent and double the time."""

_UP = 2
"""Filter type Up (PNG §9.2): each row is the difference to the one above; most rows repeat."""


def write_png(design: Design, content: PlateContent, *, dpi: int = 300, fonts: Fonts) -> bytes:
    """Draw one plate; the picture is transparent beyond the rounded corners of the face.

    Raises TextTooLong, GlyphMissing or PayloadTooLong naming the plate.
    """
    return draw_png(lay_out(design, content, fonts), fonts, dpi=dpi)


def draw_png(plate: LaidOutPlate, fonts: Fonts, *, dpi: int = 300) -> bytes:
    """Draw a plate that has been laid out; see ``write_png``."""
    scale, palette = Scale(dpi), make_palette(plate.design)
    canvas = _background(plate.design, scale).copy()
    glyphs = glyph_cache(fonts, palette, scale)
    for run in plate.runs:
        baseline = scale.whole(run.baseline)
        for character, start in zip(run.text, run.starts, strict=True):
            image = glyphs.image(run, character)
            if image is None:
                continue
            x, y = scale.whole(start) + image.left, baseline + image.top
            left, top = max(-x, 0), max(-y, 0)
            window = canvas[y + top : y + len(image.indices), x + left : x + image.indices.shape[1]]
            seen = (slice(top, top + window.shape[0]), slice(left, left + window.shape[1]))
            np.copyto(window, image.indices[seen], where=image.inked[seen])
    # Each pixel of the symbol takes the module under its centre.
    window = canvas[scale.window(plate.design.symbol.box)]
    height, width = window.shape
    modules = np.pad(plate.symbol.modules(), QUIET_ZONE)
    across = ((np.arange(width) + 0.5) * len(modules) / width).astype(int)
    down = ((np.arange(height) + 0.5) * len(modules) / height).astype(int)
    window[modules[down][:, across]] = INKS.index("symbol_ink")
    return _encode(canvas, palette, dpi)


@lru_cache(maxsize=4)
def _background(design: Design, scale: Scale) -> Canvas:
    """What all plates of a design share, as palette indices."""
    palette, face = make_palette(design), design.face
    canvas = np.zeros((scale.whole(face.height), scale.whole(face.width)), np.uint8)
    border = design.border
    if border:  # a ring: the outer rounded rectangle without the inner one
        outer = face.box.grown(-border.inset)
        inner = outer.grown(-border.width)
        rows, columns = scale.window(outer)
        coverage = cover_box(scale, outer, border.corner)
        inside_rows, inside_columns = scale.window(inner)
        hole = cover_box(scale, inner, max(border.corner - border.width, 0.0))
        down = slice(inside_rows.start - rows.start, inside_rows.stop - rows.start)
        across = slice(inside_columns.start - columns.start, inside_columns.stop - columns.start)
        coverage[down, across] -= np.minimum(hole, coverage[down, across])
        steps = palette.steps("ground", "ink")
        np.copyto(canvas[rows, columns], steps[coverage], where=coverage > 0)
    under: list[tuple[Box, Ink]] = [(face.box, "ground")]
    for panel in design.panels:
        below = [ink for box, ink in under if box.holds(panel.box)][-1]
        _paint(canvas, scale, panel.box, panel.corner, palette.steps(below, panel.colour))
        under.append((panel.box, panel.colour))
    place = design.symbol
    steps = palette.steps(design.ground_under(place.box), "symbol_ground")
    _paint(canvas, scale, place.box, place.corner, steps)
    canvas[cover_box(scale, face.box, face.corner) < 128] = CUT_OFF
    return canvas


def _paint(canvas: Canvas, scale: Scale, box: Box, corner: float, steps: Canvas) -> None:
    coverage = cover_box(scale, box, corner)
    window = canvas[scale.window(box)]
    np.copyto(window, steps[coverage], where=coverage > 0)


def _encode(canvas: Canvas, palette: Palette, dpi: int) -> bytes:
    height, width = canvas.shape
    rows = np.empty((height, width + 1), np.uint8)
    rows[:, 0] = _UP
    rows[0, 1:] = canvas[0]
    np.subtract(canvas[1:], canvas[:-1], out=rows[1:, 1:])
    metre = round(dpi / 0.0254)
    colours = bytes(part for colour in palette.colours for part in colour)
    visible = bytes(0 if index == CUT_OFF else 255 for index in range(CUT_OFF + 1))
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            _chunk(b"pHYs", struct.pack(">IIB", metre, metre, 1)),
            _chunk(b"PLTE", colours),
            _chunk(b"tRNS", visible),
            _chunk(b"IDAT", zlib.compress(rows.tobytes(), _COMPRESSION)),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
