"""Reads the doors about a point, as sketches and the nearest address need them."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from address_model.coordinates import Point
from address_model.elements import Elements
from address_model.serialising import elements_from_plain
from address_model.tables import Address


@dataclass(frozen=True, slots=True)
class NearDoor:
    """An address near a point: what a sketch needs of it."""

    code: str
    point: Point
    elements: Elements


def list_doors_near(session: Session, place: Point, *, limit: int = 60) -> list[NearDoor]:
    """The addresses with a number that lie nearest to a point (degrees, EPSG:4490), nearest first.

    Rooms of one building share a point, so only one address of each point is given.
    """
    point = func.ST_SetSRID(func.ST_MakePoint(place.lon, place.lat), 4490)
    nearest = (
        select(Address.code, Address.elements, Address.geom)
        .where(Address.geom.is_not(None), Address.level.in_(("number", "building")))
        .order_by(Address.geom.op("<->")(point))
        .limit(limit)
        .subquery()
    )
    columns = (nearest.c.code, nearest.c.elements, func.ST_X(nearest.c.geom))
    doors: dict[Point, NearDoor] = {}
    for code, plain, lon, lat in session.execute(select(*columns, func.ST_Y(nearest.c.geom))):
        here = Point(lon, lat)
        doors.setdefault(here, NearDoor(code, here, elements_from_plain(plain)))
    return list(doors.values())


def list_doors_about(session: Session, place: Point, reach: tuple[float, float]) -> list[NearDoor]:
    """The addresses with a number in a rectangle about a point, in the order of their codes.

    ``reach`` is how far it reaches, in degrees east and west, north and south. Of several
    addresses at one point only the first is given.
    """
    point = func.ST_SetSRID(func.ST_MakePoint(place.lon, place.lat), 4490)
    statement = (
        select(Address.code, Address.elements, func.ST_X(Address.geom), func.ST_Y(Address.geom))
        .where(
            Address.geom.intersects(func.ST_Expand(point, *reach)),
            Address.level.in_(("number", "building")),
        )
        .order_by(Address.code)
    )
    doors: dict[Point, NearDoor] = {}
    for code, plain, lon, lat in session.execute(statement):
        here = Point(lon, lat)
        doors.setdefault(here, NearDoor(code, here, elements_from_plain(plain)))
    return list(doors.values())
