"""Papers for people: pages drawn in mm, y downwards, with the fonts of plates."""

import re
from collections.abc import Iterator
from io import BytesIO
from itertools import groupby

from reportlab.lib.colors import CMYKColor
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.pdfgen.canvas import Canvas

from qr.errors import FontMissing
from qr.fonts import Fonts

MM = 72 / 25.4
_WORD = re.compile(
    r"(?:\d{4}(?: \d{4}){3}|[!-~]+(?:号楼|单元|[号弄幢栋座层室])?|[^ ])[ ，。、：；]*"
)


class Paper:
    """A PDF of pages of one size; sizes of letters are heights of the em."""

    def __init__(self, target: BytesIO, fonts: Fonts, width: float, height: float) -> None:
        self.page_width, self.page_height = width, height
        self._fonts = fonts
        self._names = [_register(fonts, number) for number in range(len(fonts.faces))]
        self.canvas = Canvas(
            target,
            pagesize=(width * MM, height * MM),
            pageCompression=1,
            invariant=1,
            initialFontName=self._names[0],
        )

    def title(self, text: str) -> None:
        """Name the document."""
        self.canvas.setTitle(text)
        self.canvas.setCreator("Menpai")
        self.canvas.setAuthor("Menpai")

    def close(self) -> None:
        """Write the file."""
        self.canvas.showPage()
        self.canvas.save()

    def box(self, x: float, y: float, width: float, height: float, colour: CMYKColor) -> None:
        """A filled box with round corners."""
        self.canvas.setFillColor(colour)
        place = (x * MM, (self.page_height - y - height) * MM, width * MM, height * MM)
        self.canvas.roundRect(*place, 2.2 * MM, stroke=0, fill=1)

    def line(self, x: float, y: float, width: float, colour: CMYKColor) -> None:
        """A thin line to the right."""
        self.canvas.setStrokeColor(colour)
        self.canvas.setLineWidth(0.25 * MM)
        self.canvas.line(
            x * MM, (self.page_height - y) * MM, (x + width) * MM, (self.page_height - y) * MM
        )

    def text(self, x: float, y: float, text: str, size: float, colour: CMYKColor) -> None:
        """One line from its left end, on its baseline."""
        writing = self.canvas.beginText(x * MM, (self.page_height - y) * MM)
        writing.setFillColor(colour)
        for face, run in self._runs(text):
            writing.setFont(self._names[face], size * MM)
            writing.textOut(run)
        self.canvas.drawText(writing)

    def width(self, text: str, size: float) -> float:
        """How wide a text is in mm."""
        return size * sum(self._fonts.glyph(one).advance for one in text)

    def fitting(self, text: str, size: float, room: float) -> float:
        """The size, or a smaller one at which the text fits the room."""
        return min(size, size * room / (self.width(text, size) or 1))

    def lines(self, text: str, size: float, room: float) -> Iterator[str]:
        """Break a text into lines; words and numbers stay whole."""
        line = ""
        for word in _words(text):
            if line and self.width((line + word).rstrip(), size) > room:
                yield line.strip()
                line = ""
            line += word
        yield line.strip()

    def next_page(self) -> None:
        """Begin a further page."""
        self.canvas.showPage()

    def picture(self, x: float, y: float, width: float, png: bytes) -> float:
        """A picture of this width with its upper left corner there; return its height in mm."""
        image = ImageReader(BytesIO(png))
        across, down = image.getSize()
        height = width * float(down) / float(across)
        place = (x * MM, (self.page_height - y - height) * MM, width * MM, height * MM)
        self.canvas.drawImage(image, *place, mask="auto")
        return height

    def _runs(self, text: str) -> Iterator[tuple[int, str]]:
        for face, run in groupby(text, lambda one: self._fonts.glyph(one).face):
            yield face, "".join(run)


def _words(text: str) -> list[str]:
    """Break where a line may: never within a number, its quantifier (88号) or an address code."""
    return _WORD.findall(text)


def _register(fonts: Fonts, number: int) -> str:
    face = fonts.faces[number]
    name = f"Paper-{face.path.stem}-{face.index}"
    if name not in pdfmetrics.getRegisteredFontNames():
        try:
            pdfmetrics.registerFont(TTFont(name, str(face.path), subfontIndex=face.index))
        except TTFError as error:
            raise FontMissing(f"font {face.path} cannot be embedded: {error}") from error
    return name
