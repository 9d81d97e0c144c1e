"""Reads work items: one, and lists by due day and street order, with keyset paging."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, cast, false, func, or_, select, true, tuple_
from sqlalchemy.orm import Session

from address_model.coordinates import Point
from address_model.division_codes import division_prefix
from address_model.elements import Elements, elements_from_plain, local_text
from address_model.lifecycle import GONE
from address_model.plate_standing import STANDING_NAMES, Standing
from address_model.tables import Address, Area, WorkItem
from address_model.work import WORK_STATE_NAMES, WorkKind, WorkState
from service.addresses.queries import ENTRANCE, STREET_ORDER
from service.core.errors import WorkItemNotFound
from service.core.paging import join_cursor, split_cursor
from service.core.records import Record


@dataclass(frozen=True, slots=True)
class WorkRow:
    """A work item with its address; ``area`` is the name of its grid."""

    id: int
    kind: str
    subject: str
    key: str
    code: str
    standard_text: str
    elements: Elements
    address_status: str
    division: str
    area_id: int | None
    area: str
    campaign: str
    cause: str
    reason: str
    due: date
    state: str
    assignee: str
    outcome: str
    opened_by: str
    opened_at: datetime
    closed_by: str
    closed_at: datetime | None
    point: Point | None
    version: int

    @property
    def record(self) -> Record:
        """The item as it now is, for an editor who saw an older version."""
        facts = {
            "状态": WORK_STATE_NAMES[WorkState(self.state)],
            "结果": self.outcome,
            "办结人": self.closed_by.rpartition(":")[2],
            "办理人": self.assignee,
        }
        title = f"工单 {self.id}（{self.place}）"
        return Record("work_items", str(self.id), title, self.version, facts)

    @property
    def place(self) -> str:
        """The short form of the address: 河坊街88号."""
        return local_text(self.elements)

    @property
    def warning(self) -> str:
        """A warning before going there: the address has ended, or the plate's text differs."""
        if self.address_status in GONE:
            return STANDING_NAMES[Standing.ADDRESS_ENDED]
        return STANDING_NAMES[Standing.OTHER_TEXT] if self.cause == Standing.OTHER_TEXT else ""

    @property
    def token(self) -> str:
        """The token of the plate, "" when the work is at an address without one."""
        return self.key if self.subject == "plate" else ""

    @property
    def cursor(self) -> str:
        """The cursor after this item."""
        return join_cursor(self.division, self.due, self.id)


@dataclass(frozen=True, slots=True)
class WorkFilter:
    """A filter of items; empty fields match everything. ``division`` may be a prefix of a code.

    ``scopes`` are prefixes of the divisions a person may see; an item must lie in one of them.
    """

    division: str = ""
    area_id: int | None = None
    assignee: str | None = None
    kind: WorkKind | None = None
    numbers: tuple[int, ...] = ()
    scopes: tuple[str, ...] = ("",)

    def values(self) -> dict[str, object]:
        """The filter as parameters of the statement."""
        found: dict[str, object] = {}
        if self.division:
            found["division"] = division_prefix(self.division) + "%"
        if self.area_id is not None:
            found["area_id"] = self.area_id
        if self.assignee is not None:
            found["assignee"] = self.assignee
        if self.kind:
            found["kind"] = str(self.kind)
        if self.numbers:
            found["numbers"] = list(self.numbers)
        return found


@dataclass(frozen=True, slots=True)
class AreaWorkload:
    """The open work of one grid: its name, the number of items, and the earliest due day."""

    area_id: int | None
    area: str
    count: int
    first_due: date


@dataclass(frozen=True, slots=True)
class DueCount:
    """The number of open items, of those that are overdue, and the earliest due day."""

    open: int
    overdue: int
    first_due: date


def get_item(session: Session, number: int, *, lock: bool = False) -> WorkRow:
    """One work item; ``lock`` locks it until the transaction ends.

    Raises:
        WorkItemNotFound: there is no such number.
    """
    statement = _select().where(WorkItem.id == number)
    row = session.execute(
        statement.with_for_update(of=WorkItem, key_share=True) if lock else statement
    ).first()
    if row is None:
        raise WorkItemNotFound(f"there is no work item {number}")
    return _row(row)


def find_open_item(session: Session, key: str, kind: WorkKind) -> WorkRow | None:
    """The open item of a kind about a plate (token) or an address (code), or None."""
    statement = _select().where(
        WorkItem.key == key, WorkItem.kind == str(kind), WorkItem.state == "open"
    )
    row = session.execute(statement).first()
    return None if row is None else _row(row)


def list_items_of(session: Session, *keys: str, state: str = "") -> list[WorkRow]:
    """All work items, open or closed, of plates (tokens) or addresses (codes), newest first."""
    statement = _select().where(WorkItem.key.in_(keys)).order_by(WorkItem.id.desc()).limit(200)
    if state:
        statement = statement.where(WorkItem.state == state)
    return [_row(row) for row in session.execute(statement)]


