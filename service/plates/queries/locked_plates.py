"""Reads a plate with its address, locked until the transaction ends."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.coordinates import Point
from address_model.elements import Elements, elements_from_plain
from address_model.lifecycle import PLATE_STATUS_NAMES, PlateStatus
from address_model.plate_standing import Standing, standing_of
from service.addresses.queries import ENTRANCE_JOIN
from service.core.errors import PlateNotFound
from service.core.records import Record
from service.plates.faces import face_text

_CODE = text("select code from plate where token = :token")
_LOCK_ADDRESS = text("select code from address where code = :code for no key update")
_SEEN = (
    "select p.token, coalesce(p.code, '') as code, p.status, p.generation, p.replaced_by, "  # noqa: S608 - our own text
    "p.county, p.status_reason as reason, b.design, b.is_trial, coalesce(d.code, '') as division, "
    "coalesce(a.standard_text, '') as standard_text, coalesce(a.status, '') as address_status, "
    "coalesce(a.status_reason, '') as address_reason, a.elements, p.printed_text, "
    "coalesce(entrance.lon, st_x(a.geom)) as lon, coalesce(entrance.lat, st_y(a.geom)) as lat, "
    "p.version "
    "from plate p "
    "join plate_batch b on b.id = p.batch_id left join address a on a.code = p.code "
    f"left join division d on d.id = a.division_id {ENTRANCE_JOIN} where p.token = :token"
)
"""The point is that of the entrance, where the plate hangs and check-ins are measured from."""
_HELD = text(f"{_SEEN} for no key update of p")
_OF_ADDRESS = text(
    "select token from plate where code = :code and status not in ('replaced', 'void') "
    "order by generation"
)
_OLDER = text(
    "with recursive older(token) as (select token from plate where replaced_by = :token "
    "union select p.token from plate p join older o on p.replaced_by = o.token) "
    "select token from older join plate using (token) where status not in ('replaced', 'void') "
    "order by token"
)

_UNSETTLED = text(
    "select p.token from plate p join address a on a.code = p.code "
    "where a.status in ('replaced', 'retired', 'invalid') and (p.status = 'to_make' "
    "or p.status in ('in_use', 'damaged') and not exists (select from work_item w "
    "where w.key = p.token and w.kind = 'take_down' and w.state = 'open') "
    "or p.status in ('making', 'to_install', 'in_use', 'damaged', 'lost') and exists ("
    "select from work_item w where w.key = p.token and w.kind <> 'take_down' "
    "and w.state = 'open')) limit 1"
)


@dataclass(frozen=True, slots=True)
class LockedPlate:
    """A locked plate with its address; on a blank plate the fields of the address are empty."""

    token: str
    code: str
    status: PlateStatus
    generation: int
    replaced_by: str | None
    county: str
    reason: str
    design: str
    is_trial: bool
    division: str
    standard_text: str
    address_status: str
    address_reason: str
    elements: Elements
    printed_text: str | None
    point: Point | None
    version: int

    @property
    def record(self) -> Record:
        """The current plate, to show to whoever saw another version."""
        facts = {
            "状态": PLATE_STATUS_NAMES[self.status],
            "地址": self.standard_text,
            "原因": self.reason,
            "换成": self.replaced_by or "",
        }
        return Record("plates", self.token, f"门牌 {self.token}", self.version, facts)

    @property
    def place(self) -> str:
        """The division of the address (12 digits), or the county of a blank plate (6 digits)."""
        return self.division or self.county

    @property
    def face(self) -> str:
        """The name and number that a plate made now would bear."""
        return face_text(self.elements)

    @property
    def standing(self) -> Standing:
        """The standing of the plate to its current address."""
        return standing_of(self.address_status, self.printed_text, self.face)


def see_plate(session: Session, token: str) -> LockedPlate:
    """A plate (folded token) with its current address, without a lock.

    Raises:
        PlateNotFound: no plate carries this token.
    """
    row = session.execute(text(_SEEN), {"token": token}).first()
    if row is None:
        raise _unknown()
    return _held(row)


def lock_plate(session: Session, token: str) -> LockedPlate:
    """Lock a plate (folded token) and return it.

    The address is locked first, so that commands on several plates of one address do not deadlock;
    a blank plate that is bound meanwhile is read again.

    Raises:
        PlateNotFound: no plate carries this token.
    """
    while True:
        code = session.execute(_CODE, {"token": token}).scalar_one_or_none()
        if code is not None:
            lock_address(session, code)
        row = session.execute(_HELD, {"token": token}).first()
        if row is None:
            raise _unknown()
        if row.code == (code or ""):
            return _held(row)


def lock_address(session: Session, code: str) -> None:
    """Lock an address, so that its plates change one after the other."""
    session.execute(_LOCK_ADDRESS, {"code": code})


def lock_living_plates(session: Session, code: str) -> list[LockedPlate]:
    """The living plates of an address, oldest first, locked."""
    return [lock_plate(session, token) for token in session.scalars(_OF_ADDRESS, {"code": code})]


def lock_plates_before(session: Session, token: str) -> list[LockedPlate]:
    """The living plates that this one replaces, directly or indirectly, locked."""
    return [lock_plate(session, older) for older in session.scalars(_OLDER, {"token": token})]


def find_unsettled_plate(session: Session) -> str:
    """The token of a plate of an ended address without the work that should follow; "" if none."""
    return session.scalar(_UNSETTLED) or ""


def _unknown() -> PlateNotFound:
    return PlateNotFound(
        "no plate carries this token", hint="check it against the plate, letter by letter"
    )


def _held(row: Any) -> LockedPlate:
    values = row._asdict()
    lon, lat = values.pop("lon"), values.pop("lat")
    values["status"] = PlateStatus(row.status)
    values["elements"] = elements_from_plain(row.elements or {})
    return LockedPlate(**values, point=None if lon is None else Point(lon, lat))
