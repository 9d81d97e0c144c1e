"""Reads pages of addresses by place, division, state, level, point and time, in order of code."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Select,
    func,
    literal,
    literal_column,
    or_,
    select,
    text,
    true,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from address_model.coordinates import Point, metres_per_degree
from address_model.division_codes import division_prefix
from address_model.sensitivity import Viewer
from address_model.tables import Address, Division
from service.addresses.queries.addresses import lies_in_division, lies_in_sight
from service.addresses.queries.rows import AddressColumns, select_addresses

_COUNTIES = text(
    "select prefix as county from unnest(cast(:prefixes as text[])) as p(prefix) "
    "where length(prefix) = 6 union select left(code, 6) from division "
    "join unnest(cast(:prefixes as text[])) as p(prefix) on code between "
    "rpad(prefix, 12, '0') and rpad(prefix, 12, '9') "
    "where code_system = 'nbs' and level = 3 order by county"
)
_ELLIPSOID: ColumnElement[Any] = literal_column(
    """cast('SPHEROID["CGCS2000",6378137,298.257222101]' as spheroid)"""
)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in degrees, EPSG:4490."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True, slots=True)
class Circle:
    """What lies within some metres of a point (degrees, EPSG:4490)."""

    centre: Point
    metres: float

    @property
    def box(self) -> Box:
        """The rectangle around it."""
        east, north = metres_per_degree(self.centre.lat)
        lon, lat = self.metres / east, self.metres / north
        return Box(
            self.centre.lon - lon, self.centre.lat - lat, self.centre.lon + lon,
            self.centre.lat + lat,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class AddressFilter:
    """Which addresses a page has; what is not given does not limit it.

    ``divisions`` are codes of divisions or their beginnings, of which an address lies in one; ""
    is everywhere. ``place_ids`` are the places that it counts along. ``box`` and ``circle`` are
    about its own point (代表点). ``changed_since`` is about its own row, not about the names,
    identifiers and links that hang on it. ``viewer`` sees them all.
    """

    divisions: tuple[str, ...] = ("",)
    place_ids: tuple[int, ...] | None = None
    status: str = ""
    level: str = ""
    box: Box | None = None
    circle: Circle | None = None
    changed_since: datetime | None = None
    viewer: Viewer | None = None

    @property
    def conditions(self) -> list[ColumnElement[bool]]:
        """What the columns of an address have to be, its division and place left aside."""
        found: list[ColumnElement[bool]] = []
        if self.status:
            found.append(Address.status == self.status)
        if self.level:
            found.append(Address.level == self.level)
        if self.viewer is not None and not all(one.is_deep for one in self.viewer.reaches or ()):
            found.append(lies_in_sight(self.viewer))  # else the divisions say it all
        if self.changed_since is not None:
            found.append(Address.updated_at >= self.changed_since)
        boxes = [self.box] if self.box else []
        boxes += [self.circle.box] if self.circle else []
        found += [Address.geom.op("&&")(envelope(box)) for box in boxes]
        if self.circle is not None:
            place = func.ST_SetSRID(
                func.ST_MakePoint(self.circle.centre.lon, self.circle.centre.lat), 4490
            )
            away = func.ST_DistanceSpheroid(Address.geom, place, _ELLIPSOID)
            found.append(away <= self.circle.metres)
        return found


def envelope(box: Box) -> ColumnElement[Any]:
    """A box as a geometry."""
    return func.ST_MakeEnvelope(box.west, box.south, box.east, box.north, 4490)


def list_filtered(
    session: Session, wanted: AddressFilter, *, after: str = "", limit: int = 100
) -> list[AddressColumns]:
    """The addresses that fit, in order of code.

    The codes are found first, each by the index of its filter, so that no page costs more in a
    larger register; then their rows are read.
    """
    if not wanted.divisions:
        return []
    codes = session.scalars(select_codes(session, wanted, after=after, limit=limit)).all()
    statement = select_addresses().where(Address.code == func.any(list(codes)))
    return list(map(AddressColumns._make, session.execute(statement.order_by(Address.code))))


def select_codes(session: Session, wanted: AddressFilter, *, after: str, limit: int) -> Select[str]:
    """Select the codes of a page.

    Several places, counties or smaller divisions are each read in order of code and merged. Points
    and times are looked up by their own index, wherever they are.
    """
    conditions = wanted.conditions
    if after:
        conditions.append(Address.code > after)
    if wanted.place_ids is not None:
        if "" not in wanted.divisions:
            conditions.append(_lies_in(wanted.divisions))
        return _merged(Address.place_id, wanted.place_ids, conditions, limit)
    if "" in wanted.divisions:
        return select(Address.code).where(*conditions).order_by(Address.code).limit(limit)
    is_apart = wanted.box or wanted.circle or wanted.changed_since
    prefixes = [division_prefix(one) for one in wanted.divisions]
    are_small = {len(one) > 6 for one in prefixes}
    if not is_apart and are_small == {False}:
        counties = session.scalars(_COUNTIES, {"prefixes": prefixes}).all()
        return _merged(Address.county, counties, conditions, limit)
    if not is_apart and are_small == {True}:
        inside = or_(*map(Division.code.startswith, prefixes))
        ids = session.scalars(select(Division.id).where(inside).order_by(Division.id)).all()
        return _merged(Address.division_id, ids, conditions, limit)
    conditions.append(_lies_in(wanted.divisions))
    return select(Address.code).where(*conditions).order_by(Address.code).limit(limit)


def _lies_in(divisions: Iterable[str]) -> ColumnElement[bool]:
    return or_(*map(lies_in_division, divisions))


def _merged(
    column: InstrumentedAttribute[Any],
    keys: Sequence[int] | Sequence[str],
    conditions: Sequence[ColumnElement[bool]],
    limit: int,
) -> Select[str]:
    """The first codes of those with one of several keys: the first of each key, merged."""
    if len(keys) == 1:
        only = select(Address.code).where(column == keys[0], *conditions)
        return only.order_by(Address.code).limit(limit)
    given = func.unnest(literal(list(keys), ARRAY(column.type)))
    keyed = given.table_valued("key").render_derived("keyed")
    first = (
        select(Address.code)
        .where(column == keyed.c.key, *conditions)
        .order_by(Address.code)
        .limit(limit)
        .lateral("first")
    )
    return (
        select(first.c.code)
        .select_from(keyed)
        .join(first, true())
        .order_by(first.c.code)
        .limit(limit)
    )
