"""Printed documents: PDF pages drawn in mm, y downwards, in the plate fonts."""

import re
from collections.abc import Iterator
from io import BytesIO
from itertools import groupby

from PIL import Image

from qr.designs.specification import Box
from qr.fonts import Fonts
from qr.pdf.embedded_font import EmbeddedFont
from qr.pdf.objects import ObjectFile, PageTree, pdf_text
from qr.pdf.page_content import MM, draw_symbol, rectangle_path
from qr.symbol import Symbol

Ink = tuple[float, float, float, float]
"""Cyan, magenta, yellow and black, 0 … 1."""

_CORNER, _THIN = 2.2, 0.25
_WORD = re.compile(
    r"(?:\d{4}(?: \d{4}){3}|[!-~]+(?:号楼|单元|[号弄幢栋座层室])?|[^ ])[ ，。、：；]*"
)
"""What a line never breaks: a number with its quantifier (88号), an address code, one 汉字."""


class Paper:
    """A PDF of pages of one size in mm; font sizes are em heights in mm."""

    def __init__(self, target: BytesIO, fonts: Fonts, width: float, height: float) -> None:
        self.page_width, self.page_height = width, height
        self._fonts = fonts
        self._file = ObjectFile(target)
        self._root, self._info = self._file.reserve(), self._file.reserve()
        self._resources = self._file.reserve()
        self._pages = PageTree(self._file)
        self._embedded = [EmbeddedFont(fonts, face) for face in range(len(fonts.faces))]
        self._pictures: list[int] = []
        self._drawn: list[str] = []
        self._title = ""

    def title(self, text: str) -> None:
        """Set the document title."""
        self._title = text

    def close(self) -> None:
        """Write the last page and the shared objects; the same pages give the same bytes."""
        self.next_page()
        self._pages.finish()
        fonts = "".join(
            f"/F{font.face} {font.finish(self._file)} 0 R" for font in self._embedded if font.used
        )
        pictures = "".join(f"/P{place} {n} 0 R" for place, n in enumerate(self._pictures))
        table = f"<</Font<<{fonts}>>/XObject<<{pictures}>>>>"
        self._file.write(self._resources, table.encode())
        self._file.write(self._root, b"<</Type/Catalog/Pages %d 0 R>>" % self._pages.root)
        entries = b"<</Title%b/Author(Menpai)/Creator(Menpai)/Producer(Menpai)>>"
        self._file.write(self._info, entries % pdf_text(self._title))
        self._file.finish(self._root, self._info)

    def next_page(self) -> None:
        """Write the current page and begin the next one."""
        drawn = "\n".join([f"{MM:.7f} 0 0 {MM:.7f} 0 0 cm", *self._drawn])
        contents = self._file.add_stream(drawn.encode())
        size = f"{self.page_width * MM:.4f} {self.page_height * MM:.4f}"
        self._pages.add(f"/MediaBox[0 0 {size}]/Resources {self._resources} 0 R".encode(), contents)
        self._drawn = []

    def box(self, x: float, y: float, width: float, height: float, ink: Ink) -> None:
        """Draw a filled box with rounded corners."""
        path = rectangle_path(self.page_height, Box(x, y, width, height), _CORNER)
        self._drawn.append(f"{_operands(ink)} k {path} f")

    def line(self, x: float, y: float, width: float, ink: Ink) -> None:
        """Draw a thin horizontal line."""
        level = self.page_height - y
        self._drawn.append(
            f"{_operands(ink)} K {_THIN} w {x:.3f} {level:.3f} m {x + width:.3f} {level:.3f} l S"
        )

    def text(self, x: float, y: float, text: str, size: float, ink: Ink) -> None:
        """Draw one line of text from its left end on its baseline."""
        self._drawn.append(f"{_operands(ink)} k")
        for face, members in groupby(text, lambda one: self._fonts.glyph(one).face):
            run = "".join(members)
            shown = self._embedded[face].show(run, size)
            place = f"{x:.3f} {self.page_height - y:.3f} Td"
            self._drawn.append(f"BT /F{face} {size:.3f} Tf {place} {shown} ET")
            x += self.width(run, size)

    def symbol(self, x: float, y: float, symbol: Symbol, side: float, ink: Ink) -> None:
        """Draw a symbol without quiet zone; ``x``, ``y`` is its upper left corner."""
        drawn = draw_symbol(symbol, x, self.page_height - y - side, side)
        self._drawn.append(f"{_operands(ink)} k {drawn}")

    def picture(self, x: float, y: float, width: float, png: bytes) -> float:
        """Draw a picture with its upper left corner at ``x``, ``y``; return its height in mm."""
        seen = Image.open(BytesIO(png)).convert("RGBA")
        image = Image.new("RGBA", seen.size, "white")
        image.alpha_composite(seen)
        entries = (
            f"/Type/XObject/Subtype/Image/Width {image.width}/Height {image.height}"
            f"/ColorSpace/DeviceRGB/BitsPerComponent 8"
        )
        pixels = image.convert("RGB").tobytes()
        self._pictures.append(self._file.add_stream(pixels, entries.encode()))
        height = width * image.height / image.width
        place = f"{width:.4f} 0 0 {height:.4f} {x:.4f} {self.page_height - y - height:.4f} cm"
        self._drawn.append(f"q {place} /P{len(self._pictures) - 1} Do Q")
        return height

    def width(self, text: str, size: float) -> float:
        """The width of a text in mm."""
        return size * sum(self._fonts.glyph(one).advance for one in text)

    def fitting(self, text: str, size: float, room: float) -> float:
        """The given size, or the largest smaller one at which the text fits ``room`` mm."""
        return min(size, size * room / (self.width(text, size) or 1))

    def lines(self, text: str, size: float, room: float) -> Iterator[str]:
        """Break a text into lines; words and numbers stay whole."""
        line = ""
        for word in _WORD.findall(text):
            if line and self.width((line + word).rstrip(), size) > room:
                yield line.strip()
                line = ""
            line += word
        yield line.strip()


def _operands(ink: Ink) -> str:
    return " ".join(f"{part:g}" for part in ink)
