"""The word 试印 in a free place on the face of a trial print."""

from collections.abc import Sequence

import numpy as np

from qr.designs.specification import Box, Colour, Design, Ink, Slot
from qr.errors import TextTooLong
from qr.fonts import Fonts
from qr.typesetting import Setter, TextRun, set_text

WORD = "试印"
_CELLS = 110
"""Cells over the height of the face in the search for a free place."""

_HIGHEST, _LOWEST = 18, 4
"""Height of the free place in cells: the largest wanted, and the smallest legible."""

_ASPECT = 2.4
"""Width of the place relative to its height."""

_PAD = 0.008
"""Clearance around everything else, as a fraction of the height of the face."""


def mark_trial(design: Design, runs: Sequence[TextRun], fonts: Fonts) -> tuple[TextRun, ...]:
    """Set 试印 in the largest place free of text, symbol, panel edges and border.

    Raises TextTooLong when the face has no such place.
    """
    box = _find_place(design, runs, fonts)
    under = design.ground_under(box)
    below = _light(design.colours.get_colour(under))
    inks: tuple[Ink, Ink] = ("ink", "ground")
    slot = Slot(
        box=box,
        height=box.height * 0.84,
        smallest=box.height * 0.4,
        label=WORD,
        colour=max(inks, key=lambda ink: abs(_light(design.colours.get_colour(ink)) - below)),
        tracking=0.12,
    )
    return set_text(slot, WORD, Setter(fonts, under))


def _find_place(design: Design, runs: Sequence[TextRun], fonts: Fonts) -> Box:
    step = design.face.height / _CELLS
    # A grid of the face: 1 where a cell is taken.
    face, pad = design.face, design.face.height * _PAD
    rows, columns = int(face.height / step), int(face.width / step)
    taken = np.ones((rows, columns), np.int64)
    rim = design.border.inset + design.border.width if design.border else 0.0
    taken[_window(face.box.grown(-rim - pad), step)] = 0
    edges: list[Box] = []
    for box in (panel.box for panel in design.panels):
        edges += [Box(x, box.y, 0.0, box.height) for x in (box.x, box.right)]
        edges += [Box(box.x, y, box.width, 0.0) for y in (box.y, box.bottom)]
    boxes = [design.symbol.box, *edges]
    for run in runs:
        glyphs = [fonts.glyph(character) for character in run.text]
        above = run.baseline - max(glyph.top for glyph in glyphs) * run.size
        below = run.baseline - min(glyph.bottom for glyph in glyphs) * run.size
        right = run.starts[-1] + glyphs[-1].advance * run.size * run.narrow
        boxes.append(Box(run.starts[0], above, right - run.starts[0], below - above))
    for box in boxes:
        taken[_window(box.grown(pad), step)] = 1
    sums = np.pad(taken.cumsum(0).cumsum(1), ((1, 0), (1, 0)))
    for high in range(_HIGHEST, _LOWEST - 1, -1):
        wide = round(high * _ASPECT)
        if wide >= taken.shape[1]:
            continue
        inside = sums[high:, wide:] - sums[:-high, wide:] - sums[high:, :-wide]
        free = np.argwhere(inside + sums[:-high, :-wide] == 0)
        if len(free):
            row, column = (int(place) for place in free[0])
            return Box(column * step, row * step, wide * step, high * step)
    raise TextTooLong(f"the design {design.name} has no free place for {WORD}")


def _window(box: Box, step: float) -> tuple[slice, slice]:
    """The cells that a rectangle touches."""
    down = slice(max(int(box.y / step), 0), max(-int(-box.bottom // step), 0))
    across = slice(max(int(box.x / step), 0), max(-int(-box.right // step), 0))
    return down, across


def _light(colour: Colour) -> float:
    red, green, blue = colour.rgb
    return 0.299 * red + 0.587 * green + 0.114 * blue
