"""Finds the address nearest to a point."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from address_model.coordinates import Point, distance_m
from address_model.sensitivity import Viewer
from service.addresses.queries import DOOR_LEVELS, AddressRow, find_addresses, list_doors_near


@dataclass(frozen=True, slots=True)
class NearAddress:
    """An address and its distance in metres."""

    address: AddressRow
    metres: float


def find_nearest(
    session: Session,
    place: Point,
    limit: int = 1,
    viewer: Viewer | None = None,
    *,
    within_m: float | None = None,
    levels: Sequence[str] = DOOR_LEVELS,
) -> list[NearAddress]:
    """The addresses nearest to a point (degrees, EPSG:4490) that a viewer sees, nearest first.

    By default doors at any distance; ``within_m`` is a radius in metres.
    """
    doors = list_doors_near(
        session, place, limit=max(20, limit * 4), viewer=viewer, within_m=within_m, levels=levels
    )
    rows = find_addresses(session, [door.code for door in doors])
    near = [NearAddress(rows[door.code], distance_m(place, door.point)) for door in doors]
    nearest: dict[str, NearAddress] = {}
    for one in sorted(near, key=lambda found: found.metres):
        nearest.setdefault(one.address.code, one)  # an address may have several entrances
    return list(nearest.values())[:limit]
