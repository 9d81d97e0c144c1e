"""A day's round (今天的路线): open work first, then the plates nobody has looked at for longest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from address_model.coordinates import Point, distance_m
from address_model.nearest_order import order_by_nearness
from address_model.work import WORK_KIND_NAMES, WorkKind
from service.admin.crew.own_area.queries import HungPlate
from service.worklists.queries import WorkRow

STOPS = 20
"""How many doors a round has."""

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class RoundStop:
    """One door of a round: what is to be done there, and how far it is from the one before."""

    place: str
    path: str
    kind: str
    label: str
    detail: str
    point: Point | None
    metres: int | None = None


def plan_round(
    work: Sequence[WorkRow], plates: Sequence[HungPlate], start: Point | None
) -> list[RoundStop]:
    """The stops of a day: nearest first from ``start``, else work by due day, plates by street."""
    stops = [
        RoundStop(
            item.place,
            f"/crew/{item.token or f'items/{item.id}'}",
            item.kind,
            WORK_KIND_NAMES[WorkKind(item.kind)],
            item.reason or f"{item.due.month}月{item.due.day}日前",
            item.point,
        )
        for item in work[:STOPS]
    ]
    busy = {item.token for item in work}
    idle = [plate for plate in plates if plate.token not in busy]
    longest = sorted(idle, key=lambda plate: plate.visited_at or _NEVER)[: STOPS - len(stops)]
    for plate in sorted(longest, key=lambda plate: (plate.street_order, plate.token)):
        seen = plate.visited_at
        told = f"上次 {seen.year}年{seen.month}月{seen.day}日" if seen else "还没有巡查过"
        path = f"/crew/{plate.token}"
        stops.append(RoundStop(plate.place, path, "inspect", "巡查", told, plate.point))
    if start is None:
        return stops
    walk: list[RoundStop] = []
    here = start
    for index in order_by_nearness(start, [stop.point for stop in stops]):
        stop = stops[index]
        if stop.point is None:
            walk.append(stop)
            continue
        away = round(distance_m(here, stop.point))
        here = stop.point
        walk.append(
            RoundStop(stop.place, stop.path, stop.kind, stop.label, stop.detail, stop.point, away)
        )
    return walk
