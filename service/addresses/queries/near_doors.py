"""Reads the doors nearest to a point."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, select, true
from sqlalchemy.orm import Session

from address_model.coordinates import Point, distance_m
from address_model.elements import Elements, elements_from_plain
from address_model.lifecycle import GONE
from address_model.positions import PositionKind
from address_model.sensitivity import Viewer
from address_model.tables import Address, AddressPosition
from service.addresses.queries.addresses import lies_in_sight
from service.addresses.queries.filtered import Circle, envelope

DOOR_LEVELS = ("number", "building")
"""The levels of doors; a building has one where its estate has no numbers."""

_IS_ENTRANCE = and_(
    AddressPosition.kind == PositionKind.ENTRANCE, AddressPosition.valid_to.is_(None)
)


@dataclass(frozen=True, slots=True)
class NearDoor:
    """An address near a point."""

    code: str
    point: Point
    elements: Elements


def list_doors_near(
    session: Session,
    place: Point,
    *,
    limit: int = 60,
    viewer: Viewer | None = None,
    within_m: float | None = None,
    levels: Sequence[str] = DOOR_LEVELS,
) -> list[NearDoor]:
    """The living numbered addresses nearest to a point (degrees, EPSG:4490), nearest first.

    With ``viewer`` only those it sees, with ``within_m`` none further than that.

    An address is located at its entrances if it has any, else at its own point. Of doors only one
    per point is returned, since the addresses of one building share a point.
    """
    point = func.ST_SetSRID(func.ST_MakePoint(place.lon, place.lat), 4490)
    entrances = select(AddressPosition.code).where(_IS_ENTRANCE)
    without = ~entrances.where(AddressPosition.code == Address.code).exists()
    by_point = select(Address.code, Address.elements, *_lon_lat(Address.geom)).where(
        Address.geom.is_not(None), without
    )
    by_entrance = (
        select(Address.code, Address.elements, *_lon_lat(AddressPosition.geom))
        .join(AddressPosition, AddressPosition.code == Address.code)
        .where(_IS_ENTRANCE)
    )
    seen = true() if viewer is None else lies_in_sight(viewer)
    near = within_m and Circle(place, within_m).box
    doors: dict[Point | tuple[Point, str], NearDoor] = {}
    for statement, geom in ((by_point, Address.geom), (by_entrance, AddressPosition.geom)):
        doors_only = statement.where(Address.level.in_(levels), Address.status.not_in(GONE), seen)
        if near:
            doors_only = doors_only.where(geom.op("&&")(envelope(near)))
        nearest = doors_only.order_by(geom.op("<->")(point)).limit(limit)
        for code, plain, lon, lat in session.execute(nearest):
            here = Point(lon, lat)
            spot = here if levels == DOOR_LEVELS else (here, code)
            doors.setdefault(spot, NearDoor(code, here, elements_from_plain(plain)))
    found = sorted(doors.values(), key=lambda door: distance_m(place, door.point))[:limit]
    if within_m is None:
        return found
    return [door for door in found if distance_m(place, door.point) <= within_m]


def _lon_lat(geom: Any) -> tuple[Any, Any]:
    return func.ST_X(geom), func.ST_Y(geom)
