"""SVG of one plate in true millimetres: outlines only, the symbol as one path."""

from xml.sax.saxutils import escape, quoteattr

from qr.content import PlateContent
from qr.designs.specification import Box, Colour, Design
from qr.fonts import Fonts
from qr.layout import LaidOutPlate, lay_out
from qr.outlines import path_data
from qr.symbol import QUIET_ZONE, Symbol
from qr.tracing import trace_symbol
from qr.typesetting import TextRun


def write_svg(design: Design, content: PlateContent, *, fonts: Fonts) -> bytes:
    """Draw one plate; displaying it needs no font, and it contains no script and no link.

    Raises TextTooLong, GlyphMissing or PayloadTooLong naming the plate.
    """
    return draw_svg(lay_out(design, content, fonts), fonts)


def draw_svg(plate: LaidOutPlate, fonts: Fonts) -> bytes:
    """Draw a plate that has been laid out; see ``write_svg``."""
    design, content = plate.design, plate.content
    face, colours = design.face, design.colours
    size = f'width="{face.width:g}mm" height="{face.height:g}mm"'
    view = f"0 0 {face.width:g} {face.height:g}"
    title = " ".join(filter(None, (content.name, content.full_number, content.grouped_code)))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="{view}" role="img">',
        f"<title>{escape(title)}</title>",
        _rectangle(face.box, face.corner, _hex(colours.ground)),
    ]
    if design.border:
        inset = design.border.inset + design.border.width / 2
        corner = max(design.border.corner - design.border.width / 2, 0)
        line = f' stroke="{_hex(colours.ink)}" stroke-width="{design.border.width:g}"'
        parts.append(_rectangle(face.box.grown(-inset), corner, "none", line))
    for panel in design.panels:
        colour = _hex(colours.get_colour(panel.colour))
        parts.append(_rectangle(panel.box, panel.corner, colour))
    box, module = design.symbol.box, plate.module
    parts.append(_rectangle(box, design.symbol.corner, _hex(colours.symbol_ground)))
    parts += [_text(run, design, fonts) for run in plate.runs]
    x, y = box.x + QUIET_ZONE * module, box.y + QUIET_ZONE * module
    move = f"translate({x:.4f} {y:.4f}) scale({module:.6f})"
    ink, path = _hex(colours.symbol_ink), symbol_path(plate.symbol)
    parts.append(f'<path id="symbol" transform="{move}" fill="{ink}" d="{path}"/>')
    return "\n".join([*parts, "</svg>\n"]).encode()


def symbol_path(symbol: Symbol) -> str:
    """The dark areas of a symbol as SVG path data in modules from its upper left corner."""
    pieces = []
    for corners in trace_symbol(symbol):
        x, y = corners[0]
        pieces.append(f"M{x} {y}")
        for next_x, next_y in corners[1:]:
            pieces.append(f"h{next_x - x}" if next_y == y else f"v{next_y - y}")
            x, y = next_x, next_y
        pieces.append("z")
    return "".join(pieces)


def _rectangle(box: Box, corner: float, fill: str, line: str = "") -> str:
    x, y, width, height = (_number(v) for v in (box.x, box.y, box.width, box.height))
    round_corner = f' rx="{_number(corner)}"' if corner > 0 else ""
    place = f'x="{x}" y="{y}" width="{width}" height="{height}"'
    return f'<rect {place}{round_corner} fill="{fill}"{line}/>'


def _text(run: TextRun, design: Design, fonts: Fonts) -> str:
    """One run as a group of outlines; the same character at the same size has the same data."""
    colour = _hex(design.colours.get_colour(run.colour))
    y = _number(run.baseline)
    shapes = []
    for character, x in zip(run.text, run.starts, strict=True):
        data = path_data(fonts, run.face, character, round(run.size, 4), round(run.narrow, 4))
        if data:
            shapes.append(f'<path transform="translate({_number(x)} {y})" d="{data}"/>')
    label = f"<g aria-label={quoteattr(run.text)}"
    return f'{label} fill="{colour}">{"".join(shapes)}</g>'


def _hex(colour: Colour) -> str:
    return "#" + bytes(colour.rgb).hex()


def _number(value: float) -> str:
    """Format mm with up to three decimals, without trailing zeros."""
    return f"{value:.3f}".rstrip("0").rstrip(".")
