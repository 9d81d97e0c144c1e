"""A text into its box: lines, size, width, spacing and place of every run, in millimetres."""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from qr.breaking import list_breaks
from qr.designs.specification import Box, Ink, Slot
from qr.errors import PlateError, TextTooLong
from qr.fonts import Fonts, Glyph

_HANZI_REFERENCE = "国"
_CAPITAL_REFERENCE = "H"
_LATIN = re.compile(r"[\u0020-\u024f\u1e00-\u1eff]")
_ROUNDING = 1e-6
_SETTLED = 1e-9
_KEEP_ONE_LINE = 0.75
"""A text stays on one line while that is at least so high, against the height wanted."""


@dataclass(frozen=True, slots=True)
class TextRun:
    """Characters of one face and size on one baseline; all lengths in mm, y downwards.

    ``starts`` holds the origin of each character; ``tracking`` is the extra space after each,
    already in ``starts``; ``stroke`` is the full width of the line drawn along the outline;
    ``narrow`` is the part of their width that characters are drawn with.
    """

    text: str
    face: int
    size: float
    baseline: float
    tracking: float
    stroke: float
    starts: tuple[float, ...]
    colour: Ink = "ink"
    under: Ink = "ground"
    narrow: float = 1.0


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
    """A text before its size is known: lengths in em; ``top`` and ``bottom`` without stroke."""

    letters: tuple[_Letter, ...]
    top: float
    bottom: float
    weight: float

    @property
    def left(self) -> float:
        """The first ink without stroke; the side bearing before it is not seen on a plate."""
        first = self.letters[0]
        return first.glyph.left * first.style.scale

    @property
    def width(self) -> float:
        """From the first ink to the last, strokes included."""
        first, last = self.letters[0], self.letters[-1]
        core = last.origin + last.glyph.right * last.style.scale - self.left
        return core + (first.style.stroke + last.style.stroke) / 2

    def height(self, narrow: float) -> float:
        """The height of the ink; strokes get thinner with the width."""
        return self.top - self.bottom + self.weight * narrow


@dataclass(frozen=True, slots=True)
class _Setting:
    """Lines with the size and width they are set in."""

    lines: tuple[_Line, ...]
    em: float
    narrow: float

    @property
    def height(self) -> float:
        """The height of the ink of one line in mm."""
        return self.em * self.lines[0].height(self.narrow)


def set_text(slot: Slot, text: str, fonts: Fonts, under: Ink = "ground") -> tuple[TextRun, ...]:
    """Set a text that is not empty in its slot: narrowed, broken, shrunk as the slot allows.

    ``under`` is the ink the slot lies on. Raises TextTooLong with the height it would need,
    GlyphMissing for a character without a font; neither names a plate.
    """
    runs = _set_text(slot, text, fonts, under)
    if isinstance(runs, PlateError):
        raise runs.on("")  # a new one each time: a remembered error would gather tracebacks
    return runs


@lru_cache(maxsize=16_384)
def _set_text(slot: Slot, text: str, fonts: Fonts, under: Ink) -> tuple[TextRun, ...] | PlateError:
    """Remembered: a street's name stands on hundreds of plates."""
    try:
        setting = _best_setting(slot, text, fonts)
    except PlateError as error:
        return error
    if setting.height < slot.smallest - _ROUNDING:
        return TextTooLong(
            f"{slot.title} {text!r} would need characters {setting.height:.1f} mm high to fit "
            f"{slot.box.width:g} mm, the design allows {slot.smallest:g}; "
            f"shorten it or choose a larger design"
        )
    return _place(slot, setting, under)


def _best_setting(slot: Slot, text: str, fonts: Fonts) -> _Setting:
    single = _fit(slot, (_measure(slot, text, fonts),))
    if slot.lines == 1 or single.height >= slot.height * _KEEP_ONE_LINE:
        return single
    broken = [
        _fit(slot, tuple(_measure(slot, part, fonts) for part in parts))
        for parts in list_breaks(text)
    ]
    return max((single, *broken), key=lambda setting: setting.em * setting.narrow)


