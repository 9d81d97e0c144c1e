"""The dark areas of a symbol as closed outlines, for cutters and SVG paths."""

import numpy as np

from qr.symbol import Symbol

Corner = tuple[int, int]
Side = tuple[int, int, int, int]
"""One side of a module: where it begins, and its direction; the dark module is on its right."""


def trace_symbol(symbol: Symbol) -> list[list[Corner]]:
    """Return closed polygons in modules from the upper left corner of the symbol, y downwards.

    Outer outlines run clockwise, those of holes counter-clockwise; modules that touch only at a
    corner are separate. Each polygon lists its corners, the first one not repeated.
    """
    # All sides between dark and light, top to bottom.
    dark = np.pad(symbol.modules(), 1)
    sides: dict[Side, None] = {}
    for dx, dy, behind, start in (
        (1, 0, dark[:-2, 1:-1], (0, 0)),
        (0, 1, dark[1:-1, 2:], (1, 0)),
        (-1, 0, dark[2:, 1:-1], (1, 1)),
        (0, -1, dark[1:-1, :-2], (0, 1)),
    ):
        rows, columns = np.nonzero(dark[1:-1, 1:-1] & ~behind)
        places = zip(columns.tolist(), rows.tolist(), strict=True)
        sides |= dict.fromkeys((x + start[0], y + start[1], dx, dy) for x, y in places)
    waiting = dict.fromkeys(sides)
    found = []
    while waiting:
        side = next(iter(waiting))
        corners: list[Corner] = []
        while side in waiting:
            del waiting[side]
            x, y, dx, dy = side
            x, y = x + dx, y + dy
            following = (x, y, dy, -dx)
            if (x, y, -dy, dx) in sides:  # a right turn keeps to the module
                following = (x, y, -dy, dx)
            elif (x, y, dx, dy) in sides:
                following = (x, y, dx, dy)
            if following[2:] != side[2:]:
                corners.append(following[:2])
            side = following
        found.append(corners)
    return found
