"""Entries and doors near a point or an entry, with distances only where precise enough."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from address_model.coordinates import Point
from address_model.division_codes import division_prefix
from address_model.elements import elements_from_plain, local_text
from address_model.heritage.precision import PRECISIONS, find_distance
from address_model.tables import (
    Address,
    AddressPlaceName,
    Division,
    HeritageEntry,
    PlaceName,
    Plate,
)
from service.addresses.queries import STREET_ORDER
from service.heritage.queries.search import EntrySummary, list_summaries_of

CITY_RADIUS = 500.0
VILLAGE_RADIUS = 3000.0
"""The radius of "nearby" in metres: for doors in a city, and for villages and towns."""


@dataclass(frozen=True, slots=True)
class NearbyEntry:
    """A nearby entry; ``metres`` is None if positions are too imprecise for a distance."""

    entry: EntrySummary
    metres: int | None


@dataclass(frozen=True, slots=True)
class DoorHere:
    """A door with a plate at a place name: address code and text."""

    code: str
    local_text: str


def list_nearby(
    session: Session,
    point: Point,
    *,
    radius: float = VILLAGE_RADIUS,
    leave_out: str = "",
    limit: int = 12,
) -> list[NearbyEntry]:
    """Entries within a radius (metres) of a point, nearest first.

    Entries less precise than the radius, or only estimated, come last and without a distance.
    """
    here = func.geography(func.ST_SetSRID(func.ST_MakePoint(point.lon, point.lat), 4490))
    there = func.geography(PlaceName.geom)
    metres = func.ST_Distance(there, here)
    degrees = radius / 111_000 * 1.3  # an envelope, so that the spatial index is used
    envelope = func.ST_MakeEnvelope(
        point.lon - degrees, point.lat - degrees, point.lon + degrees, point.lat + degrees, 4490
    )
    statement = (
        select(HeritageEntry.id, PlaceName.precision, metres)
        .join(PlaceName, PlaceName.id == HeritageEntry.place_name_id)
        .where(PlaceName.geom.op("&&")(envelope), func.ST_DWithin(there, here, radius))
        .where(HeritageEntry.id != leave_out)
        .order_by(PlaceName.precision.in_(_ESTIMATED), metres, HeritageEntry.id)
        .limit(limit)
    )
    rows: Sequence[Any] = session.execute(statement).all()
    summaries = list_summaries_of(session, [row[0] for row in rows])
    found = [NearbyEntry(summaries[key], find_distance(word, m, radius)) for key, word, m in rows]
    return sorted(found, key=lambda one: (one.metres is None, one.metres or 0, one.entry.id))


_ESTIMATED = [one.word for one in PRECISIONS.values() if one.is_estimate]


def list_doors_at(session: Session, entry_id: str, *, limit: int = 6) -> list[DoorHere]:
    """Doors with a plate in use whose addresses carry an entry's name or lie in its division.

    Identified by address code, never by token, as a token gives access to the contacts. Doors with
    trial plates only in a demo.
    """
    place = session.execute(
        select(PlaceName.id, PlaceName.is_division, Division.code)
        .join(HeritageEntry, HeritageEntry.place_name_id == PlaceName.id)
        .join(Division, Division.id == PlaceName.division_id)
        .where(HeritageEntry.id == entry_id)
    ).first()
    if place is None:
        return []
    linked = select(AddressPlaceName.code).where(AddressPlaceName.place_name_id == place.id)
    condition: ColumnElement[bool] = or_(
        Address.place_id == place.id,
        Address.second_place_id == place.id,
        Address.code.in_(linked),
    )
    if place.is_division:
        inside = select(Division.id).where(Division.code.startswith(division_prefix(place.code)))
        condition = or_(condition, Address.division_id.in_(inside))
    statement = (
        select(Address.code, Address.elements)
        .where(
            condition,
            Address.elements["room"].astext.is_(None),
            Address.elements["unit"].astext.is_(None),
            exists().where(
                Plate.code == Address.code,
                Plate.status == "in_use",
                or_(Plate.generation > 0, Address.is_sample),
            ),
        )
        .order_by(*STREET_ORDER)
        .limit(limit)
    )
    rows: Sequence[Any] = session.execute(statement).all()
    return [DoorHere(code, local_text(elements_from_plain(plain))) for code, plain in rows]
