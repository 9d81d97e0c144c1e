"""The order in which a crew walks (走访顺序): along the streets, or always to the nearest door."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from address_model.coordinates import LocalFrame, Point
from address_model.elements import Elements
from address_model.street_order import street_order, street_stretch

_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop of a round: its ``number`` is the caller's, ``grid`` is walked as a whole.

    ``stretch`` is the street, ``order`` the place along it (``address_model.street_order``), and
    ``door`` the number of the door or lane on the street, 0 without one.
    """

    number: int
    grid: str
    stretch: bytes
    order: bytes
    door: int
    point: Point | None

    @classmethod
    def at(
        cls, number: int, grid: str, division: str, elements: Elements, point: Point | None
    ) -> "Stop":
        """The stop at an address in a division (12 digits)."""
        counted = elements.lanes[0] if elements.lanes else elements.number
        digits = _DIGITS.search(counted.number) if counted else None
        order = street_order(division, elements)
        stretch = street_stretch(division, elements)
        return cls(number, grid, stretch, order, int(digits[0]) if digits else 0, point)


def order_by_street(stops: Iterable[Stop]) -> list[Stop]:
    """Grid by grid and street by street: up the odd side and back on the even one.

    What lies behind one door (a building's rooms) stays in its order on both sides. Addresses
    without a number come before the doors of their street.
    """
    ordered = sorted(stops, key=lambda stop: (stop.grid == "", stop.grid, stop.order, stop.number))
    walked: list[Stop] = []
    for _, street in groupby(ordered, key=lambda stop: (stop.grid, stop.stretch)):
        doors = [list(inside) for _, inside in groupby(street, key=attrgetter("door"))]
        odd = [door for door in doors if door[0].door % 2 or not door[0].door]
        even = [door for door in doors if not door[0].door % 2 and door[0].door]
        walked += [stop for door in (*odd, *reversed(even)) for stop in door]
    return walked


def order_by_nearest(stops: Sequence[Stop], start: Point | None = None) -> list[Stop]:
    """From ``start``, or the first stop in street order, always on to the nearest that is left.

    Stops at one point are taken in street order; those without a point come last.
    """
    waiting = [stop for stop in order_by_street(stops) if stop.point is not None]
    without = [stop for stop in order_by_street(stops) if stop.point is None]
    if not waiting:
        return without
    here = start or waiting[0].point
    assert here is not None  # noqa: S101 - of stops that have one
    frame = LocalFrame(here)
    places = {
        stop.number: frame.to_metres(stop.point) for stop in waiting if stop.point is not None
    }
    walked: list[Stop] = []
    east, north = 0.0, 0.0
    while waiting:
        following = min(
            waiting,
            key=lambda stop: (
                (places[stop.number][0] - east) ** 2 + (places[stop.number][1] - north) ** 2
            ),
        )
        east, north = places[following.number]
        waiting.remove(following)
        walked.append(following)
    return walked + without