def _fit(slot: Slot, lines: tuple[_Line, ...]) -> _Setting:
    """The largest size at which all lines fit the box, narrowed before they shrink."""
    share = len(lines) + (len(lines) - 1) * slot.leading
    height = min(slot.height, slot.box.height / share)
    room = slot.box.width / max(line.width for line in lines)
    narrow, before = 1.0, 0.0
    while abs(narrow - before) > _SETTLED:
        before, em = narrow, height / lines[0].height(narrow)
        narrow = max(min(1.0, room / em), slot.narrowest)
    return _Setting(lines, min(height / lines[0].height(narrow), room / narrow), narrow)


def _measure(slot: Slot, text: str, fonts: Fonts) -> _Line:
    hanzi, capital = fonts.glyph(_HANZI_REFERENCE), fonts.glyph(_CAPITAL_REFERENCE)
    plain = _Style(1.0, 0.0, slot.weight)
    beside = _beside_digits(slot, hanzi, capital)
    letters: list[_Letter] = []
    pen = 0.0
    for character in text:
        style = plain if _LATIN.match(character) else beside
        if letters and letters[-1].style != style:
            pen += slot.gap
        glyph = fonts.glyph(character)
        letters.append(_Letter(character, glyph, style, pen))
        pen += glyph.advance * style.scale
    latin = slot.hanzi > 0 or all(_LATIN.match(character) for character in text)
    tallest = capital if latin else hanzi
    return _Line(tuple(letters), tallest.top, tallest.bottom, slot.weight)


def _beside_digits(slot: Slot, hanzi: Glyph, capital: Glyph) -> _Style:
    """The style that stands 汉字 beside digits at the wanted height, feet on one line."""
    if not slot.hanzi:
        return _Style(1.0, 0.0, slot.weight)
    scale = slot.hanzi * (capital.top - capital.bottom) / (hanzi.top - hanzi.bottom)
    return _Style(scale, -hanzi.bottom * scale, slot.weight * (1 + slot.hanzi) / 2)


def _place(slot: Slot, setting: _Setting, under: Ink) -> tuple[TextRun, ...]:
    """Stand the lines of a setting one under the other, as a block in the middle of the box."""
    height, box = setting.height, slot.box
    pitch = height * (1 + slot.leading)
    top = box.y + (box.height - height - pitch * (len(setting.lines) - 1)) / 2
    runs: list[TextRun] = []
    for number, line in enumerate(setting.lines):
        room = Box(box.x, top + number * pitch, box.width, height)
        runs += _place_line(slot, setting, line, room, under)
    return tuple(runs)


def _place_line(slot: Slot, setting: _Setting, line: _Line, room: Box, under: Ink) -> list[TextRun]:
    em, narrow = setting.em, setting.narrow
    gaps = len(line.letters) - 1
    spare = max(room.width - em * line.width * narrow, 0.0)
    tracking = min(slot.tracking * em, spare / gaps) if gaps else 0.0
    share = {"left": 0.0, "centre": 0.5, "right": 1.0}[slot.align]
    edge = line.left - line.letters[0].style.stroke / 2
    start = room.x + (spare - gaps * tracking) * share - em * edge * narrow
    baseline = room.y + em * (line.top + line.weight * narrow / 2)
    places = [start + em * letter.origin * narrow for letter in line.letters]
    tracked = [place + i * tracking for i, place in enumerate(places)]
    pairs = zip(line.letters, tracked, strict=True)
    grouped = groupby(pairs, key=lambda pair: (pair[0].glyph.face, pair[0].style))
    return [
        TextRun(
            text="".join(letter.character for letter, _ in members),
            face=face,
            size=em * style.scale,
            baseline=baseline - em * style.rise,
            tracking=tracking,
            stroke=em * style.stroke * narrow,
            starts=tuple(place for _, place in members),
            colour=slot.colour,
            under=under,
            narrow=narrow,
        )
        for (face, style), members in ((key, list(group)) for key, group in grouped)
    ]
