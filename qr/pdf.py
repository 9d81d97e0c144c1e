"""PDF for the plate maker: one plate a page at true size, spot colours, embedded subset fonts."""

from collections.abc import Iterable
from io import BytesIO

from reportlab import rl_config
from reportlab.lib.colors import CMYKColorSep
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.pdfgen.canvas import Canvas

from qr.content import PlateContent
from qr.designs.specification import Border, Box, Colour, Design
from qr.errors import FontMissing
from qr.fonts import Fonts
from qr.layout import Plate, lay_out
from qr.symbol import QUIET_ZONE
from qr.typesetting import TextRun

MM = 72 / 25.4
"""Points in a millimetre."""

rl_config.useA85 = 0  # page streams stay binary: a quarter smaller than as ASCII
_FILL_AND_STROKE = 2
_ROUND = 1


def write_pdf(design: Design, contents: Iterable[PlateContent], *, fonts: Fonts) -> bytes:
    """Write plates to one PDF in the order given, one a page; the same input, the same bytes.

    TrimBox is the face, BleedBox and MediaBox reach ``design.face.bleed`` mm beyond it. Raises
    TextTooLong, GlyphMissing or PayloadTooLong naming the first plate that cannot be made.
    """
    buffer = BytesIO()
    sheet = _Sheet(buffer, design, fonts)
    for content in contents:
        sheet.add(lay_out(design, content, fonts))
    sheet.close()
    return buffer.getvalue()


class _Sheet:
    """An open PDF whose pages all have the face of one design; draws in mm, y downwards."""

    def __init__(self, target: BytesIO, design: Design, fonts: Fonts) -> None:
        face = design.face
        self._design = design
        self._fonts = [_register(fonts, number) for number in range(len(fonts.faces))]
        self._origin = face.bleed
        self._height = face.height + face.bleed
        self._size = ((face.width + 2 * face.bleed) * MM, (face.height + 2 * face.bleed) * MM)
        trim = (
            face.bleed * MM,
            face.bleed * MM,
            *((length + face.bleed) * MM for length in (face.width, face.height)),
        )
        self._canvas = Canvas(
            target,
            pagesize=self._size,
            pageCompression=1,
            invariant=1,
            trimBox=trim,
            bleedBox=(0, 0, *self._size),
            initialFontName=self._fonts[0],
        )
        self._canvas.setTitle(f"{design.title} {face.width:g}×{face.height:g} mm")
        self._canvas.setCreator("Menpai")
        self._canvas.setAuthor("Menpai")

    def add(self, plate: Plate) -> None:
        """Draw one plate on a page of its own."""
        self._draw_background()
        self._paint(self._design.colours.ink)
        self._canvas.setLineJoin(_ROUND)
        for run in plate.runs:
            self._text(run)
        self._symbol(plate)
        self._canvas.showPage()

    def close(self) -> None:
        """Write the file."""
        self._canvas.save()

    def _draw_background(self) -> None:
        """Draw what all plates of the design share.

        On every page, not as a form XObject: ReportLab lists no spot colours among a form's
        resources, and readers then drop them.
        """
        design, face = self._design, self._design.face
        bleed = face.bleed
        self._paint(design.colours.ground)
        self._box(Box(-bleed, -bleed, face.width + 2 * bleed, face.height + 2 * bleed), 0.0)
        if design.border:
            self._border(design.border)
        self._paint(design.colours.symbol_ground)
        self._box(design.symbol.box, design.symbol.corner)

    def _border(self, border: Border) -> None:
        face, edge = self._design.face, border.inset + border.width / 2
        line = Box(edge, edge, face.width - 2 * edge, face.height - 2 * edge)
        self._paint(self._design.colours.ink)
        self._canvas.setLineWidth(border.width * MM)
        self._box(line, border.corner - border.width / 2, stroke=True)

    def _box(self, box: Box, corner: float, *, stroke: bool = False) -> None:
        x, y = self._point(box.x, box.bottom)
        size = (box.width * MM, box.height * MM)
        self._canvas.roundRect(x, y, *size, corner * MM, stroke=stroke, fill=not stroke)

    def _text(self, run: TextRun) -> None:
        self._canvas.setLineWidth(run.stroke * MM)
        text = self._canvas.beginText(*self._point(run.starts[0], run.baseline))
        text.setFont(self._fonts[run.face], run.size * MM)
        text.setCharSpace(run.tracking * MM)
        text.setTextRenderMode(_FILL_AND_STROKE if run.stroke else 0)
        text.textOut(run.text)
        self._canvas.drawText(text)

    def _symbol(self, plate: Plate) -> None:
        """Paint the symbol as a 1-bit image mask, one sample a module: sharp at any size."""
        box, size = self._design.symbol.box, plate.symbol.size
        side, margin = plate.module * size * MM, plate.module * QUIET_ZONE
        x, y = self._point(box.x + margin, box.bottom - margin)
        self._paint(self._design.colours.symbol_ink)
        self._canvas.addLiteral(
            f"q {side:.4f} 0 0 {side:.4f} {x:.4f} {y:.4f} cm "
            f"BI /W {size} /H {size} /IM true /BPC 1 /D [1 0] /F /AHx ID\n"
            f"{plate.symbol.packed.hex()}>\nEI Q"
        )

    def _paint(self, colour: Colour) -> None:
        parts = (value / 100 for value in colour.cmyk)
        ink = CMYKColorSep(*parts, spotName=colour.spot or "Black")
        self._canvas.setFillColor(ink)
        self._canvas.setStrokeColor(ink)

    def _point(self, x: float, y: float) -> tuple[float, float]:
        return (x + self._origin) * MM, (self._height - y) * MM


def _register(fonts: Fonts, number: int) -> str:
    face = fonts.faces[number]
    name = f"Plate-{face.path.stem}-{face.index}"
    if name not in pdfmetrics.getRegisteredFontNames():
        try:
            pdfmetrics.registerFont(TTFont(name, str(face.path), subfontIndex=face.index))
        except TTFError as error:
            raise FontMissing(f"font {face.path} cannot be embedded: {error}") from error
    return name
