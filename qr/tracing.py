"""The dark areas of a symbol as closed lines: what a cutter follows and an SVG path fills."""

import numpy as np

from qr.symbol import Symbol

Corner = tuple[int, int]
Side = tuple[int, int, int, int]
"""One side of a module: where it begins, and its direction; the dark module is on its right."""


def trace_symbol(symbol: Symbol) -> list[list[Corner]]:
    """Return closed polygons in modules from the upper left corner of the symbol, y downwards.

    Outer lines run clockwise, those of holes the other way; modules that touch at a corner only
    are parted. Each polygon has its corners only, the first one not repeated.
    """
    sides = _sides(symbol)
    waiting = dict.fromkeys(sides)
    found = []
    while waiting:
        side = next(iter(waiting))
        corners: list[Corner] = []
        while side in waiting:
            del waiting[side]
            following = _next_side(side, sides)
            if following[2:] != side[2:]:
                corners.append(following[:2])
            side = following
        found.append(corners)
    return found


def _sides(symbol: Symbol) -> dict[Side, None]:
    """All sides between dark and light, from above to below."""
    dark = np.pad(symbol.modules(), 1)
    found: list[Side] = []
    for dx, dy, behind, start in (
        (1, 0, dark[:-2, 1:-1], (0, 0)),
        (0, 1, dark[1:-1, 2:], (1, 0)),
        (-1, 0, dark[2:, 1:-1], (1, 1)),
        (0, -1, dark[1:-1, :-2], (0, 1)),
    ):
        rows, columns = np.nonzero(dark[1:-1, 1:-1] & ~behind)
        places = zip(columns.tolist(), rows.tolist(), strict=True)
        found += [(x + start[0], y + start[1], dx, dy) for x, y in places]
    return dict.fromkeys(found)


def _next_side(side: Side, sides: dict[Side, None]) -> Side:
    """Where the border runs on: to the right if it can, so that it keeps to its module."""
    x, y, dx, dy = side
    x, y = x + dx, y + dy
    right, straight = (x, y, -dy, dx), (x, y, dx, dy)
    if right in sides:
        return right
    return straight if straight in sides else (x, y, dy, -dx)
