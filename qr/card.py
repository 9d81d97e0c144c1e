"""The address card (地址卡): one A6 page in large print, for the fridge of whoever lives there.

It says what to dial and what to say, and leaves lines for numbers to be written in by hand: whom
to call today is behind its symbol, because a printed contact would be wrong one day. It needs no
colour: everything is there in black as well.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import groupby

from reportlab.lib.colors import CMYKColor
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.pdfgen.canvas import Canvas

from qr.errors import FontMissing
from qr.fonts import Fonts
from qr.symbol import QUIET_ZONE, make_symbol

WIDTH, HEIGHT = 105.0, 148.0
_MM = 72 / 25.4
_EDGE = 7.0
_BLUE, _RED = CMYKColor(1, 0.75, 0, 0.1), CMYKColor(0.1, 1, 1, 0.25)
_BLACK, _WHITE = CMYKColor(0, 0, 0, 1), CMYKColor(0, 0, 0, 0)
_SYMBOL = 27.0
_SPOKEN_LINES = 3
_BREATH = re.compile(r"(?<=，)")
_WORD = re.compile(
    r"(?:\d{4}(?: \d{4}){3}|[!-~]+(?:号楼|单元|[号弄幢栋座层室])?|[^ ])[ ，。、：；]*"
)


@dataclass(frozen=True, slots=True)
class AddressCard:
    """The texts of a card, in the language of its reader.

    ``name`` and ``number`` stand on the plate (河坊街, 88号), ``pinyin`` below the name; ``code``
    is grouped. ``numbers`` are the emergency numbers with what they are for, ``cue`` stands before
    the line ``spoken``, ``blanks`` before the lines for handwriting, ``scan`` beside the symbol of
    ``payload``, ``foot`` at the bottom.
    """

    name: str
    number: str
    pinyin: str
    code: str
    numbers: tuple[tuple[str, str], ...]
    cue: str
    spoken: str
    blanks: tuple[str, ...]
    scan: str
    foot: str
    payload: str


def write_card(card: AddressCard, fonts: Fonts) -> bytes:
    """Write the card as a PDF of one page; the same card gives the same bytes.

    Raises GlyphMissing for a character that no font holds, PayloadTooLong for the symbol.
    """
    buffer = BytesIO()
    page = _Page(buffer, fonts)
    page.title(f"{card.name}{card.number} {card.code}")
    _plate(page, card)
    _help(page, card)
    _handwriting(page, card)
    page.close()
    return buffer.getvalue()


def _plate(page: "_Page", card: AddressCard) -> None:
    """The plate on top: name and number as large as they fit, the code below."""
    inner, width = _EDGE + 4, WIDTH - 2 * _EDGE - 8
    page.box(_EDGE, _EDGE, WIDTH - 2 * _EDGE, 37, _BLUE)
    number_size = page.fitting(card.number, 17, width * 0.62)
    number_width = page.width(card.number, number_size)
    room = width - number_width - 3
    page.text(WIDTH - inner - number_width, 27, card.number, number_size, _WHITE)
    size = page.fitting(card.name, 10, room)
    page.text(inner, 20 if card.pinyin else 25, card.name, size, _WHITE)
    if card.pinyin:
        page.text(inner, 27, card.pinyin, page.fitting(card.pinyin, 4, room), _WHITE)
    page.line(inner, 31, width, _WHITE)
    page.text(inner, 39.5, card.code, page.fitting(card.code, 7.5, width), _WHITE)


def _help(page: "_Page", card: AddressCard) -> None:
    """The numbers to dial, and the line to read out."""
    gap = 3.0
    each = (WIDTH - 2 * _EDGE - gap * (len(card.numbers) - 1)) / len(card.numbers)
    for place, (number, label) in enumerate(card.numbers):
        left = _EDGE + place * (each + gap)
        page.box(left, 47, each, 19, _RED)
        lines = ((number, 57.0, 9.5), (label, 63.5, page.fitting(label, 5, each - 2)))
        for text, base, size in lines:
            page.text(left + (each - page.width(text, size)) / 2, base, text, size, _WHITE)
    page.text(_EDGE, 73.5, card.cue, 4.2, _RED)
    base = 80.5
    for line in _spoken_lines(page, card.spoken):
        page.text(_EDGE, base, line, 5.6, _BLACK)
        base += 7.6


def _spoken_lines(page: "_Page", spoken: str) -> list[str]:
    """The line to read out, a new line after each comma as one breathes, when there is room."""
    room = WIDTH - 2 * _EDGE
    breaths = [line for part in _BREATH.split(spoken) for line in page.lines(part, 5.6, room)]
    return breaths if len(breaths) <= _SPOKEN_LINES else list(page.lines(spoken, 5.6, room))


def _handwriting(page: "_Page", card: AddressCard) -> None:
    """Lines to write on, the symbol with what it leads to, and the warning."""
    right, top = WIDTH - _EDGE - _SYMBOL, HEIGHT - 18 - _SYMBOL
    page.symbol(right, top, card.payload)
    size = page.fitting(card.scan, 3.4, _SYMBOL + 4)
    start = right + (_SYMBOL - page.width(card.scan, size)) / 2
    page.text(start, top + _SYMBOL + 3.4, card.scan, size, _BLACK)
    base = top + 5.0
    for label in card.blanks:
        page.text(_EDGE, base, label, 4.6, _BLACK)
        page.line(_EDGE, base + 2, right - _EDGE - 4, _BLACK)
        base += 11
    size = page.fitting(card.foot, 4.2, WIDTH - 2 * _EDGE)
    page.text((WIDTH - page.width(card.foot, size)) / 2, HEIGHT - 6.5, card.foot, size, _BLACK)


class _Page:
    """One A6 page; draws in mm, y downwards, sizes are heights of the em."""

    def __init__(self, target: BytesIO, fonts: Fonts) -> None:
        self._fonts = fonts
        self._names = [_register(fonts, number) for number in range(len(fonts.faces))]
        self._canvas = Canvas(
            target,
            pagesize=(WIDTH * _MM, HEIGHT * _MM),
            pageCompression=1,
            invariant=1,
            initialFontName=self._names[0],
        )

    def title(self, text: str) -> None:
        """Name the document."""
        self._canvas.setTitle(text)
        self._canvas.setCreator("Menpai")
        self._canvas.setAuthor("Menpai")

    def close(self) -> None:
        """Write the file."""
        self._canvas.showPage()
        self._canvas.save()

    def box(self, x: float, y: float, width: float, height: float, colour: CMYKColor) -> None:
        """A filled box with round corners."""
        self._canvas.setFillColor(colour)
        place = (x * _MM, (HEIGHT - y - height) * _MM, width * _MM, height * _MM)
        self._canvas.roundRect(*place, 2.2 * _MM, stroke=0, fill=1)

    def line(self, x: float, y: float, width: float, colour: CMYKColor) -> None:
        """A thin line to the right."""
        self._canvas.setStrokeColor(colour)
        self._canvas.setLineWidth(0.25 * _MM)
        self._canvas.line(x * _MM, (HEIGHT - y) * _MM, (x + width) * _MM, (HEIGHT - y) * _MM)

    def text(self, x: float, y: float, text: str, size: float, colour: CMYKColor) -> None:
        """One line from its left end, on its baseline."""
        writing = self._canvas.beginText(x * _MM, (HEIGHT - y) * _MM)
        writing.setFillColor(colour)
        for face, run in self._runs(text):
            writing.setFont(self._names[face], size * _MM)
            writing.textOut(run)
        self._canvas.drawText(writing)

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

    def symbol(self, x: float, y: float, payload: str) -> None:
        """The QR symbol with its quiet zone in a square of 27 mm, as a 1-bit image mask."""
        symbol = make_symbol(payload, "Q")
        module = symbol.module_size(_SYMBOL)
        side, margin = module * symbol.size * _MM, module * QUIET_ZONE
        left, low = (x + margin) * _MM, (HEIGHT - y - _SYMBOL + margin) * _MM
        self._canvas.setFillColor(_BLACK)
        self._canvas.addLiteral(
            f"q {side:.4f} 0 0 {side:.4f} {left:.4f} {low:.4f} cm "
            f"BI /W {symbol.size} /H {symbol.size} /IM true /BPC 1 /D [1 0] /F /AHx ID\n"
            f"{symbol.packed.hex()}>\nEI Q"
        )

    def _runs(self, text: str) -> Iterator[tuple[int, str]]:
        for face, run in groupby(text, lambda one: self._fonts.glyph(one).face):
            yield face, "".join(run)


def _words(text: str) -> list[str]:
    """Break where a line may: never within a number, its quantifier (88号) or an address code."""
    return _WORD.findall(text)


def _register(fonts: Fonts, number: int) -> str:
    face = fonts.faces[number]
    name = f"Card-{face.path.stem}-{face.index}"
    if name not in pdfmetrics.getRegisteredFontNames():
        try:
            pdfmetrics.registerFont(TTFont(name, str(face.path), subfontIndex=face.index))
        except TTFError as error:
            raise FontMissing(f"font {face.path} cannot be embedded: {error}") from error
    return name
