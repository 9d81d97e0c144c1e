"""Puts places in the order of a walk: from where one stands always on to the nearest one."""

from collections.abc import Sequence
from math import dist

from address_model.coordinates import LocalFrame, Point


def order_by_nearness(start: Point, places: Sequence[Point | None]) -> list[int]:
    """The indexes of places in the order of a walk from ``start``; those without a point are last.

    The nearest of what is left comes next, which for a few dozen doors is a fair round.
    """
    frame = LocalFrame(start)
    left = {
        index: frame.to_metres(place) for index, place in enumerate(places) if place is not None
    }
    here, walk = (0.0, 0.0), list[int]()
    while left:
        nearest = min(left, key=lambda index: dist(left[index], here))
        here = left.pop(nearest)
        walk.append(nearest)
    return walk + [index for index, place in enumerate(places) if place is None]
