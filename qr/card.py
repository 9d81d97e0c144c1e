"""The address card (地址卡): one A6 page in large print, for the resident's fridge.

It says what to dial and what to say, and leaves lines for handwritten numbers. Current contacts
are behind its symbol, because printed ones would go out of date. It also works in black and white.
"""

import re
from dataclasses import dataclass
from io import BytesIO

from qr.fonts import Fonts
from qr.paper import Paper
from qr.symbol import QUIET_ZONE, make_symbol

WIDTH, HEIGHT = 105.0, 148.0
_EDGE = 7.0
_BLUE, _RED = (1, 0.75, 0, 0.1), (0.1, 1, 1, 0.25)
_BLACK, _WHITE = (0, 0, 0, 1), (0, 0, 0, 0)
_SYMBOL = 27.0
_SPOKEN_LINES = 3
_BREATH = re.compile(r"(?<=，)")


@dataclass(frozen=True, slots=True)
class AddressCard:
    """The texts of a card, in the language of its reader.

    ``name`` and ``number`` are those on the plate (河坊街, 88号), ``pinyin`` stands below the name;
    ``code`` is grouped. ``numbers`` are the emergency numbers with their services, ``cue`` precedes
    the line ``spoken``, ``blanks`` label the lines for handwriting, ``scan`` is the caption of the
    symbol of ``payload``; ``report`` says where to tell that the plate is broken or wrong, ``foot``
    stands at the bottom.
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
    report: str
    foot: str
    payload: str


def write_card(card: AddressCard, fonts: Fonts) -> bytes:
    """Write the card as a PDF of one page; the same card gives the same bytes.

    Raises GlyphMissing for a character that no font holds, PayloadTooLong for the symbol.
    """
    buffer = BytesIO()
    page = Paper(buffer, fonts, WIDTH, HEIGHT)
    page.title(f"{card.name}{card.number} {card.code}")
    _plate(page, card)
    _help(page, card)
    _handwriting(page, card)
    page.close()
    return buffer.getvalue()


def _plate(page: Paper, card: AddressCard) -> None:
    """The plate on top: name and number as large as fits, the code below."""
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


def _help(page: Paper, card: AddressCard) -> None:
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
    room = WIDTH - 2 * _EDGE
    breaths = [line for part in _BREATH.split(card.spoken) for line in page.lines(part, 5.6, room)]
    # A new line after each comma, as one breathes, when there is room.
    fits = len(breaths) <= _SPOKEN_LINES
    for line in breaths if fits else page.lines(card.spoken, 5.6, room):
        page.text(_EDGE, base, line, 5.6, _BLACK)
        base += 7.6


def _handwriting(page: Paper, card: AddressCard) -> None:
    """Lines for handwriting, the symbol with its caption, where to report, and the foot."""
    right, top = WIDTH - _EDGE - _SYMBOL, HEIGHT - 18 - _SYMBOL
    symbol = make_symbol(card.payload, "Q")
    module = symbol.module_size(_SYMBOL)
    margin = module * QUIET_ZONE
    page.symbol(right + margin, top + margin, symbol, module * symbol.size, _BLACK)
    size = page.fitting(card.scan, 3.4, _SYMBOL + 4)
    start = right + (_SYMBOL - page.width(card.scan, size)) / 2
    page.text(start, top + _SYMBOL + 3.4, card.scan, size, _BLACK)
    base = top + 5.0
    for label in card.blanks:
        page.text(_EDGE, base, label, 4.6, _BLACK)
        page.line(_EDGE, base + 2, right - _EDGE - 4, _BLACK)
        base += 11
    for text, most, base in ((card.report, 3.4, HEIGHT - 9.8), (card.foot, 4.2, HEIGHT - 4.8)):
        size = page.fitting(text, most, WIDTH - 2 * _EDGE)
        page.text((WIDTH - page.width(text, size)) / 2, base, text, size, _BLACK)
