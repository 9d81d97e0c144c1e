"""Reads facilities: one, the list of a division, all that are shown today."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, cast, false, func, or_, select, true, tuple_
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from address_model.coordinates import Point
from address_model.elements import elements_from_plain, local_text
from address_model.facility_kinds import FACILITY_KIND_NAMES, FacilityKind
from address_model.lifecycle import ADDRESS_STATUS_NAMES, GONE, AddressStatus
from address_model.tables import Address, AddressArea, Division, Facility
from service.addresses.queries import ENTRANCE, lies_in_division
from service.core.errors import NotFound
from service.core.paging import join_cursor, split_cursor
from service.core.records import Record
from service.service_items.nearby import REACH_M, FacilityRegister, KnownFacility

HIDDEN = frozenset({*GONE, AddressStatus.PLANNED})
"""States of an address at which nothing is shown."""

_DEGREES = REACH_M / 60_000
"""More than the reach along either axis, as far north as China goes."""


class FacilityNotFound(NotFound):
    """There is no such facility."""


@dataclass(frozen=True, slots=True)
class FacilityRow:
    """A facility as registered, with its address."""

    id: int
    kind: FacilityKind
    name: str
    code: str
    hours: str
    phone: str
    note: str
    is_sample: bool
    valid_from: date
    valid_to: date | None
    withdrawn_at: datetime | None
    version: int
    standard_text: str
    address_status: str
    division: str
    division_name: str

    @property
    def cursor(self) -> str:
        """Where the list goes on after it."""
        return join_cursor(self.division, self.kind, self.id)

    @property
    def kind_name(self) -> str:
        """What it is, as it is called."""
        return FACILITY_KIND_NAMES[self.kind]

    @property
    def trouble(self) -> str:
        """Why residents are not shown it, though it is registered; else ""."""
        if self.address_status not in HIDDEN:
            return ""
        return f"所在地址{ADDRESS_STATUS_NAMES[AddressStatus(self.address_status)]}，居民看不到"

    @property
    def record(self) -> Record:
        """The facility as it now is, for an editor who saw an older version."""
        facts = {
            "类别": self.kind_name,
            "名称": self.name,
            "地址": self.standard_text,
            "时间": self.hours,
            "电话": self.phone,
            "备注": self.note,
            "状态": "已撤下" if self.withdrawn_at else "登记中",
        }
        title = f"便民设施“{self.name}”"
        return Record("facilities", str(self.id), title, self.version, facts)

    def holds_on(self, day: date) -> bool:
        """Whether its days make pages show it on that day."""
        is_over = self.valid_to is not None and self.valid_to < day
        return self.withdrawn_at is None and self.valid_from <= day and not is_over


def get_facility(session: Session, number: int, *, lock: bool = False) -> FacilityRow:
    """The facility with this number; ``lock`` holds it until the transaction ends.

    Raises:
        FacilityNotFound: there is none.
    """
    statement = _SELECT.where(Facility.id == number)
    if lock:
        statement = statement.with_for_update(of=Facility, key_share=True)
    row = session.execute(statement).first()
    if row is None:
        raise FacilityNotFound(f"there is no facility {number}")
    return _row(row)


def find_facility(session: Session, kind: str, name: str, code: str) -> FacilityRow | None:
    """The facility of a kind and a name at an address that was not withdrawn, or None."""
    statement = _SELECT.where(
        Facility.kind == kind,
        Facility.name == name,
        Facility.code == code,
        Facility.withdrawn_at.is_(None),
    )
    row = session.execute(statement.order_by(Facility.id)).first()
    return None if row is None else _row(row)


@dataclass(frozen=True, slots=True)
class FacilityFilter:
    """Facilities of a division (code or its beginning, "" is everywhere).

    ``is_ended``: those that were withdrawn or are over; ``is_troubled``: those that are not shown
    because of the state of their address.
    """

    division: str = ""
    kind: str = ""
    is_ended: bool = False
    is_troubled: bool = False


def list_facilities(
    session: Session, wanted: FacilityFilter, today: date, *, after: str = "", limit: int = 100
) -> list[FacilityRow]:
    """The facilities that fit, in order of division, kind and number."""
    is_over = or_(Facility.withdrawn_at.is_not(None), Facility.valid_to < today)
    statement = _SELECT.where(is_over if wanted.is_ended else func.coalesce(~is_over, true()))
    if wanted.division:
        statement = statement.where(lies_in_division(wanted.division))
    if wanted.kind:
        statement = statement.where(Facility.kind == wanted.kind)
    if wanted.is_troubled:
        statement = statement.where(Address.status.in_(HIDDEN))
    if after:
        place = tuple_(Division.code, Facility.kind, Facility.id)
        statement = statement.where(place > split_cursor(after, str, str, int))
    ordered = statement.order_by(Division.code, Facility.kind, Facility.id)
    return [_row(row) for row in session.execute(ordered.limit(limit))]


def load_facility_register(
    session: Session,
    today: date,
    near: Point | None = None,
    area_ids: Iterable[int] | None = None,
) -> FacilityRegister:
    """The facilities that pages show on a day: all, or those about a point and in some areas.

    Only this function decides which are public. The register is out of date after a change of a
    facility, or of an address of its ``codes`` or its links to areas.
    """
    statement = _REGISTER.where(
        Facility.valid_from <= today,
        or_(Facility.valid_to.is_(None), Facility.valid_to >= today),
    )
    if area_ids is not None:
        is_near: ColumnElement[bool] = false()
        if near is not None:
            is_near = and_(
                _LON.between(near.lon - _DEGREES, near.lon + _DEGREES),
                _LAT.between(near.lat - _DEGREES, near.lat + _DEGREES),
            )
        in_areas = _COMMUNITIES.op("&&")(cast(list(area_ids), ARRAY(Integer)))
        statement = statement.where(or_(is_near, in_areas))
    return FacilityRegister(
        KnownFacility(
            id=row.id,
            kind=FacilityKind(row.kind),
            name=row.name,
            code=row.code,
            local_text=local_text(elements_from_plain(row.elements)),
            point=None if row.lon is None else Point(row.lon, row.lat),
            hours=row.hours,
            phone=row.phone,
            note=row.note,
            communities=tuple(map(str, row[-1] or ())),
            is_sample=row.is_sample,
        )
        for row in session.execute(statement)
    )


_SHOWN: tuple[Any, ...] = (
    Facility.id,
    Facility.kind,
    Facility.name,
    Facility.code,
    Facility.hours,
    Facility.phone,
    Facility.note,
    Facility.is_sample,
)
_LON = func.coalesce(ENTRANCE.c.entrance_lon, func.ST_X(Address.geom))
_LAT = func.coalesce(ENTRANCE.c.entrance_lat, func.ST_Y(Address.geom))
_COMMUNITIES = (
    select(func.array_agg(AddressArea.area_id))
    .where(AddressArea.code == Address.code, AddressArea.kind == "community")
    .scalar_subquery()
)
_REGISTER = (
    select(*_SHOWN, Address.elements, _LON.label("lon"), _LAT.label("lat"), _COMMUNITIES)
    .join(Address, Address.code == Facility.code)
    .outerjoin(ENTRANCE, true())
    .where(Facility.withdrawn_at.is_(None), Address.status.not_in(HIDDEN))
    .order_by(Facility.id)
)
_SELECT = (
    select(
        *_SHOWN,
        Facility.valid_from,
        Facility.valid_to,
        Facility.withdrawn_at,
        Facility.version,
        Address.standard_text,
        Address.status,
        Division.code,
        Division.name,
    )
    .join(Address, Address.code == Facility.code)
    .join(Division, Division.id == Address.division_id)
)


def _row(row: Any) -> FacilityRow:
    return FacilityRow(row[0], FacilityKind(row[1]), *row[2:])
