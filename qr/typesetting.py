"""One line of text into its box: size, spacing and place of every run, in millimetres."""

import re
from dataclasses import dataclass
from itertools import groupby

from qr.designs.specification import Slot
from qr.errors import TextTooLong
from qr.fonts import Fonts, Glyph

_HANZI_REFERENCE = "国"
_CAPITAL_REFERENCE = "H"
_LATIN = re.compile(r"[\u0020-\u024f\u1e00-\u1eff]")
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class TextRun:
    """Characters of one face and size on one baseline; all lengths in mm, y downwards.

    ``starts`` holds the origin of each character; ``tracking`` is the extra space after each,
    already in ``starts``; ``stroke`` is the full width of the line drawn along the outline.
    """

    text: str
    face: int
    size: float
    baseline: float
    tracking: float
    stroke: float
    starts: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class _Style:
    """How a kind of character stands in a line, in em of the line."""

    scale: float
    rise: float
    stroke: float


@dataclass(frozen=True, slots=True)
class _Letter:
    """One character; ``origin`` is in em of the line, counted without tracking."""

    character: str
    glyph: Glyph
    style: _Style
    origin: float


@dataclass(frozen=True, slots=True)
class _Line:
    """A text before its size is known: lengths in em, strokes included."""

    letters: tuple[_Letter, ...]
    top: float
    bottom: float

    @property
    def left(self) -> float:
        """The first ink; the side bearing before it is not seen on a plate."""
        first = self.letters[0]
        return first.glyph.left * first.style.scale - first.style.stroke / 2

    @property
    def width(self) -> float:
        """From the first ink to the last."""
        last = self.letters[-1]
        ink = last.origin + last.glyph.right * last.style.scale + last.style.stroke / 2
        return ink - self.left


def set_line(slot: Slot, text: str, fonts: Fonts, *, plate_id: str) -> tuple[TextRun, ...]:
    """Set a text that is not empty in its slot, shrunk as far as the slot allows.

    Raises TextTooLong with the height it would need, GlyphMissing for a character without a font.
    """
    line = _measure(slot, text, fonts, plate_id)
    em = min(slot.height / (line.top - line.bottom), slot.box.width / line.width)
    height = em * (line.top - line.bottom)
    if height < slot.smallest - _ROUNDING:
        raise TextTooLong(
            f"{slot.text} {text!r} would need characters {height:.1f} mm high to fit "
            f"{slot.box.width:g} mm, the design allows {slot.smallest:g}; "
            f"shorten it or choose a larger design",
            plate_id=plate_id,
        )
    return _place(slot, line, em)


def _measure(slot: Slot, text: str, fonts: Fonts, plate_id: str) -> _Line:
    hanzi = fonts.glyph(_HANZI_REFERENCE, plate_id=plate_id)
    capital = fonts.glyph(_CAPITAL_REFERENCE, plate_id=plate_id)
    plain = _Style(1.0, 0.0, slot.weight)
    beside = _beside_digits(slot, hanzi, capital)
    letters: list[_Letter] = []
    pen = 0.0
    for character in text:
        style = plain if _LATIN.match(character) else beside
        if letters and letters[-1].style != style:
            pen += slot.gap
        glyph = fonts.glyph(character, plate_id=plate_id)
        letters.append(_Letter(character, glyph, style, pen))
        pen += glyph.advance * style.scale
    latin = slot.hanzi > 0 or all(_LATIN.match(character) for character in text)
    tallest = capital if latin else hanzi
    return _Line(tuple(letters), tallest.top + slot.weight / 2, tallest.bottom - slot.weight / 2)


def _beside_digits(slot: Slot, hanzi: Glyph, capital: Glyph) -> _Style:
    """The style that stands 汉字 beside digits at the wanted height, feet on one line."""
    if not slot.hanzi:
        return _Style(1.0, 0.0, slot.weight)
    scale = slot.hanzi * (capital.top - capital.bottom) / (hanzi.top - hanzi.bottom)
    return _Style(scale, -hanzi.bottom * scale, slot.weight * (1 + slot.hanzi) / 2)


def _place(slot: Slot, line: _Line, em: float) -> tuple[TextRun, ...]:
    """Scale a measured line to millimetres and stand it in the box of its slot."""
    box, gaps = slot.box, len(line.letters) - 1
    room = max(box.width - em * line.width, 0.0)
    tracking = min(slot.tracking * em, room / gaps) if gaps else 0.0
    share = {"left": 0.0, "centre": 0.5, "right": 1.0}[slot.align]
    start = box.x + (room - gaps * tracking) * share - em * line.left
    baseline = box.y + (box.height + em * (line.top + line.bottom)) / 2
    places = [start + em * letter.origin + i * tracking for i, letter in enumerate(line.letters)]
    runs = []
    pairs = zip(line.letters, places, strict=True)
    for (face, style), group in groupby(
        pairs, key=lambda pair: (pair[0].glyph.face, pair[0].style)
    ):
        members = list(group)
        runs.append(
            TextRun(
                text="".join(letter.character for letter, _ in members),
                face=face,
                size=em * style.scale,
                baseline=baseline - em * style.rise,
                tracking=tracking,
                stroke=em * style.stroke,
                starts=tuple(place for _, place in members),
            )
        )
    return tuple(runs)
