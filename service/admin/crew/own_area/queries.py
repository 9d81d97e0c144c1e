"""Reads what lies in a person's own areas: duties, open work, hung plates and their last visit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.coordinates import Point
from address_model.elements import elements_from_plain, local_text
from address_model.inspections import FINDINGS, PlateEventKind
from service.addresses.queries import ENTRANCE_JOIN
from service.areas.queries import RosterFilter, RosterRow, list_roster
from service.auth.members import StaffMember
from service.auth.permissions import Permission
from service.core.clock import today
from service.core.paging import join_cursor, split_cursor
from service.linking.queries import list_area_ids
from service.worklists.queries import WorkFilter, WorkRow, list_items

_VISITS = sorted(
    {str(finding) for finding in FINDINGS}
    | {str(PlateEventKind.WELL), str(PlateEventKind.REPAIRED), str(PlateEventKind.INSTALLED)}
)
_INSIDE = (
    "select a.code from area r join address a on a.geom && r.geom "
    "where r.id = any(:areas) and exists (select from address_area l "
    "where l.code = a.code and l.area_id = r.id) "
    "union select code from address_area where area_id = any(:areas) and how = 'hand'"
)
"""SQL: the addresses linked to some areas, found by the border: links have no index by area."""

_PLATES = text(
    "select p.token, p.status, a.standard_text, a.elements, a.street_order, "  # noqa: S608 - our own constants
    "coalesce(entrance.lon, ST_X(a.geom)) as lon, coalesce(entrance.lat, ST_Y(a.geom)) as lat, "
    "(select max(e.at) from plate_event e where e.token = p.token and e.kind = any(:visits)) "
    "as visited_at "
    f"from plate p join address a on a.code = p.code {ENTRANCE_JOIN} "
    f"where p.code in ({_INSIDE}) and p.status in ('in_use', 'damaged', 'lost') "
    "and p.generation > 0 and (a.street_order, p.token) > (:order, :token) "
    "order by a.street_order, p.token limit :limit"
)
_WORK = text(
    f"select id from work_item where state = 'open' and code in ({_INSIDE}) "  # noqa: S608 - the same
    "order by due, id limit :limit"
)


@dataclass(frozen=True, slots=True)
class HungPlate:
    """A hung plate of an own area, and when somebody last looked at it."""

    token: str
    status: str
    standard_text: str
    place: str
    street_order: bytes
    point: Point | None
    visited_at: datetime | None

    @property
    def cursor(self) -> str:
        """Its place in the list."""
        return join_cursor(self.street_order.hex(), self.token)


def list_own_duties(session: Session, member: StaffMember) -> list[RosterRow]:
    """The duties bound to a person that are valid today, where the role still holds."""
    scopes = member.scopes(Permission.FIELD_WORK)
    wanted = RosterFilter(accounts=(member.account_id,), scopes=scopes)
    day = today()
    return [row for row in list_roster(session, wanted, day) if row.valid_from <= day]


def lies_in_own_area(session: Session, member: StaffMember, code: str) -> bool:
    """Whether an address lies in an area for which a person answers today."""
    own = {duty.area_id for duty in list_own_duties(session, member)}
    return bool(own) and not own.isdisjoint(list_area_ids(session, [code]).get(code, ()))


def list_hung_plates(
    session: Session, areas: Sequence[int], *, after: str = "", limit: int = 50
) -> list[HungPlate]:
    """The hung plates of some areas in street order; ``after`` is a cursor.

    Raises:
        BadRequest: ``after`` is no cursor of this list.
    """
    order, token = split_cursor(after, bytes.fromhex, str) if after else (b"", "")
    values = {"areas": list(areas), "visits": _VISITS, "order": order, "token": token}
    rows: Sequence[Any] = session.execute(_PLATES, values | {"limit": limit}).all()
    return [
        HungPlate(
            row.token,
            row.status,
            row.standard_text,
            local_text(elements_from_plain(row.elements)),
            row.street_order,
            None if row.lon is None else Point(row.lon, row.lat),
            row.visited_at,
        )
        for row in rows
    ]


def list_own_work(session: Session, areas: Sequence[int], *, limit: int = 50) -> list[WorkRow]:
    """The open work in some areas, earliest due first."""
    numbers = tuple(session.scalars(_WORK, {"areas": list(areas), "limit": limit}))
    return list_items(session, WorkFilter(numbers=numbers), limit=limit) if numbers else []
