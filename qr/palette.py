"""The palette of a design's picture: its inks, and blends of inks that meet."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from qr.designs.specification import Design, Ink

INKS: tuple[Ink, ...] = ("ground", "ink", "accent", "symbol_ground", "symbol_ink")
CUT_OFF = len(INKS)
"""Palette index of the transparent area beyond the rounded corners of the face."""

_STEPS = 14
"""Blends between two inks: fine enough that no step shows at the edge of a stroke."""

Pair = tuple[Ink, Ink]


@dataclass(frozen=True, eq=False)
class Palette:
    """RGB triples by index, and for pairs of inks the index of every coverage (0 … 255)."""

    colours: tuple[tuple[int, int, int], ...]
    _steps: dict[Pair, NDArray[np.uint8]]

    def steps(self, under: Ink, over: Ink) -> NDArray[np.uint8]:
        """Palette indices by coverage (0 … 255) of ``over`` upon ``under``."""
        return self._steps[under, over]


@lru_cache(maxsize=64)
def make_palette(design: Design) -> Palette:
    """Return the palette of a design, with the pairs of inks that meet in it."""
    colours = [design.colours.get_colour(ink).rgb for ink in INKS]
    colours.append((255, 255, 255))
    steps: dict[Pair, NDArray[np.uint8]] = {}
    # Inks that meet at the edge of a shape or a stroke.
    pairs: set[Pair] = {("ground", "ink")}
    pairs.add((design.ground_under(design.symbol.box), "symbol_ground"))
    pairs |= {(design.ground_under(slot.box), slot.colour) for slot in design.slots}
    for place, panel in enumerate(design.panels):
        below = [other for other in design.panels[:place] if other.box.holds(panel.box)]
        pairs.add((below[-1].colour if below else "ground", panel.colour))
    for under, over in sorted(pairs):
        start, end = (np.array(colours[INKS.index(ink)]) for ink in (under, over))
        between = np.linspace(start, end, _STEPS + 2)[1:-1].round().astype(int).tolist()
        first = len(colours)
        colours += [(red, green, blue) for red, green, blue in between]
        indices = [INKS.index(under), *range(first, first + _STEPS), INKS.index(over)]
        places = np.linspace(0, _STEPS + 1, 256).round().astype(int)
        steps[under, over] = np.array(indices, np.uint8)[places]
    return Palette(tuple(colours), steps)