def list_items(
    session: Session,
    wanted: WorkFilter,
    *,
    state: str = "open",
    after: str = "",
    limit: int = 50,
) -> list[WorkRow]:
    """Items of one state, earliest due first; ``after`` is the cursor of the last one seen.

    For a grid or a person they are ordered by due day; for a division by township and due day,
    the order of the index, so that deep pages are as fast as the first. Within a day they are in
    street order.
    """
    by_day = wanted.area_id is not None or wanted.assignee is not None
    days = (WorkItem.due,) if by_day else (WorkItem.division, WorkItem.due)
    order = (*days, *STREET_ORDER, WorkItem.id)
    statement = _narrowed(wanted, state).order_by(*order).limit(limit)
    if after:
        division, due, number = split_cursor(after, str, date.fromisoformat, int)
        seen = (due,) if by_day else (division, due)
        last = select(*STREET_ORDER).join(WorkItem, WorkItem.code == Address.code)
        found = session.execute(last.where(WorkItem.id == number)).first()
        place = (found[0], found[1]) if found else (b"", "")
        statement = statement.where(
            tuple_(*days) >= tuple_(*seen), tuple_(*order) > tuple_(*seen, *place, number)
        )
    return [_row(row) for row in session.execute(statement)]


def list_area_loads(session: Session, wanted: WorkFilter) -> list[AreaWorkload]:
    """The open work of each grid, most urgent first."""
    open_items = _narrowed(wanted, "open").subquery()
    columns = (open_items.c.area_id, open_items.c.area)
    statement = (
        select(*columns, func.count(), func.min(open_items.c.due))
        .group_by(*columns)
        .order_by(func.min(open_items.c.due), open_items.c.area)
        .limit(500)
    )
    return [AreaWorkload(*row) for row in session.execute(statement)]


def count_due(
    session: Session, wanted: WorkFilter, day: date, *, digits: int = 0
) -> dict[str, DueCount]:
    """The open items and those due before a day, by the first digits of their division.

    No digits give one count, under "", or none if nothing is open. Only items are read, by index.
    """
    part = func.left(WorkItem.division, digits).label("part")
    late = func.count().filter(WorkItem.due < day)
    statement = (
        select(part, func.count(), late, func.min(WorkItem.due))
        .where(*_conditions(wanted, "open"))
        .group_by(part)
    )
    return {found: DueCount(*counts) for found, *counts in session.execute(statement)}


def _narrowed(wanted: WorkFilter, state: str) -> Select[*tuple[Any, ...]]:
    return _select().where(*_conditions(wanted, state))


def _conditions(wanted: WorkFilter, state: str) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [WorkItem.state == state]
    if wanted.division:
        found.append(_lies_in(wanted.division))
    if "" not in wanted.scopes:
        found.append(or_(false(), *map(_lies_in, wanted.scopes)))
    if wanted.area_id is not None:
        found.append(WorkItem.area_id == wanted.area_id)
    if wanted.assignee is not None:
        found.append(WorkItem.assignee == wanted.assignee)
    if wanted.kind:
        found.append(WorkItem.kind == str(wanted.kind))
    if wanted.numbers:
        found.append(WorkItem.id == func.any(list(wanted.numbers)))
    return found


def _lies_in(division: str) -> ColumnElement[bool]:
    prefix = division_prefix(division)
    return WorkItem.division.between(prefix.ljust(12, "0"), prefix.ljust(12, "9"))


def _select() -> Select[*tuple[Any, ...]]:
    return (
        select(
            WorkItem.id,
            WorkItem.kind,
            WorkItem.subject,
            WorkItem.key,
            WorkItem.code,
            Address.standard_text,
            Address.elements,
            Address.status.label("address_status"),
            WorkItem.division,
            WorkItem.area_id,
            func.coalesce(Area.name, cast("", Text)).label("area"),
            WorkItem.campaign,
            WorkItem.cause,
            WorkItem.reason,
            WorkItem.due,
            WorkItem.state,
            WorkItem.assignee,
            WorkItem.outcome,
            WorkItem.opened_by,
            WorkItem.opened_at,
            WorkItem.closed_by,
            WorkItem.closed_at,
            WorkItem.version,
            func.coalesce(ENTRANCE.c.entrance_lon, func.ST_X(Address.geom)).label("lon"),
            func.coalesce(ENTRANCE.c.entrance_lat, func.ST_Y(Address.geom)).label("lat"),
        )
        .join(Address, Address.code == WorkItem.code)
        .join(Area, Area.id == WorkItem.area_id, isouter=True)
        .outerjoin(ENTRANCE, true())
    )


def _row(row: Any) -> WorkRow:
    values = row._asdict()
    lon, lat = values.pop("lon"), values.pop("lat")
    values["elements"] = elements_from_plain(row.elements)
    return WorkRow(**values, point=None if lon is None else Point(lon, lat))
