"""Reads areas and the duties that may be shown."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from address_model.coordinates import Point
from address_model.tables import Area, Duty


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One area, without its boundary."""

    id: int
    kind: str
    code: str
    name: str
    parent_id: int | None
    is_sample: bool


@dataclass(frozen=True, slots=True)
class DutyRow:
    """A duty contact that may be published today."""

    area_id: int
    role: str
    display_name: str
    organisation: str
    phone: str
    is_sample: bool
    confirmed_at: date | None
    valid_to: date | None


def list_areas_at(session: Session, place: Point, today: date) -> list[AreaRow]:
    """The areas of every kind that a point (degrees, EPSG:4490) lies in today."""
    point = func.ST_SetSRID(func.ST_MakePoint(place.lon, place.lat), 4490)
    statement = (
        select(Area.id, Area.kind, Area.code, Area.name, Area.parent_id, Area.is_sample)
        .where(func.ST_Covers(Area.geom, point), *_valid(Area, today))
        .order_by(Area.kind, Area.id)
    )
    return [AreaRow(*row) for row in session.execute(statement)]


def list_public_duties(session: Session, area_ids: list[int], today: date) -> list[DutyRow]:
    """The duties of areas that are published and in date, in a steady order."""
    statement = (
        select(
            Duty.area_id,
            Duty.role,
            Duty.display_name,
            Duty.organisation,
            Duty.phone,
            Duty.is_sample,
            Duty.confirmed_at,
            Duty.valid_to,
        )
        .where(Duty.area_id.in_(area_ids), Duty.publish, *_valid(Duty, today))
        .order_by(Duty.role, Duty.id)
    )
    return [DutyRow(*row) for row in session.execute(statement)]


def _valid(table: type[Area] | type[Duty], today: date) -> tuple[ColumnElement[bool], ...]:
    return (
        table.valid_from <= today,
        or_(table.valid_to.is_(None), table.valid_to >= today),
    )
