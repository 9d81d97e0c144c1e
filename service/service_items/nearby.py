"""The facilities of today in memory, found by where an address lies: what is 附近 (nearby).

Of each kind the nearest one counts, within 1,000 m or in the community of the address: five public
toilets in a row would help nobody, and in the hills the service centre is further than that.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import hypot

from address_model.coordinates import Point, metres_per_degree
from address_model.facility_kinds import FacilityKind

MOST_NEARBY = 5
REACH_M = 1000.0
AED_FIRST_M = 500.0
"""An AED that is no further than that stands first: it counts in minutes."""

_CELL = 0.016
"""Degrees; wider than ``REACH_M`` as far north as China goes, so that nine cells hold all."""

_SPOT = 0.002
"""Degrees: some 200 m, for which the few facilities that can be the nearest are kept."""

_FAR = float("inf")


@dataclass(frozen=True, slots=True)
class KnownFacility:
    """A facility as residents see it, at the position and with the text of its address.

    ``communities`` are the ids of the community areas that it lies in.
    """

    id: int
    kind: FacilityKind
    name: str
    code: str
    local_text: str
    point: Point | None = None
    hours: str = ""
    phone: str = ""
    note: str = ""
    communities: tuple[str, ...] = ()
    is_sample: bool = False


@dataclass(frozen=True, slots=True)
class NearFacility:
    """A facility near an address; ``metres`` is None where one of the two has no point."""

    facility: KnownFacility
    metres: float | None = None
    is_here: bool = False


class FacilityRegister:
    """The facilities of one day, and the ``codes`` of their addresses."""

    def __init__(self, facilities: Iterable[KnownFacility]) -> None:
        self.codes: set[str] = set()
        self._cells: dict[tuple[int, int], list[KnownFacility]] = {}
        self._communities: dict[str, list[KnownFacility]] = {}
        self._around: dict[tuple[int, int], list[KnownFacility]] = {}
        for one in facilities:
            self.codes.add(one.code)
            if one.point is not None:
                cell = int(one.point.lon // _CELL), int(one.point.lat // _CELL)
                self._cells.setdefault(cell, []).append(one)
            for community in one.communities:
                self._communities.setdefault(community, []).append(one)

    def near(self, code: str, point: Point | None, area_ids: str) -> tuple[NearFacility, ...]:
        """What is near an address, nearest first, of each kind one.

        Args:
            code: its code; a facility at the same address is here.
            point: where it lies.
            area_ids: its area ids, separated by commas.
        """
        if not self.codes:
            return ()
        areas = self._communities
        own = [one for area in area_ids.split(",") for one in areas.get(area, ())]
        around = [] if point is None else self._held_around(point)
        east, north = (0.0, 0.0) if point is None else metres_per_degree(point.lat)
        best: dict[FacilityKind, tuple[float, int, KnownFacility]] = {}
        for reach, facilities in ((REACH_M, around), (_FAR, own)):
            for one in facilities:
                metres, at = _FAR, one.point
                if point is not None and at is not None:
                    metres = hypot((at.lon - point.lon) * east, (at.lat - point.lat) * north)
                held = best.get(one.kind)
                if metres <= reach and (held is None or (metres, one.id) < held[:2]):
                    best[one.kind] = metres, one.id, one
        ordered = sorted(best.values(), key=_order)[:MOST_NEARBY]
        return tuple(
            NearFacility(one, None if metres == _FAR else metres, one.code == code)
            for metres, _, one in ordered
        )

    def _held_around(self, point: Point) -> list[KnownFacility]:
        """Those that can be the nearest of their kind somewhere in the spot of a point."""
        spot = int(point.lon // _SPOT), int(point.lat // _SPOT)
        held = self._around.get(spot)
        if held is None:
            if len(self._around) > 50_000:
                self._around.clear()
            middle = Point((spot[0] + 0.5) * _SPOT, (spot[1] + 0.5) * _SPOT)
            east, north = metres_per_degree(middle.lat)
            across = ((east * _SPOT) ** 2 + (north * _SPOT) ** 2) ** 0.5 * 1.01
            x, y = int(middle.lon // _CELL), int(middle.lat // _CELL)
            cells = [(x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
            found: list[tuple[float, KnownFacility]] = []
            nearest: dict[FacilityKind, float] = {}
            for one in (one for cell in cells for one in self._cells.get(cell, ())):
                at = one.point or middle
                metres = hypot((at.lon - middle.lon) * east, (at.lat - middle.lat) * north)
                found.append((metres, one))
                nearest[one.kind] = min(metres, nearest.get(one.kind, _FAR))
            held = [one for metres, one in found if metres <= nearest[one.kind] + across]
            self._around[spot] = held
        return held


def _order(found: tuple[float, int, KnownFacility]) -> tuple[bool, float, int]:
    metres, number, one = found
    return not (one.kind is FacilityKind.AED and metres <= AED_FIRST_M), metres, number
