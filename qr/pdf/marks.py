"""Crop marks and the line that identifies a page to the maker."""

from qr.designs.specification import Box
from qr.imposition import MARK_LENGTH, Grid
from qr.layout import LaidOutPlate
from qr.pdf.embedded_font import EmbeddedFont

_WIDTH = 0.1
_SIZE = 2.6
_INDENT = 8.0
REGISTRATION = (
    "[/Separation/All/DeviceCMYK<</FunctionType 2/Domain[0 1]/C0[0 0 0 0]/C1[1 1 1 1]/N 1>>]"
)
"""The registration colour, printed by every printing plate (ISO 32000 §8.6.6.4)."""


def draw_marks(grid: Grid, plates: list[LaidOutPlate], font: EmbeddedFont) -> str:
    """Draw the marks of a page in mm from its lower left corner, outside the bleed of all faces."""
    # The rectangle round all faces with their bleed, and short lines at every cut edge.
    left, top = min(f.x for f in grid.faces), min(f.y for f in grid.faces)
    right, bottom = max(f.right for f in grid.faces), max(f.bottom for f in grid.faces)
    area = Box(left, top, right - left, bottom - top).grown(grid.bleed)
    across = sorted({edge for face in grid.faces for edge in (face.x, face.right)})
    down = sorted({edge for face in grid.faces for edge in (face.y, face.bottom)})
    above, below = (area.y, area.y - MARK_LENGTH), (area.bottom, area.bottom + MARK_LENGTH)
    before, behind = (area.x, area.x - MARK_LENGTH), (area.right, area.right + MARK_LENGTH)
    lines = [(x, y1, x, y2) for x in across for y1, y2 in (above, below)]
    lines += [(x1, y, x2, y) for y in down for x1, x2 in (before, behind)]
    ticks = [
        f"{x1:.3f} {grid.height - y1:.3f} m {x2:.3f} {grid.height - y2:.3f} l S"
        for x1, y1, x2, y2 in lines
    ]
    x, y = area.x + _INDENT, grid.height - area.bottom - MARK_LENGTH / 2 - _SIZE
    design = plates[0].design
    ids = [plate.content.plate_id for plate in plates]
    span = ids[0] if len(ids) == 1 else f"{ids[0]} - {ids[-1]} ({len(ids)})"
    codes = font.encode(f"{design.title} {design.face.width:g}x{design.face.height:g} mm  {span}")
    line = f"BT /F0 {_SIZE} Tf 0 Tc 100 Tz {x:.3f} {y:.3f} Td <{codes}> Tj ET"
    return "\n".join(["/All CS 1 SCN /All cs 1 scn", f"{_WIDTH} w", *ticks, line])
