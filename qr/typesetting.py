"""Fits a text into its box: lines, size, width, spacing and place of every run, in mm."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from qr.designs.specification import Box, Ink, Slot
from qr.errors import PlateError, TextTooLong
from qr.fonts import Fonts, Glyph
from qr.line_breaks import list_breaks

_HANZI_REFERENCE = "国"
_CAPITAL_REFERENCE = "H"
_LATIN = re.compile(r"[\u0020-\u024f\u1e00-\u1eff]")
_NUMBER_IN_NAME = re.compile(r"[0-9]{2}.*[\u2e80-\U0003ffff]|[\u2e80-\U0003ffff].*[0-9]{2}")
_NUMBER_TRACKING = 0.1
_ROUNDING = 1e-6
_KEEP_ONE_LINE = 0.75
"""A text stays on one line while that keeps at least this fraction of the wanted height."""

_SMALLER = 0.8
"""A text shrinks to this fraction of its size before its characters are narrowed."""

_LEAST_EVEN = 0.5
"""Least fraction of the wanted height for a series; a number wider still is set smaller alone."""


@dataclass(frozen=True, slots=True)
class TextRun:
    """Characters of one face and size on one baseline; all lengths in mm, y downwards.

    ``starts`` holds the origin of each character; ``tracking`` is the extra space after each,
    already in ``starts``; ``narrow`` is the horizontal scale of the characters.
    """

    text: str
    face: int
    size: float
    baseline: float
    tracking: float
    starts: tuple[float, ...]
    colour: Ink = "ink"
    under: Ink = "ground"
    narrow: float = 1.0


@dataclass(frozen=True, slots=True)
class _Style:
    """Scale and baseline shift of a kind of character, in em of the line."""

    scale: float
    rise: float


@dataclass(frozen=True, slots=True)
class _Letter:
    """One character; ``origin`` is in em of the line, counted without tracking."""

    character: str
    glyph: Glyph
    style: _Style
    origin: float


@dataclass(frozen=True, slots=True)
class _Line:
    """A text before its size is known: lengths in em."""

    letters: tuple[_Letter, ...]
    top: float
    bottom: float

    @property
    def left(self) -> float:
        """Where the ink begins, after the first side bearing."""
        first = self.letters[0]
        return first.glyph.left * first.style.scale

    @property
    def width(self) -> float:
        """The width of the ink."""
        last = self.letters[-1]
        return last.origin + last.glyph.right * last.style.scale - self.left

    @property
    def height(self) -> float:
        """The height of the ink."""
        return self.top - self.bottom


@dataclass(frozen=True, slots=True)
class _Setting:
    """Lines with the size and width they are set in."""

    lines: tuple[_Line, ...]
    em: float
    narrow: float

    @property
    def height(self) -> float:
        """The height of the ink of one line in mm."""
        return self.em * self.lines[0].height


class Setter(NamedTuple):
    """What a text is set with besides its slot: fonts, ink below, its parts and its series.

    ``parts`` are the elements of the text in order; it prefers to break between them. ``widest``
    is the widest text of its series, whose size all of them take.
    """

    fonts: Fonts
    under: Ink = "ground"
    parts: tuple[str, ...] = ()
    widest: str = ""


def set_text(slot: Slot, text: str, setter: Setter) -> tuple[TextRun, ...]:
    """Set a non-empty text in its slot: shrunk, narrowed and broken as the slot allows.

    Raises TextTooLong with the height it would need, GlyphMissing for a character without a font;
    neither names a plate.
    """
    runs = _set_text(slot, text, setter)
    if isinstance(runs, PlateError):
        raise runs.on("")  # a new one each time: a cached error would collect tracebacks
    return runs


@lru_cache(maxsize=65_536)
def text_width(slot: Slot, text: str, fonts: Fonts) -> float:
    """The width of a text in em, to find the widest of a series.

    0 for a text that no font can set; it is refused when its plate is laid out.
    """
    try:
        return _measure(slot, text, fonts).width
    except PlateError:
        return 0.0


@lru_cache(maxsize=16_384)
def _set_text(slot: Slot, text: str, setter: Setter) -> tuple[TextRun, ...] | PlateError:
    """Set a text or return the error; cached, for a street name stands on hundreds of plates."""
    try:
        setting = _best_setting(slot, text, setter)
    except PlateError as error:
        return error
    if setting.height < slot.smallest - _ROUNDING:
        return TextTooLong(
            f"{slot.title} {text!r} would need characters {setting.height:.1f} mm high to fit "
            f"{slot.box.width:g} mm, the design allows {slot.smallest:g}; "
            f"shorten it or choose a larger design"
        )
    height, box = setting.height, slot.box
    pitch = height * (1 + slot.leading)
    top = box.y + (box.height - height - pitch * (len(setting.lines) - 1)) / 2
    # The widest tracking that fits every line; a number in a name stays tight (江湾花园 128幢).
    em = setting.em
    tracking = slot.tracking * em
    for line in setting.lines:
        if _NUMBER_IN_NAME.search("".join(letter.character for letter in line.letters)):
            tracking = min(tracking, _NUMBER_TRACKING * em)
        spare = max(slot.box.width - em * line.width * setting.narrow, 0.0)
        tracking = min(tracking, spare / max(len(line.letters) - 1, 1))
    runs: list[TextRun] = []
    for number, line in enumerate(setting.lines):
        room = Box(box.x, top + number * pitch, box.width, height)
        placed = _place_line(slot, setting, line, room, tracking)
        runs.extend(replace(run, under=setter.under) for run in placed)
    return tuple(runs)


def _best_setting(slot: Slot, text: str, setter: Setter) -> _Setting:
    fonts = setter.fonts
    line = _measure(slot, text, fonts)
    if slot.reference:
        # All numbers of a series share one setting unless one is too wide for it; no number makes
        # the others smaller than ``_LEAST_EVEN`` of the wanted height.
        texts = filter(None, (slot.reference, setter.widest))
        widest = max((_measure(slot, one, fonts) for one in texts), key=lambda found: found.width)
        shared = _fit(slot, (widest,))
        least = slot.height * _LEAST_EVEN / line.height
        em, narrow = max(shared.em, least), shared.narrow
        if line.width * em * narrow <= slot.box.width + _ROUNDING:
            return _Setting((line,), em, narrow)
        return _fit(slot, (line,))
    single = _fit(slot, (line,))
    if slot.lines == 1 or single.height >= slot.height * _KEEP_ONE_LINE:
        return single
    for breaks in list_breaks(text, setter.parts):
        broken = [
            _fit(slot, tuple(_measure(slot, part, fonts) for part in parts)) for parts in breaks
        ]
        best = max((single, *broken), key=lambda setting: setting.em * setting.narrow)
        if best.height >= slot.smallest:
            return best
    return single


def _fit(slot: Slot, lines: tuple[_Line, ...]) -> _Setting:
    """The largest size at which all lines fit the box: smaller type before narrower type.

    A text too wide shrinks to ``_SMALLER`` of its size, is then narrowed as far as the slot
    allows, and then shrinks further.
    """
    share = len(lines) + (len(lines) - 1) * slot.leading
    em = min(slot.height, slot.box.height / share) / lines[0].height
    room = slot.box.width / max(line.width for line in lines)
    first = max(min(em, room), em * _SMALLER)
    narrow = max(min(1.0, room / first), slot.narrowest)
    return _Setting(lines, min(first, room / narrow), narrow)


def _measure(slot: Slot, text: str, fonts: Fonts) -> _Line:
    hanzi, capital = fonts.glyph(_HANZI_REFERENCE), fonts.glyph(_CAPITAL_REFERENCE)
    plain = beside = _Style(1.0, 0.0)
    if slot.hanzi:  # 汉字 beside digits at the wanted height, on one baseline
        scale = slot.hanzi * (capital.top - capital.bottom) / (hanzi.top - hanzi.bottom)
        beside = _Style(scale, -hanzi.bottom * scale)
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
    return _Line(tuple(letters), tallest.top, tallest.bottom)


def _place_line(
    slot: Slot, setting: _Setting, line: _Line, room: Box, tracking: float
) -> list[TextRun]:
    em, narrow = setting.em, setting.narrow
    gaps = len(line.letters) - 1
    spare = max(room.width - em * line.width * narrow, 0.0)
    share = {"left": 0.0, "centre": 0.5, "right": 1.0}[slot.align]
    start = room.x + (spare - gaps * tracking) * share - em * line.left * narrow
    baseline = room.y + em * line.top
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
            starts=tuple(place for _, place in members),
            colour=slot.colour,
            narrow=narrow,
        )
        for (face, style), members in ((key, list(group)) for key, group in grouped)
    ]
